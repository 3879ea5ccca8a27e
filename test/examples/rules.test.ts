// What `npm start` does with every update rule, on a few images.

import * as schuss from "schuss";
import { describe, expect, test } from "vitest";
import { loadDigits } from "../../examples/mnist/data.js";
import { inkOf } from "../../examples/mnist/ink.js";
import { Network } from "../../examples/mnist/network.js";
import { rules } from "../../examples/mnist/rules.js";
import { trainByRule } from "../../examples/mnist/training.js";
import * as optimizers from "../../src/optimizers/index.js";

const PIXELS = 784;
const digits = loadDigits("train", 400, Float64Array);
const train = inkOf(digits, 0, 256);
const heldOut = inkOf(digits, 256, 400);

describe("the network", () => {
  /** In float64, by the definition: dense sums over all pixels. */
  function lossByDefinition(values: Record<string, Float64Array>, sizes: number[], rows: number[]): number {
    let losses = 0;
    for (const row of rows) {
      let units = Array.from(digits.pixels.subarray(row * PIXELS, (row + 1) * PIXELS));
      for (let k = 1; k < sizes.length; k++) {
        const width = sizes[k]!;
        const sums = Array.from(values[`bias${k}`]!, (bias, c) =>
          units.reduce((sum, unit, j) => sum + unit * values[`weights${k}`]![j * width + c]!, bias),
        );
        units = k < sizes.length - 1 ? sums.map((sum) => Math.max(sum, 0)) : sums;
      }
      const total = units.reduce((sum, logit) => sum + Math.exp(logit), 0);
      losses += Math.log(total) - units[digits.labels[row]!]!;
    }
    return losses / rows.length;
  }

  test.each([[[PIXELS, 10]], [[PIXELS, 16, 10]], [[PIXELS, 12, 8, 10]]])("of sizes %j: loss and gradient", (sizes) => {
    const network = new Network(sizes);
    network.start(1);
    const { values, gradients } = network.parameters;
    for (const tensor of Object.values(values))
      for (let i = 0; i < tensor.length; i++) tensor[i]! += 0.02 * Math.sin(i);
    const rows = [3, 14, 159, 26];
    const loss = network.lossAndGradient(train, Int32Array.from(rows));
    const copies = Object.fromEntries(
      Object.entries(values).map(([name, tensor]) => [name, Float64Array.from(tensor)]),
    );
    expect(loss).toBeCloseTo(lossByDefinition(copies, sizes, rows), 5);

    // The derivative along the gradient itself, by central differences, is its squared norm.
    const squaredNorm = Object.values(gradients).reduce((sum, g) => g.reduce((s, x) => s + x * x, sum), 0);
    const along = (t: number) =>
      lossByDefinition(
        Object.fromEntries(
          Object.entries(copies).map(([name, p]) => [name, p.map((x, i) => x + t * gradients[name]![i]!)]),
        ),
        sizes,
        rows,
      );
    const step = 1e-5 / Math.sqrt(squaredNorm);
    expect((along(step) - along(-step)) / (2 * step) / squaredNorm).toBeCloseTo(1, 4);

    // And along one input's weights, those of a pixel in the middle.
    const name = `weights${sizes.length - 1}`;
    const gradient = gradients[name]!;
    const i = gradient.reduce((best, x, k) => (Math.abs(x) > Math.abs(gradient[best]!) ? k : best), 0);
    const moved = (t: number) => {
      const tensor = copies[name]!.slice();
      tensor[i]! += t;
      return lossByDefinition({ ...copies, [name]: tensor }, sizes, rows);
    };
    expect((moved(1e-5) - moved(-1e-5)) / 2e-5 / gradient[i]!).toBeCloseTo(1, 4);
    network.dispose();
  });

  test("evaluate counts what is recognised", () => {
    const network = new Network([PIXELS, 10]);
    network.parameters.values.bias1![7] = 1;
    const sevens = train.labels.filter((label) => label === 7).length;
    expect(network.evaluate(train).accuracy).toBe(sevens / train.rows);
    expect(network.evaluate(train, 1).loss).toBeCloseTo(Math.log(Math.E + 9) - (train.labels[0] === 7 ? 1 : 0), 6);
    network.dispose();
  });
});

test("every update rule has a row", () => {
  const functions = Object.entries(optimizers).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
  const rows = new Set(rules.map(({ name }) => name.split(",")[0]));
  expect(functions.filter((name) => !rows.has(name))).toEqual([]);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { name, rates } of rules) expect(rates, name).toHaveLength(5);
});

describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (_name, rule) => {
  const task = { epochs: 2, batch: 32, train, sample: 64, heldOut, test: heldOut };
  const { signal } = new AbortController();

  test.each([
    ["softmax layer", [PIXELS, 10]],
    ["network", [PIXELS, 16, 10]],
  ])("%s", async (_model, sizes) => {
    const before = schuss.defaultEngine().bytesInUse;
    const { atDefault, tuned } = await trainByRule(rule, { ...task, sizes }, signal);
    expect(schuss.defaultEngine().bytesInUse).toBe(before);

    for (const training of [atDefault, tuned]) {
      const { rate, heldOut, objective, accuracy } = training;
      expect([rate, heldOut, objective, accuracy, ...training.curve.flat()].every(Number.isFinite)).toBe(true);
    }
    expect(tuned.curve.map(([steps]) => steps)).toEqual(Array.from({ length: 17 }, (_, k) => k));
    expect(tuned.heldOut).toBeLessThanOrEqual(atDefault.heldOut);
    expect(tuned.curve.at(-1)![1]).toBeLessThan(tuned.curve[0]![1]);
    // Extragradient steps along a gradient that it has met already: sixteen steps do not lead far.
    if (rule.name === "extragradient") return;
    // Guessing costs ln 10; at the tuned rate two epochs are enough to be well below.
    expect(tuned.objective).toBeLessThan(0.8 * Math.LN10);
    expect(tuned.accuracy).toBeGreaterThan(0.4);
  });
});

test("a training stops when it is told to", async () => {
  const task = { epochs: 2, batch: 32, train, sample: 64, heldOut, test: heldOut, sizes: [PIXELS, 10] };
  const before = schuss.defaultEngine().bytesInUse;
  const controller = new AbortController();
  controller.abort();
  await expect(trainByRule(rules[0]!, task, controller.signal)).rejects.toBe(controller.signal.reason);
  expect(schuss.defaultEngine().bytesInUse).toBe(before);
});
