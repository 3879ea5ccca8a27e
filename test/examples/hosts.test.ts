// The examples of host libraries, run as a user runs them: what they print is what the change of one line promises.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The numbers that an example prints. */
async function numbersOf(name: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [`examples/hosts/${name}.mjs`], { cwd: root });
  return [...stdout.matchAll(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]\d+)?/g)].map(([number]) => Number(number));
}

const EXAMPLES = ["tfjs-mlp", "tfjs-resumed", "brain", "typed-arrays", "edge"] as const;

describe.each(EXAMPLES)("%s", (name) => {
  const text = readFileSync(`${root}examples/hosts/${name}.mjs`, "utf8");

  test("shows one line that is changed, beside what it takes the place of", () => {
    expect(text.match(/\/\/ the line that is changed$/gm)).toHaveLength(1);
    expect(text).toMatch(/before/i);
    expect(text).toMatch(/^\/\/ .*\n/);
  });

  test("is one file: it imports packages only", () => {
    for (const [, from] of text.matchAll(/from "([^"]*)"|import\("([^"]*)"\)/g)) expect(from ?? "").not.toMatch(/^\./);
  });
});

test("a network of TensorFlow.js has the same losses, and learns", async () => {
  const [first, last, apart] = await numbersOf("tfjs-mlp");
  expect(apart).toBeLessThan(1e-4);
  expect(last).toBeLessThan(0.8 * first!);
});

test("a training that is saved and loaded goes on as TensorFlow.js's, and to the bit as one without a break", async () => {
  const [, saved, last, fromHost, fromWhole] = await numbersOf("tfjs-resumed");
  expect(fromHost).toBeLessThan(1e-4);
  expect(fromWhole).toBe(0);
  expect(last).toBeLessThan(0.5 * saved!);
});

test("a network of brain.js comes to the same error after as many iterations, and answers", async () => {
  const [error, iterations, , , answer, errorAfter, iterationsAfter, , , answerAfter] = await numbersOf("brain");
  expect(error).toBeLessThan(0.01);
  expect(Math.abs(errorAfter! / error! - 1)).toBeLessThan(0.01);
  expect(Math.abs(iterationsAfter! - iterations!)).toBeLessThanOrEqual(1);
  for (const chance of [answer, answerAfter]) expect(chance).toBeGreaterThan(0.8);
});

test("a trainer written by hand comes closer", async () => {
  const [before, after] = await numbersOf("typed-arrays");
  expect(before).toBeGreaterThan(0);
  expect(after).toBeLessThan(before! / 10);
});

test("an edge function learns, is stopped and goes on where it was", async () => {
  const numbers = await numbersOf("edge");
  expect(numbers).toHaveLength(18);
  const [before, after] = [numbers.slice(0, 9), numbers.slice(9)];
  for (const [, , last, , stopSteps, chance, resumeSteps, resumed, steps] of [before, after]) {
    expect(last).toBeGreaterThan(80);
    expect([stopSteps, resumeSteps, steps]).toStrictEqual([120, 120, 240]);
    expect(resumed).toBe(chance);
    expect(chance).not.toBe(0.5);
  }
  expect(after[0]).toBeGreaterThan(before[0]!);
}, 180_000);
