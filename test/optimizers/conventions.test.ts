// First steps under each library's conventions, worked out by hand from its formula: torch.optim, optax's
// scale_by_rss and scale_by_adam, TensorFlow.js's AdagradOptimizer and AdamOptimizer, keras.optimizers.

import { describe, expect, test } from "vitest";
import {
  adagrad,
  adam,
  adamw,
  type Convention,
  type Optimizer,
  sgd,
  type Target,
  type WithEngine,
} from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;

/** Where p = 0 stands after one step with the gradient. */
function firstStep(
  create: (target: Target, options: WithEngine & { convention?: Convention }) => Optimizer,
  convention: Convention | undefined,
  gradient: number,
  options: object = {},
): number {
  const w = new Float64Array(1);
  using optimizer = create([w], { ...options, ...(convention && { convention }), engine });
  optimizer.step([new Float64Array([gradient])]);
  return w[0]!;
}

/** Equal but for rounding. */
function expectNear(value: number, expected: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(1e-14);
}

describe("adagrad", () => {
  // Small enough for an epsilon of 1e-7 under the root to count beside g^2 and an accumulator of 0.
  const g = 1e-3;

  test("torch: no start value, epsilon 1e-10 beside the root, rate 0.01", () => {
    expectNear(firstStep(adagrad, undefined, g), (-0.01 * g) / (g + 1e-10));
    expectNear(firstStep(adagrad, "torch", g), (-0.01 * g) / (g + 1e-10));
  });

  test.each(["optax", "tfjs"] as const)("%s: sums start at 0.1, epsilon 1e-7 under the root", (convention) => {
    expectNear(firstStep(adagrad, convention, g, { learningRate: 0.5 }), (-0.5 * g) / Math.sqrt(0.1 + g * g + 1e-7));
  });

  test("keras: as optax, with rate 0.001", () => {
    expectNear(firstStep(adagrad, "keras", g), (-0.001 * g) / Math.sqrt(0.1 + g * g + 1e-7));
  });

  test("given options come before the convention's", () => {
    expectNear(
      firstStep(adagrad, "optax", g, { learningRate: 0.5, initialAccumulator: 0, epsilon: 1e-6 }),
      (-0.5 * g) / Math.sqrt(g * g + 1e-6),
    );
    expectNear(
      firstStep(adagrad, "optax", g, { learningRate: 0.5, initialAccumulator: 0, epsilonPlacement: "outside" }),
      (-0.5 * g) / (g + 1e-7),
    );
  });
});

describe("adam", () => {
  // The first step is -rate g / (|g| + epsilon). Keras adds epsilon to the root before the correction, which makes its
  // first step -rate g / (|g| + epsilon / sqrt(1 - beta2)).
  const g = 1e-6;

  test.each([
    [undefined, 1e-8],
    ["torch", 1e-8],
    ["optax", 1e-8],
    ["tfjs", 1e-7],
  ] as const)("%s: rate 0.001, epsilon %d", (convention, epsilon) => {
    expectNear(firstStep(adam, convention, g), (-0.001 * g) / (g + epsilon));
  });

  test("keras: rate 0.001, epsilon 1e-7 before the bias correction", () => {
    expectNear(firstStep(adam, "keras", g), (-0.001 * g) / (g + 1e-7 / Math.sqrt(1 - 0.999)));
  });

  test.each([
    ["torch", 0.01],
    ["optax", 1e-4],
    ["tfjs", 0.01],
    ["keras", 4e-3],
  ] as const)("adamw, %s: decay %d", (convention, weightDecay) => {
    const w = new Float64Array([2]);
    using optimizer = adamw([w], { learningRate: 0.5, convention, engine });
    optimizer.step([new Float64Array(1)]);
    expectNear(w[0]!, 2 * (1 - 0.5 * weightDecay));
  });
});

test.each([
  [undefined, 0.001],
  ["torch", 0.001],
  ["optax", 0.001],
  ["tfjs", 0.001],
  ["keras", 0.01],
] as const)("sgd, %s: rate %d", (convention, rate) => {
  expect(firstStep(sgd, convention, 2)).toBe(-2 * rate);
});

test("sgd, keras: steps taken at a higher rate go on in the velocity", () => {
  // v = -0.5 * 1, then 0.5 v - 0.1 * 1 = -0.35; outside: -0.5, then -0.1 * (0.5 + 1).
  const end = (learningRatePlacement: "inside" | "outside", convention?: "keras") => {
    const w = new Float64Array(1);
    const learningRate = (step: number) => (step === 0 ? 0.5 : 0.1);
    using optimizer = sgd([w], {
      learningRate,
      momentum: 0.5,
      ...(convention ? { convention } : { learningRatePlacement }),
      engine,
    });
    for (let step = 0; step < 2; step++) optimizer.step([new Float64Array([1])]);
    return w[0]!;
  };
  expect(end("outside")).toBeCloseTo(-0.65, 14);
  expect(end("inside")).toBeCloseTo(-0.85, 14);
  expect(end("inside", "keras")).toBeCloseTo(-0.85, 14);
});

test.each([sgd, adagrad, adam, adamw])("keras: decay stands beside the step, %o", (create) => {
  const w = new Float64Array([2]);
  using optimizer = create([w], { learningRate: 0.5, weightDecay: 0.1, convention: "keras", engine });
  optimizer.step([new Float64Array(1)]);
  expectNear(w[0]!, 2 * (1 - 0.5 * 0.1));
});

test("adam, optax: its own amsgrad is refused, not replaced by torch's", () => {
  expect(() => adam([new Float64Array(1)], { amsgrad: true, convention: "optax", engine })).toThrow(RangeError);
});
