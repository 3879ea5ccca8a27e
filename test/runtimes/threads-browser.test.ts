// schuss/threads of the packed tarball in Chromium: in pages that share memory with workers, in pages that don't, under policies.

import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { bundleWithEsbuild, bundleWithVite } from "./bundles.js";
import { launch, visit } from "./pages.js";
import { type Project, project } from "./project.js";
import { describeThreads, type ThreadsReport } from "./threads-report.js";

let current: Project;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  current = await project();
  const source = join(current.folder, "threads");
  const names = ["page.html", "script.js"].map((name) => join(source, name));
  const worker = join(current.installed, "build/threads/worker.js");
  await bundleWithEsbuild(folderOf("esbuild"), {
    // esbuild leaves the worker's address as it is: its file has to lie beside the bundle.
    entryPoints: [
      ...names.map((name) => ({ in: name, out: name.slice(source.length + 1).split(".")[0]! })),
      { in: worker, out: "worker" },
    ],
  });
  await bundleWithVite(folderOf("Vite"), source, [join(source, "page.html")], { worker: { format: "es" } });
});

afterAll(async () => {
  await current?.remove();
  await browser?.close();
});

type Bundler = "esbuild" | "Vite";

const folderOf = (bundler: Bundler) => join(dirname(current.folder), `threads-${bundler}`);

const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const withoutWorkers = { "content-security-policy": "worker-src 'none'" };

const pages = [
  { described: "isolated", headers: isolated },
  { described: "not isolated", headers: {}, shares: false },
  { described: "a policy that bars workers", headers: withoutWorkers, without: /worker/, shares: false },
];

for (const { described, headers, ...expected } of pages) {
  for (const bundler of ["esbuild", "Vite"] as const) {
    const report = () => visit<ThreadsReport>(browser, "page.html", [folderOf(bundler)], { headers });
    describeThreads({ name: `Chromium, ${bundler}, ${described}`, ...expected, report });
  }
}
