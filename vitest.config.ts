import { defineConfig } from "vitest/config";
import type { InlineConfig } from "vitest/node";

/** Node 20 takes the relaxed binary behind this flag only; later ones take it without. */
export const execArgv = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];

/** In CI the counts are read from a report. */
export const reporters = (name: string): InlineConfig =>
  process.env.CI ? { reporters: ["default", ["json", { outputFile: `reports/${name}.json` }]] } : {};

/** Tests of the package as others use it: they replace parts of their hosts, start processes and fill folders. */
const apart = ["adapters", "cli", "examples", "readme", "runtimes", "threads"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  resolve: { alias: { "#binaries": new URL("src/engine/binaries/inline.ts", import.meta.url).pathname } },
  test: {
    ...reporters("test"),
    execArgv: [...execArgv, "--expose-gc"],
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      // The others share modules and kernels from file to file: to load them anew takes as long as the tests.
      { extends: true, test: { name: "parts", include: ["test/**/*.test.ts"], exclude: apart, isolate: false } },
      { extends: true, test: { name: "package", include: apart, exclude: ["test/runtimes/*browser.test.ts"] } },
    ],
  },
});
