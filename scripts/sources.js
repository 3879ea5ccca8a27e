// What a binary was compiled from, as a digest: whether it must be compiled again, and whether build/ is of these sources.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);

const compiler = JSON.parse(readFileSync(new URL("node_modules/assemblyscript/package.json", root), "utf8")).version;

/** The source files of a family: its list of exports, and what that imports. */
function filesOf(family) {
  const found = new Set();
  const waiting = [new URL(`assembly/${family}.ts`, root).href];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const source = readFileSync(new URL(file), "utf8");
    for (const [, name] of source.matchAll(/from "(\.[^"]+)"/g)) waiting.push(new URL(`${name}.ts`, file).href);
  }
  return [...found].sort();
}

/** A digest of the family's sources, the compiler's version, and what it is told. */
export function digestOfSources(family, variant) {
  const { options, targets } = JSON.parse(readFileSync(new URL("asconfig.json", root), "utf8"));
  const hash = createHash("sha256").update(JSON.stringify([compiler, options, targets[variant]]));
  for (const file of filesOf(family)) hash.update(file.slice(root.href.length)).update(readFileSync(new URL(file)));
  return hash.digest("hex");
}

const digestOf = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Notes what FILE.wasm was compiled from. */
export function writeStamp(file, sources) {
  writeFileSync(`${file}.stamp`, `${sources} ${digestOf(`${file}.wasm`)}\n`);
}

/** Whether FILE.wasm is what the compiler made of these sources. */
export function isCurrent(file, sources) {
  if (!existsSync(`${file}.stamp`) || !existsSync(`${file}.wasm`)) return false;
  return readFileSync(`${file}.stamp`, "utf8") === `${sources} ${digestOf(`${file}.wasm`)}\n`;
}
