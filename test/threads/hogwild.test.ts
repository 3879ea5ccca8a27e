// Hogwild against the minimum that `minimize` certifies, on sparse rows; and one worker of it against the textbook loop.

import { csr, minimize } from "schuss/finite-sum";
import { hogwild, Threads } from "schuss/threads";
import { afterAll, describe, expect, it } from "vitest";
import { randomBits } from "../../src/finite-sum/sampling.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";

const ROWS = 4000;
const COLUMNS = 300;
const PER_ROW = 6;
const L2 = 1e-2;

const uniform = uniformNumbers(5);
const normal = normalNumbers(6);
const indices = Array.from({ length: ROWS }, () => {
  const chosen = new Set<number>();
  while (chosen.size < PER_ROW) chosen.add(Math.floor(COLUMNS * uniform()));
  return [...chosen];
}).flat();
const features = csr({
  values: Float64Array.from(indices, normal),
  indices,
  offsets: Int32Array.from({ length: ROWS + 1 }, (_, i) => i * PER_ROW),
  columns: COLUMNS,
});
const truth = Float64Array.from({ length: COLUMNS }, normal);
const margins = Float64Array.from({ length: ROWS }, (_, i) => {
  let sum = 0.3;
  for (let k = i * PER_ROW; k < (i + 1) * PER_ROW; k++) sum += features.values[k]! * truth[features.indices[k]!]!;
  return sum;
});
const signs = Array.from(margins, (z) => (uniform() < 1 / (1 + Math.exp(-z)) ? 1 : -1));
const problem = { features, labels: signs, loss: "logistic", l2: L2 } as const;

/** F by hand. */
function objective(weights: Float64Array, intercept: number): number {
  let losses = 0;
  for (let i = 0; i < ROWS; i++) {
    let z = intercept;
    for (let k = i * PER_ROW; k < (i + 1) * PER_ROW; k++) z += features.values[k]! * weights[features.indices[k]!]!;
    losses += Math.log1p(Math.exp(-signs[i]! * z));
  }
  return losses / ROWS + (L2 / 2) * weights.reduce((sum, w) => sum + w * w, 0);
}

const pool = new Threads({ count: 2 });

afterAll(() => pool.dispose());

describe("hogwild", () => {
  it("by one worker is the textbook loop, to the bit", async () => {
    const stepSize = 0.05;
    const { weights, intercept, workers } = await hogwild(problem, {
      threads: 0,
      passes: 2,
      stepSize,
      decay: 0.5,
      seed: 3,
    });
    expect(workers).toBe(1);
    const counts = new Float64Array(COLUMNS);
    for (const j of indices) counts[j]! += 1;
    const w = new Float64Array(COLUMNS);
    let b = 0;
    const bits = randomBits(3);
    for (const t of [stepSize, stepSize / 2]) {
      for (let step = 0; step < ROWS; step++) {
        const i = Math.floor((bits() * ROWS) / 2 ** 32);
        let p = b;
        for (let k = i * PER_ROW; k < (i + 1) * PER_ROW; k++) p += features.values[k]! * w[indices[k]!]!;
        const move = t * (-signs[i]! / (1 + Math.exp(signs[i]! * p)));
        for (let k = i * PER_ROW; k < (i + 1) * PER_ROW; k++) {
          const j = indices[k]!;
          w[j] = (w[j]! - move * features.values[k]!) / (1 + t * (L2 / (counts[j]! / ROWS)));
        }
        b -= move;
      }
    }
    expect(weights).toEqual(w);
    expect(intercept).toBe(b);
  });

  it.each([0, 1, 2, 3])("comes close to the minimum by %i workers", async (threads) => {
    const best = await minimize(problem, { tolerance: 1e-8, passes: 1000 });
    expect(best.converged).toBe(true);
    const { weights, intercept, workers } = await hogwild(problem, {
      threads,
      passes: 300,
      stepSize: 0.02,
      decay: 0.98,
    });
    expect(workers).toBe(Math.max(threads, 1));
    const start = objective(new Float64Array(COLUMNS), 0) - best.objective;
    const gap = objective(weights, intercept) - best.objective;
    // What the noise of SGD leaves at the end, races and all; one worker comes to 7e-4 on rows like these.
    expect(gap).toBeGreaterThan(-1e-9);
    expect(gap / start).toBeLessThan(4e-3);
  });

  it("is aborted", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 100);
    await expect(hogwild(problem, { threads: pool, passes: 2e5, signal: controller.signal })).rejects.toThrow("enough");
  });

  it.each([
    [{ ...problem, features: new Float64Array(3) }, {}, /features must be a csr matrix, got a Float64Array/],
    [{ ...problem, loss: "hinge" }, {}, /loss must be one of "logistic", "squared", "squaredHinge", got "hinge"/],
    [problem, { decay: 0 }, /decay must be in \(0, 1\], got 0/],
    [problem, { step: 1 }, /there is no option "step"/],
  ])("refuses what it can't do", async (bad, options, text) => {
    await expect(hogwild(bad as typeof problem, options as object)).rejects.toThrow(text);
  });
});
