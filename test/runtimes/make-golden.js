// Writes golden.json: what the strict variant gives here. Where it may not differ by a bit, the plain JavaScript of the
// reference has to agree first.

import { writeFileSync } from "node:fs";
import { ruleNames, run } from "./program.js";

const { strict, reference } = await run();
if (strict.refusal !== undefined) throw new Error(strict.refusal);
const inAnotherOrder = ["muon", "soap"];
const rules = ruleNames.filter((rule) => !inAnotherOrder.includes(rule)).map((rule) => `rule ${rule}`);
for (const name of ["adamw", "adamwRun", "axpy", ...rules]) {
  if (strict[name] !== reference[name]) throw new Error(`${name}: strict and reference differ`);
}
writeFileSync(new URL("golden.json", import.meta.url), `${JSON.stringify(strict, undefined, 2)}\n`);
