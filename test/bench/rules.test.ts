// Every update rule is measured: it has a row, whose optimizer can be made and whose plain loop takes what it is given.

import * as schuss from "schuss";
import { describe, expect, test } from "vitest";
import { nameOf, ruleCases } from "../../bench/cases/rules.js";
import { loops, makeModel, makeStep } from "../../bench/rules.js";
import * as optimizers from "../../src/optimizers/index.js";

test("every update rule has a row, and no two rows have one name", () => {
  const functions = Object.entries(optimizers).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
  const rows = new Set(ruleCases.map(({ rule }) => rule));
  expect(functions.filter((name) => !rows.has(name))).toEqual([]);
  expect(new Set(ruleCases.map(nameOf)).size).toBe(ruleCases.length);
});

describe.each(ruleCases.map((row) => [nameOf(row), row] as const))("%s", (_name, row) => {
  test("makes steps that move the parameters", async () => {
    const engine = await schuss.load({ variant: "strict" });
    const model = makeModel({ weights: [4, 16] }, engine);
    const before = model.values.weights!.slice();
    const { optimizer, step } = makeStep(row, model, { learningRate: 1e-3 });
    for (let k = 0; k < 3; k++) step();
    expect(optimizer.stepCount).toBe(3);
    expect(model.values.weights).not.toEqual(before);
    expect(model.values.weights!.every(Number.isFinite)).toBe(true);
    engine.dispose();
  });

  test.skipIf(row.plain === undefined)("the plain loop moves them too", () => {
    const array = (start: number) => Float32Array.from({ length: 16 }, (_, i) => start + i / 16);
    const arrays = { x: array(1), y: array(-0.5), z: array(0.2), u: array(0.1), w: array(0.1) };
    const loop = loops[row.loop as keyof typeof loops] as (...args: unknown[]) => void;
    // A rate of 1e-9 would be lost beside parameters around 1.
    const args = row.plain!(arrays).map((argument: unknown) => (argument === 1e-9 ? 1e-3 : argument));
    loop(...args);
    expect(arrays.x).not.toEqual(array(1));
    expect(arrays.x.every(Number.isFinite)).toBe(true);
  });
});
