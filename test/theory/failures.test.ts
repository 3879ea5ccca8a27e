// Where rules fail, and which of them don't: small problems with exact numbers. After Reddi, Kale and Kumar, On the
// Convergence of Adam and Beyond (2018), Cutkosky's lecture notes, sections 10 to 17, and Hashemi's slides, section 17; the
// numbers were worked out from the formulas, in numpy.

import { describe, expect, test } from "vitest";
import {
  adagrad,
  adagradNorm,
  adagradNormEma,
  adagradNormSafeguarded,
  adam,
  type Optimizer,
  type Schedule,
  sgd,
  signSgd,
} from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const inverseRoot: Schedule = (step) => 0.1 / Math.sqrt(step + 1);
const projection = { kind: "box", radius: 1 } as const;

// The gradient is C = 3 in every third step and -1 in the others: on average 1 / 3, so the least loss in [-1, 1] is at -1.
// With beta1 = 0 and beta2 = 1 / (1 + C^2) Adam forgets the great gradient before the small ones are through.
describe("a linear loss of period three", () => {
  const C = 3;
  const beta2 = 1 / (1 + C ** 2);
  const box = { projection, engine: engines.strict };
  const forgetful = { decay: beta2, ...box };

  function endOf(create: (w: Float64Array[]) => Optimizer, start: number, steps: number): number {
    const w = new Float64Array([start]);
    const [great, small] = [[new Float64Array([C])], [new Float64Array([-1])]];
    using optimizer = create([w]);
    for (let t = 1; t <= steps; t++) optimizer.step(t % 3 === 1 ? great : small);
    return w[0]!;
  }

  const failing: [name: string, end: number, create: (w: Float64Array[]) => Optimizer][] = [
    ["adam", 0.99967, (w) => adam(w, { learningRate: inverseRoot, beta1: 0, beta2, ...box })],
    ["adagradNormEma", 0.99969, (w) => adagradNormEma(w, { learningRate: inverseRoot, ...forgetful })],
  ];

  test.each(failing)("%s ends at the worst point, %d", (_, end, create) => {
    expect(Math.abs(endOf(create, -1, 100_000) - end)).toBeLessThan(1e-5);
    for (const start of [0, 1]) expect(endOf(create, start, 10_000)).toBeGreaterThan(0.995);
  });

  test("adam does so with a constant rate, and a timed average with a rate like 1 / sqrt(t)", () => {
    const constant = endOf((w) => adam(w, { learningRate: 0.1, beta1: 0, beta2, ...box }), 0, 9_999);
    const timed = endOf(
      (w) => adagradNormEma(w, { learningRate: 0.1, accumulation: "average", ...forgetful }),
      0,
      30_000,
    );
    expect(constant).toBe(1);
    expect(timed).toBeGreaterThan(0.999);
  });

  const converging: [name: string, create: (w: Float64Array[]) => Optimizer][] = [
    ["amsgrad", (w) => adam(w, { learningRate: inverseRoot, beta1: 0, beta2, amsgrad: true, ...box })],
    ["adagrad", (w) => adagrad(w, { learningRate: 0.1, ...box })],
    ["adagradNorm", (w) => adagradNorm(w, { learningRate: 0.1, ...box })],
    ["adagradNormSafeguarded", (w) => adagradNormSafeguarded(w, { learningRate: 0.1, ...forgetful })],
    [
      "adagradNormSafeguarded, average",
      (w) => adagradNormSafeguarded(w, { learningRate: 0.1, accumulation: "average", ...forgetful }),
    ],
    ["sgd", (w) => sgd(w, { learningRate: inverseRoot, ...box })],
    ["adam with beta1 0.9 and beta2 0.999", (w) => adam(w, { learningRate: inverseRoot, ...box })],
  ];

  test.each(converging)("%s ends near the best", (_, create) => {
    expect(endOf(create, 1, 30_000)).toBeLessThan(-0.998);
  });
});

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  // The gradient is 4 in one of four cases and -1 in three: 1 / 4 on average, its sign -1 / 2.
  const outcomes = [4, -1, -1, -1];

  /** By how much a first step lowers w / 4 on average. */
  function progress(create: (w: Float64Array[]) => Optimizer): number {
    let sum = 0;
    for (const g of outcomes) {
      const w = new Float64Array(1);
      using optimizer = create([w]);
      optimizer.step([new Float64Array([g])]);
      sum -= w[0]!;
    }
    return sum / 4 / 4;
  }

  test("descent along signs goes uphill, by half a step on average", () => {
    expect(progress((w) => signSgd(w, { learningRate: 1, engine })) * 4).toBe(-1 / 2);
    expect(progress((w) => sgd(w, { learningRate: 1, engine }))).toBe(1 / 16);
  });

  test("so does the first step of AdaGrad-Norm, whose rate depends on its gradient, and not if delayed", () => {
    const standard = progress((w) => adagradNorm(w, { learningRate: 1, epsilon: 1e-4, engine }));
    expect(Math.abs(standard + 0.12499999908)).toBeLessThan(1e-11);
    expect(progress((w) => adagradNorm(w, { learningRate: 1, epsilon: 1, delayed: true, engine }))).toBe(1 / 16);
  });

  // On w^2 / 2 a sum that forgets ends in +a, -a, +a, ... where the step c a / sqrt(eps^2 + a^2 / (1 - beta)) is 2 a.
  test("the forgetful sum ends in a cycle of about c sqrt(1 - beta) / 2, the others end at 0", () => {
    const amplitude = Math.sqrt((1 - 0.9) * (0.1 ** 2 / 4 - 1e-4 ** 2));
    expect(amplitude).toBeCloseTo(0.01581, 5);
    const options = { learningRate: 0.1, engine };
    const descend = (create: (w: Float64Array[]) => Optimizer, watch: (rate: number) => void = () => {}) => {
      const w = new Float64Array([1]);
      using optimizer = create([w]);
      let before = 1;
      for (let t = 0; t < 2000; t++) {
        before = w[0]!;
        optimizer.step([w.slice()]);
        if (before !== 0) watch((before - w[0]!) / before);
      }
      return [before, w[0]!] as const;
    };
    let greatest = 0;
    const [before, last] = descend(
      (w) => adagradNormEma(w, { decay: 0.9, ...options }),
      (rate) => {
        greatest = Math.max(greatest, rate);
      },
    );
    expect(Math.abs(Math.abs(last) - amplitude)).toBeLessThan(1e-12);
    expect(Math.abs(last + before)).toBeLessThan(1e-12);
    expect(greatest).toBeCloseTo(11.24, 2);
    expect(Math.abs(descend((w) => adagradNorm(w, options))[1])).toBeLessThan(1e-27);
    expect(Math.abs(descend((w) => adagradNormSafeguarded(w, { decay: 0.9, ...options }))[1])).toBeLessThan(1e-7);
  });

  // 20 gradients of 1, then 40 of 0: t s first falls at t = 21, and by t = 60 the rate is 4.7489 times that of t = 20.
  test("a timed average lets the rate grow when gradients fade, and the safeguard does not", () => {
    const underRoots = (create: typeof adagradNormEma) => {
      using optimizer = create([new Float64Array(1)], { decay: 0.9, accumulation: "average", epsilon: 0, engine });
      return Array.from({ length: 60 }, (_, k) => {
        optimizer.step([new Float64Array([k < 20 ? 1 : 0])]);
        return optimizer.stateDict().header.groups[0]!.memory.underRoot!;
      });
    };
    const free = underRoots(adagradNormEma);
    expect(free.findIndex((x, k) => k > 0 && x < free[k - 1]!)).toBe(20);
    expect(Math.sqrt(free[19]! / free[59]!)).toBeCloseTo(4.7489, 4);
    const guarded = underRoots(adagradNormSafeguarded);
    for (const underRoot of guarded.slice(19)) expect(underRoot).toBeCloseTo(17.568466908, 9);
  });

  // Adam on w^2 / 2 from 1: an l2 penalty, which scales every gradient by 1.1, changes nothing.
  test.each([0, 0.1])("Adam in exact numbers, with an l2 penalty of %d", (weightDecay) => {
    const w = new Float64Array([1]);
    using optimizer = adam([w], { learningRate: 0.1, epsilon: 0, weightDecay, engine });
    for (const expected of [0.9, 0.8004122276712476, 0.7015862713876456]) {
      optimizer.step([w.slice()]);
      expect(Math.abs(w[0]! - expected)).toBeLessThan(1e-13);
    }
  });
});
