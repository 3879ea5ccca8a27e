// The README opens with a program that runs as it stands there.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const example = new URL("../../examples/quick-start.js", import.meta.url);
const read = (url: URL) => readFileSync(url, "utf8");

/** The content of the first fenced block of JavaScript. */
function firstProgram(markdown: string): string | undefined {
  return /^```js\n([\s\S]*?)^```$/m.exec(markdown)?.[1];
}

test("the first program in the README is examples/quick-start.js", () => {
  expect(firstProgram(read(new URL("../../README.md", import.meta.url)))).toBe(read(example));
});

test("it runs, against the package as built, and finds the line y = 2 x + 1", () => {
  const output = execFileSync(process.execPath, [fileURLToPath(example)], { encoding: "utf8" });
  const [, slope, intercept] = /^y = ([\d.]+) x \+ ([\d.]+)\n$/.exec(output) ?? [];
  expect(Number(slope)).toBeCloseTo(2, 1);
  expect(Number(intercept)).toBeCloseTo(1, 1);
});
