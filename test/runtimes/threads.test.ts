// schuss/threads of the packed tarball in every runtime that npm or Node itself brings.

import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";
import { type Project, project } from "./project.js";
import { inBun, inDeno, inNode, inWorkerd } from "./running.js";
import { describeThreads } from "./threads-report.js";

const SCRIPT = "threads/script.js";
const BUNDLE = "bundle/script.js";

let current: Project;

beforeAll(async () => {
  current = await project();
  // Deno reads what lies in node_modules without being asked to, and the file of a bundle's worker only if it may.
  const worker = join(current.installed, "build/threads/worker.js");
  await build({
    entryPoints: { script: join(current.folder, SCRIPT), worker },
    outdir: join(current.folder, dirname(BUNDLE)),
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
});

afterAll(() => current?.remove());

describeThreads({ name: "Node", report: () => inNode(current, SCRIPT) });
describeThreads({ name: "Bun", report: () => inBun(current, SCRIPT) });
describeThreads({ name: "Deno without permissions", report: () => inDeno(current, SCRIPT) });
describeThreads({ name: "Deno, a bundle with leave to read", report: () => inDeno(current, BUNDLE, "--allow-read") });
describeThreads({
  name: "Deno, a bundle without permissions",
  without: /Requires read access to ".*worker\.js"/,
  report: () => inDeno(current, BUNDLE),
});
describeThreads({
  name: "workerd",
  without: /^this runtime has no workers$/,
  report: () => inWorkerd(current, "threads/fetch.js", "2026-04-01"),
});
