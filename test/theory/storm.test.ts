// STORM's estimate: its recursion, and what it is without noise.

import { describe, expect, test } from "vitest";
import { type StormOptions, sgd, storm } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const DIMENSION = 7;
const STEPS = 40;

/** Gradients of l_s(w) = sum_i (1 + 0.5 a_si) (w_i - b_si)^2 / 2, whose curvature is another one for every sample. */
function samples(count: number) {
  const normal = normalNumbers(5);
  const draw = () => Array.from({ length: DIMENSION }, normal);
  const drawn = Array.from({ length: count }, () => ({ a: draw().map((x) => 1 + 0.5 * Math.tanh(x)), b: draw() }));
  return (sample: number, w: ArrayLike<number>) => {
    const { a, b } = drawn[sample % count]!;
    return Float64Array.from({ length: DIMENSION }, (_, i) => a[i]! * (w[i]! - b[i]!));
  };
}

const norm = (v: ArrayLike<number>) => Math.hypot(...Array.from(v));
const start = () => Float64Array.from({ length: DIMENSION }, (_, i) => Math.cos(i));

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test.each<[StormOptions]>([
    [{}],
    [{ momentum: 0.5 }],
    [{ momentum: 0 }],
    [{ normalize: true }],
    [{ weightDecay: 0.1 }],
  ])("the recursion as printed, %o", (options) => {
    const { momentum = 0.9, normalize = false, weightDecay = 0 } = options as Required<StormOptions>;
    const gradient = samples(5);
    const learningRate = 0.05;
    const w = start();
    using optimizer = storm([w], { learningRate, ...options, engine });
    let [p, q] = [[...start()], [...start()]];
    let m: number[] = p.map(() => 0);
    for (let t = 0; t < STEPS; t++) {
      optimizer.step((sample) => [gradient(sample, w)]);
      const penalised = (at: number[]) => [...gradient(t, at)].map((g, i) => g + (weightDecay as number) * at[i]!);
      const [now, before] = [penalised(p), penalised(q)];
      m = t === 0 ? now : now.map((g, i) => g + momentum * (m[i]! - before[i]!));
      q = p;
      const rate = normalize ? learningRate / norm(m) : learningRate;
      p = p.map((value, i) => value - rate * m[i]!);
      w.forEach((value, i) => {
        expect(Math.abs(value - p[i]!)).toBeLessThan(1e-13);
      });
      optimizer.stateDict().slots.estimate!["0"]!.forEach((value, i) => {
        expect(Math.abs(value - m[i]!)).toBeLessThan(1e-13);
      });
    }
  });

  test.each([0, 0.5, 0.99])("without noise the estimate is the gradient, momentum %d", (momentum) => {
    const gradient = samples(1);
    for (const normalize of [false, true]) {
      const w = start();
      using optimizer = storm([w], { learningRate: 0.05, momentum, normalize, engine });
      for (let t = 0; t < STEPS; t++) {
        const before = w.slice();
        optimizer.step((sample) => [gradient(sample, w)]);
        const expected = gradient(0, before);
        optimizer.stateDict().slots.estimate!["0"]!.forEach((value, i) => {
          expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-13);
        });
      }
    }
  });

  test("without momentum it is plain descent", () => {
    const gradient = samples(5);
    const [w, v] = [start(), start()];
    using optimizer = storm([w], { learningRate: 0.05, momentum: 0, engine });
    using plain = sgd([v], { learningRate: 0.05, engine });
    for (let t = 0; t < STEPS; t++) {
      optimizer.step((sample) => [gradient(sample, w)]);
      plain.step([gradient(t, v)]);
    }
    expect(w).toEqual(v);
  });

  test("normalised, every step has the length of the rate, and there is none without a gradient", () => {
    const gradient = samples(5);
    const w = start();
    using optimizer = storm([w], { learningRate: 0.05, normalize: true, engine });
    for (let t = 0; t < STEPS; t++) {
      const before = w.slice();
      optimizer.step((sample) => [gradient(sample, w)]);
      expect(norm(w.map((value, i) => value - before[i]!))).toBeCloseTo(0.05, 14);
    }
    const still = start();
    using idle = storm([still], { normalize: true, engine });
    idle.step(() => [new Float64Array(DIMENSION)]);
    expect(still).toEqual(start());
  });
});

test("the trace of the notes: normalised variance-reduced momentum on curvatures 1, 0.5, 0.1 with alpha 0.1", () => {
  const w = new Float64Array([1, -2, 3]);
  using optimizer = storm([w], { learningRate: 0.1, momentum: 0.9, normalize: true, engine: engines.strict });
  const expected = [
    [0.9308285536133926, -1.9308285536133925, 2.9792485660840176],
    [0.8630709916214786, -1.8605534020243304, 2.9575617991039835],
    [0.7968331656554634, -1.7891577615497083, 2.9348634966891685],
  ];
  for (const row of expected) {
    optimizer.step(() => [Float64Array.of(w[0]!, 0.5 * w[1]!, 0.1 * w[2]!)]);
    row.forEach((value, i) => {
      expect(w[i]).toBeCloseTo(value, 12);
    });
  }
});

test("the closure is asked at the previous point and then at the present one, with one number", () => {
  const w = new Float64Array([4]);
  const seen: number[][] = [];
  using optimizer = storm([w], { learningRate: 0.5, momentum: 0, engine: engines.strict });
  for (let t = 0; t < 3; t++) {
    optimizer.step((sample) => {
      seen.push([sample, w[0]!]);
      return [w.slice()];
    });
  }
  expect(seen).toEqual([
    [0, 4],
    [0, 4],
    [1, 4],
    [1, 2],
    [2, 2],
    [2, 1],
  ]);
});

test("the error obeys its recursion: beta (e + change of the gradients' noise) and the new noise", () => {
  const gradient = samples(5);
  const full = (at: ArrayLike<number>) => {
    const sum = new Float64Array(DIMENSION);
    for (let s = 0; s < 5; s++) {
      for (const [i, g] of gradient(s, at).entries()) sum[i]! += g / 5;
    }
    return sum;
  };
  const beta = 0.8;
  const w = start();
  using optimizer = storm([w], { learningRate: 0.05, momentum: beta, engine: engines.strict });
  let previous = w.slice();
  let error: Float64Array | undefined;
  for (let t = 0; t < STEPS; t++) {
    const at = w.slice();
    optimizer.step((sample) => [gradient(sample, w)]);
    const m = optimizer.stateDict().slots.estimate!["0"]!;
    const next = Float64Array.from(m, (value, i) => value - full(at)[i]!);
    if (error !== undefined) {
      const noise = (point: Float64Array) => gradient(t, point).map((g, i) => g - full(point)[i]!);
      const [now, before] = [noise(at), noise(previous)];
      next.forEach((e, i) => {
        expect(e).toBeCloseTo(beta * (error![i]! - before[i]!) + now[i]!, 12);
      });
    }
    error = next;
    previous = at;
  }
});
