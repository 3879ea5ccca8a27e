// Compiles the kernels: `node scripts/build-wasm.js TARGET...`, the targets of asconfig.json, side by side.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const asc = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));

const codes = await Promise.all(
  process.argv.slice(2).map(
    (target) =>
      new Promise((resolve) => {
        spawn(process.execPath, [asc, "--target", target], { stdio: "inherit" }).on("close", resolve);
      }),
  ),
);
process.exitCode = Math.max(...codes);
