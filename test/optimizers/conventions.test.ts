// First steps under each library's conventions, worked out by hand from its formula: torch.optim, optax's
// scale_by_rss and scale_by_adam, TensorFlow.js's AdagradOptimizer and AdamOptimizer, keras.optimizers.

import { describe, expect, test } from "vitest";
import {
  adabelief,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  type Convention,
  emaMomentum,
  lion,
  nadam,
  type Optimizer,
  radam,
  rmsprop,
  sgd,
  type Target,
  type WithEngine,
  yogi,
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

test.each([sgd, adagrad, adam, adamw, rmsprop, adadelta, lion, adamax, nadam])(
  "keras: decay stands beside the step, %o",
  (create) => {
    const w = new Float64Array([2]);
    using optimizer = create([w], { learningRate: 0.5, weightDecay: 0.1, convention: "keras", engine });
    optimizer.step([new Float64Array(1)]);
    expectNear(w[0]!, 2 * (1 - 0.5 * 0.1));
  },
);

describe("the other rules", () => {
  // Small enough for every epsilon to count.
  const g = 1e-6;

  test.each([
    [undefined, (-0.01 * g) / (Math.sqrt(0.01) * g + 1e-8)],
    ["optax", (-0.01 * g) / Math.sqrt(0.1 * g * g + 1e-8)],
    ["tfjs", (-0.01 * g) / Math.sqrt(0.1 * g * g + 1e-7)],
    ["keras", (-0.001 * g) / Math.sqrt(0.1 * g * g + 1e-7)],
  ] as const)("rmsprop, %s", (convention, expected) => {
    expectNear(firstStep(rmsprop, convention, g), expected);
    // The first mean is a tenth, or a hundredth, of the gradient, so that the variance is hardly less than the square.
    const centered = firstStep(rmsprop, convention, 1, { centered: true, epsilon: 0, learningRate: 1 });
    expectNear(centered, convention ? -1 / Math.sqrt(0.1 - 0.01) : -1 / Math.sqrt(0.01 - 0.0001));
  });

  test.each([
    [undefined, "outside"],
    ["optax", "inside"],
    ["tfjs", "inside"],
    ["keras", "inside"],
  ] as const)("rmsprop, %s: the rate stands %s the velocity", (convention, placement) => {
    const w = new Float64Array(1);
    const learningRate = (step: number) => (step === 0 ? 0.5 : 0);
    using optimizer = rmsprop([w], { learningRate, momentum: 0.5, ...(convention && { convention }), engine });
    optimizer.step([new Float64Array([1])]);
    const first = w[0]!;
    optimizer.step([new Float64Array([1])]);
    if (placement === "outside") expect(w[0]).toBe(first);
    else expectNear(w[0]!, 1.5 * first);
  });

  test.each([
    [undefined, (-Math.sqrt(1e-6) * g) / Math.sqrt(0.1 * g * g + 1e-6)],
    ["optax", (-Math.sqrt(1e-6) * g) / Math.sqrt(0.1 * g * g + 1e-6)],
    ["tfjs", (-0.001 * Math.sqrt(1e-7) * g) / Math.sqrt(0.05 * g * g + 1e-7)],
    ["keras", (-0.001 * Math.sqrt(1e-7) * g) / Math.sqrt(0.05 * g * g + 1e-7)],
  ] as const)("adadelta, %s", (convention, expected) => {
    expectNear(firstStep(adadelta, convention, g), expected);
  });

  test.each([
    [undefined, 1e-4, 0],
    ["optax", 1e-4, 1e-3],
    ["tfjs", 1e-4, 0],
    ["keras", 1e-3, 0],
  ] as const)("lion, %s: rate %d, decay %d beside the step", (convention, rate, weightDecay) => {
    expect(firstStep(lion, convention, g)).toBe(-rate);
    const w = new Float64Array([2]);
    using optimizer = lion([w], { learningRate: 0.5, ...(convention && { convention }), engine });
    optimizer.step([new Float64Array(1)]);
    expectNear(w[0]!, 2 * (1 - 0.5 * weightDecay));
  });

  test.each([
    [undefined, 2e-3, 1e-8, "inside"],
    ["optax", 2e-3, 1e-8, "inside"],
    ["tfjs", 2e-3, 1e-7, "outside"],
    ["keras", 1e-3, 1e-7, "outside"],
  ] as const)("adamax, %s: rate %d, epsilon %d %s the maximum", (convention, rate, epsilon, placement) => {
    expectNear(firstStep(adamax, convention, g), (-rate * g) / (g + epsilon));
    using optimizer = adamax([new Float64Array(1)], { ...(convention && { convention }), engine });
    optimizer.step([new Float64Array([g])]);
    expect(optimizer.stateDict().slots.infinityNorm!["0"]![0]).toBe(placement === "inside" ? g + epsilon : g);
  });

  test.each([
    [undefined, 2e-3, 1e-8, 4e-3],
    ["optax", 2e-3, 1e-8, Number.POSITIVE_INFINITY],
    ["tfjs", 2e-3, 1e-8, 4e-3],
    ["keras", 1e-3, 1e-7, 1],
  ] as const)("nadam, %s: rate %d, epsilon %d, momentum decay %d", (convention, rate, epsilon, psi) => {
    const [first, second] = [1, 2].map((t) => 0.9 * (1 - 0.5 * 0.96 ** (t * psi))) as [number, number];
    const direction = (second * 0.1 * g) / (1 - first * second) + g;
    expectNear(firstStep(nadam, convention, g), (-rate * direction) / (g + epsilon));
  });

  test("yogi: both moments start at 1e-6, epsilon 1e-3, rate 0.01", () => {
    const first = (0.9e-6 + 0.1 * 0.5) / 0.1;
    const second = (1e-6 + 0.001 * 0.25) / 0.001;
    expectNear(firstStep(yogi, undefined, 0.5), (-0.01 * first) / (Math.sqrt(second) + 1e-3));
  });

  test.each([
    [undefined, 0.9],
    ["updated", 0.9],
    ["previous", 1],
  ] as const)("adabelief, %s: the first surprise is %d of the gradient", (prediction, share) => {
    const expected = (-0.001 * g) / (Math.sqrt((share * g) ** 2 + 1e-16 / 0.001) + 1e-16);
    expectNear(firstStep(adabelief, undefined, g, prediction && { prediction }), expected);
  });

  test.each([
    [undefined, 1],
    ["optax", Math.sqrt(1 - 0.999 ** 6)],
  ] as const)(
    "radam, %s: the sixth step is the first that divides, by the root plus %d epsilon",
    (convention, share) => {
      const w = new Float64Array(1);
      using optimizer = radam([w], { learningRate: 1, ...(convention && { convention }), engine });
      const steps = Array.from({ length: 6 }, () => {
        const before = w[0]!;
        optimizer.step([new Float64Array([g])]);
        return w[0]! - before;
      });
      for (const step of steps.slice(0, 5)) expect(step).toBeCloseTo(-g, 18);
      const [correction, greatest] = [1 - 0.999 ** 6, 1999];
      const length = greatest - (12 * 0.999 ** 6) / correction;
      const rectification = Math.sqrt(
        ((length - 4) * (length - 2) * greatest) / ((greatest - 4) * (greatest - 2) * length),
      );
      const expected = (-g * rectification * Math.sqrt(correction)) / (g * Math.sqrt(correction) + share * 1e-8);
      expect(Math.abs(steps[5]! / expected - 1)).toBeLessThan(1e-9);
    },
  );
});

test("emaMomentum, optax: the average of one gradient is that gradient; else it starts at 0", () => {
  expectNear(firstStep(emaMomentum, "optax", 4, { learningRate: 0.5 }), -2);
  expectNear(firstStep(emaMomentum, "torch", 4, { learningRate: 0.5 }), -0.2);
});

test("adam, optax: its own amsgrad is refused, not replaced by torch's", () => {
  expect(() => adam([new Float64Array(1)], { amsgrad: true, convention: "optax", engine })).toThrow(RangeError);
});
