// `npm run check`: everything that can be said about the code and the package without running them. Every check runs
// even if one before it failed; the last line counts them.

import { spawnSync } from "node:child_process";

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

let failed = 0;
for (const [name, command] of Object.entries(checks)) {
  const { status, stdout, stderr } = spawnSync(`npx --no-install ${command}`, { shell: true, encoding: "utf8" });
  console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name} (${command.split(" ")[0]})`);
  if (status !== 0) {
    failed++;
    console.log(`${stdout}${stderr}`.replace(/^/gm, "        "));
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
