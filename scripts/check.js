// `npm run check`: everything that can be said about the code and the package without running them. Every check runs
// even if one before it failed, as many at a time as there are processors; the last line counts them.

import { exec } from "node:child_process";
import { availableParallelism } from "node:os";

const checks = {
  "types of the sources": "tsc --noEmit",
  "types of the command": "tsc -p src/cli",
  "types of the kernels": "tsc -p assembly --noEmit",
  "types of the tests": "tsc -p test --noEmit",
  "format and lint": "biome check",
  "arrows between the parts": "depcruise src --config .dependency-cruiser.js",
  "unused files, exports and dependencies": "knip",
  "package layout": "publint --strict",
  "types as users resolve them": "attw --pack . --profile esm-only --exclude-entrypoints *.wasm package.json",
  "size budget": "size-limit",
  documentation: "typedoc --emit none",
};

const waiting = Object.entries(checks);
let failed = 0;

/** @returns {Promise<void>} settles when the command has ended, and its line, with what it said if it failed, is printed */
function check(name, command) {
  return new Promise((resolve) => {
    exec(`npx --no-install ${command}`, { maxBuffer: Number.POSITIVE_INFINITY }, (error, stdout, stderr) => {
      console.log(`${error === null ? "ok    " : "FAILED"}  ${name} (${command.split(" ")[0]})`);
      if (error !== null) {
        failed++;
        console.log(`${stdout}${stderr}`.replace(/^/gm, "        "));
      }
      resolve();
    });
  });
}

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await check(...next);
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
