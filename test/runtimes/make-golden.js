// Writes golden.json: what the strict variant gives here. Where it may not differ by a bit, the plain JavaScript of the
// reference has to agree first.

import { writeFileSync } from "node:fs";
import { run } from "./program.js";

const { strict, reference } = await run();
if (strict.refusal !== undefined) throw new Error(strict.refusal);
for (const name of ["adamw", "adamwRun", "axpy"]) {
  if (strict[name] !== reference[name]) throw new Error(`${name}: strict and reference differ`);
}
writeFileSync(new URL("golden.json", import.meta.url), `${JSON.stringify(strict, undefined, 2)}\n`);
