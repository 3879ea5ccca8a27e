// A regression whose Hessian is a product of two sides, condition 1e8: what SOAP and Shampoo are for. bench/matrix-regression.js
// has the larger one, and what it takes.

import { expect, test } from "vitest";
import { adamw, type Optimizer, type ParameterSet, parameters, shampoo, soap } from "../../../src/index.js";
import { engines, expectMemoryReturned } from "../../memory/engines.js";
import { normalNumbers, uniformNumbers } from "../../memory/random.js";
import { withSpectrum } from "../dense.js";
import { graded } from "../spectra.js";

expectMemoryReturned();

const N = 16;
const TARGET = 1e-6;

/** Of AdamW: 0.3 is its best in half decades from 1e-3 to 1, with 10,938 steps. */
const RATES = [3e-2, 1e-1, 3e-1, 1];

const random = uniformNumbers(1);
const side = () => Float64Array.from(withSpectrum(random, graded(N, 1e4)).flat());
const [left, right] = [side(), side()];
const solution = Float64Array.from({ length: N * N }, normalNumbers(2));

type Create = (set: ParameterSet, learningRate: number) => Optimizer;

/** a b for rows one behind another. */
function times(a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(N * N);
  for (let i = 0; i < N; i++) {
    for (let k = 0; k < N; k++) {
      const x = a[i * N + k]!;
      for (let j = 0; j < N; j++) c[i * N + j]! += x * b[k * N + j]!;
    }
  }
  return c;
}

/** tr((W - W*)^T L (W - W*) R) / 2, and its gradient L (W - W*) R into the set. */
function evaluate(set: ParameterSet): number {
  const difference = Float64Array.from(set.values.w!, (w, i) => w - solution[i]!);
  const gradient = times(times(left, difference), right);
  set.gradients.w!.set(gradient);
  return gradient.reduce((sum, g, i) => sum + g * difference[i]!, 0) / 2;
}

/** The steps to the target, `Infinity` if they are more than `most`. */
function steps(create: Create, learningRate: number, most: number): number {
  using set = parameters({ w: [N, N] }, { dtype: "float64", engine: engines.strict });
  using optimizer = create(set, learningRate);
  const start = evaluate(set);
  for (let t = 1; t <= most; t++) {
    optimizer.step();
    if (evaluate(set) <= TARGET * start) return t;
  }
  return Number.POSITIVE_INFINITY;
}

const adam: Create = (set, learningRate) => adamw(set, { learningRate, weightDecay: 0 });

const adamSteps = Math.min(...RATES.map((rate) => steps(adam, rate, 12_000)));

test.each<readonly [string, Create, number]>([
  ["SOAP", (set, learningRate) => soap(set, { learningRate, weightDecay: 0 }), 0.03],
  ["Shampoo", (set, learningRate) => shampoo(set, { learningRate, beta2: 0.9 }), 0.3],
])("%s takes a tenth of AdamW's steps", (_, create, rate) => {
  expect(steps(create, rate, 2000)).toBeLessThanOrEqual(adamSteps / 10);
});

test("AdamW gets there too", () => {
  expect(adamSteps).toBeLessThanOrEqual(12_000);
});
