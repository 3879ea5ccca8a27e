import { expect, test } from "vitest";
import { adam, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);

test.each(variants)("every so many steps the parameters go back a part of the way, by hand, %s", (variant) => {
  const w = numbers(8);
  const lookahead = { steps: 2, rate: 0.25 };
  using optimizer = sgd([w], { learningRate: 1, lookahead, engine: engines[variant] });
  const path = [2, 2, 4, 0, 0, 0].map((gradient) => {
    optimizer.step([numbers(gradient)]);
    return w[0];
  });
  // 6; 4 -> 8 + (4 - 8) / 4 = 7; 3; 3 -> 7 + (3 - 7) / 4 = 6; then nothing moves
  expect(path).toEqual([6, 7, 3, 6, 6, 6]);
  expect(optimizer.stateDict().slots.slow!["0"]).toEqual(numbers(6));
});

test("is Lookahead as published, around Adam's own steps", () => {
  const [fast, w] = [numbers(1, -1), numbers(1, -1)];
  const options = { learningRate: 0.1, engine };
  using inner = adam([fast], options);
  using optimizer = adam([w], { ...options, lookahead: {} });
  const slow = numbers(1, -1);
  for (let t = 1; t <= 12; t++) {
    const gradient = numbers(Math.sin(t), 0.5);
    inner.step([gradient]);
    optimizer.step([gradient]);
    if (t % 5 === 0) {
      slow.set(slow.map((s, i) => s + 0.5 * (fast[i]! - s)));
      fast.set(slow);
    }
    w.forEach((value, i) => {
      expect(Math.abs(value - fast[i]!)).toBeLessThan(1e-15);
    });
  }
});

test("an average takes the parameters as they are behind it", () => {
  const w = numbers(0);
  const path: number[] = [];
  using optimizer = sgd([w], {
    learningRate: 1,
    lookahead: { steps: 2, rate: 0.5 },
    average: { kind: "uniform" },
    engine,
  });
  for (const gradient of [-4, -4, -2, -2]) {
    optimizer.step([numbers(gradient)]);
    path.push(w[0]!);
  }
  expect(path).toEqual([4, 4, 6, 6]);
  expect(optimizer.withAverages(() => w[0])).toBe(5);
});

test("what is frozen stays", () => {
  const target = { w: numbers(1), b: numbers(0.1) };
  using optimizer = sgd(target, {
    learningRate: 1,
    lookahead: { steps: 1, rate: 0.3 },
    learningRateMultiplier: { b: 0 },
    engine,
  });
  for (let t = 0; t < 50; t++) optimizer.step({ w: numbers(0.1), b: numbers(1) });
  expect(target.b[0]).toBe(0.1);
});

test.each([
  [{ steps: 0 }, RangeError, "sgd: lookahead.steps must be an integer in [1, 9007199254740991], got 0"],
  [{ rate: 1.5 }, RangeError, "sgd: lookahead.rate must be in [0, 1], got 1.5"],
  [{ k: 5 }, RangeError, 'sgd: lookahead: there is no option "k"; there are steps, rate'],
  [5, TypeError, "sgd: lookahead: options must be an object, got 5"],
])("refuses %o", (lookahead, error, message) => {
  const create = () => sgd([numbers(0)], { lookahead: lookahead as never, engine });
  expect(create).toThrow(error);
  expect(create).toThrow(new error(message));
});
