import { defineConfig } from "vitest/config";
import { reporters } from "./vitest.config.js";

export default defineConfig({
  test: {
    ...reporters("runtimes"),
    include: ["test/runtimes/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
