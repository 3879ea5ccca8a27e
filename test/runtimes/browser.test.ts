// The packed tarball in Chromium: bundled by esbuild and by Vite, on the main thread and in a Worker, and under content
// security policies that bar WebAssembly or allow it.

import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { bundleWithEsbuild, bundleWithVite } from "./bundles.js";
import { launch, visit } from "./pages.js";
import { type Project, project } from "./project.js";
import { describeRuntime, type Report } from "./report.js";

let current: Project;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  current = await project();
  const entries = join(current.folder, "entries");
  const pages = ["page.html", "worker.html"].map((name) => join(entries, name));
  await bundleWithEsbuild(folderOf("esbuild"), {
    entryPoints: [...pages, join(entries, "script.js"), join(entries, "start-worker.js")],
  });
  await bundleWithVite(folderOf("Vite"), entries, pages);
});

afterAll(async () => {
  await current?.remove();
  await browser?.close();
});

type Bundler = "esbuild" | "Vite";

const folderOf = (bundler: Bundler) => join(dirname(current.folder), bundler);

const visited = (bundler: Bundler, page: string, policy: string) =>
  visit<Report>(browser, page, [folderOf(bundler)], { headers: { "content-security-policy": policy } });

const compiles = { takes: ["relaxed", "strict", "reference"], reason: /^compiled from inlined bytes$/ } as const;
const barred = {
  takes: ["reference"],
  reason: /^plain JavaScript; not relaxed: .*Content Security Policy.*; not strict: .*Content Security Policy/,
} as const;

const policies = [
  { policy: "", described: "no policy", ...compiles },
  { policy: "script-src 'self' 'wasm-unsafe-eval'", described: "a policy that allows WebAssembly", ...compiles },
  { policy: "script-src 'self'", described: "a policy that bars WebAssembly", ...barred },
];

for (const { policy, described, ...expected } of policies) {
  for (const bundler of ["esbuild", "Vite"] as const) {
    const name = `Chromium, ${bundler}, ${described}`;
    describeRuntime({ name, ...expected, report: () => visited(bundler, "page.html", policy) });
    describeRuntime({ name: `${name}, Worker`, ...expected, report: () => visited(bundler, "worker.html", policy) });
  }
}
