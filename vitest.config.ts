import { defineConfig } from "vitest/config";
import type { InlineConfig } from "vitest/node";

/** Node 20 takes the relaxed binary behind this flag only; later ones take it without. */
export const execArgv = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];

/** In CI the counts are read from a report. */
export const reporters = (name: string): InlineConfig =>
  process.env.CI ? { reporters: ["default", ["json", { outputFile: `reports/${name}.json` }]] } : {};

export default defineConfig({
  resolve: { alias: { "#binaries": new URL("src/engine/binaries/inline.ts", import.meta.url).pathname } },
  test: {
    ...reporters("test"),
    include: ["test/**/*.test.ts"],
    exclude: ["test/runtimes/*browser.test.ts"],
    execArgv: [...execArgv, "--expose-gc"],
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
