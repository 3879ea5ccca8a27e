// Runs the @example of every schedule's docstring and holds it to the value in its comment.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { schedules } from "../../src/index.js";

const folder = new URL("../../src/schedules/", import.meta.url);
const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
const docstring = /\/\*\*\n((?: \*.*\n)+?) \*\/\nexport function (\w+)/g;
const examples = new Map<string, string>();
for (const [, text, name] of sources.flatMap((source) => [...source.matchAll(docstring)])) {
  const example = /@example\s([\s\S]*?)(?=\n \* @|\n$)/.exec(`${text}\n`);
  if (example) examples.set(name!, example[1]!.replace(/^ \* ?/gm, "").trim());
}

test.each(Object.keys(schedules))("the example of %s", (name) => {
  const lines = examples.get(name)!.split("\n");
  const [, last, value] = /^(.*) \/\/ (\[.*?\]|[\d.]+)/.exec(lines.pop()!)!;
  const program = [...lines, `return ${last}`].join("\n");
  const result = new Function(...Object.keys(schedules), program)(...Object.values(schedules));
  const expected = [JSON.parse(value!)].flat();
  expect([result].flat()).toHaveLength(expected.length);
  [result].flat().forEach((number, i) => {
    expect(number).toBeCloseTo(expected[i], 10);
  });
});
