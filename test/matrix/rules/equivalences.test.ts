// What Shampoo, SOAP and Muon must equal.

import { describe, expect, test } from "vitest";
import {
  adagrad,
  adam,
  adamw,
  muon,
  type ParameterSet,
  parameters,
  rmsprop,
  type ShampooOptions,
  sgd,
  shampoo,
  soap,
} from "../../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../../memory/engines.js";
import { distance, matrix, product, transposed } from "../dense.js";
import { type Create, draw, shapes } from "./shapes.js";

expectMemoryReturned();

const never = Number.MAX_SAFE_INTEGER;

/** The parameters after so many steps with the same gradients. */
function walk(create: Create, variant: keyof typeof engines, steps = 70, dtype: "float32" | "float64" = "float64") {
  using set = parameters(shapes, { dtype, engine: engines[variant] });
  draw(set, 1, "values");
  using optimizer = create(set);
  for (let step = 0; step < steps; step++) {
    draw(set, 100 + step, "gradients");
    optimizer.step();
  }
  return Object.fromEntries(Object.entries(set.values).map(([name, array]) => [name, [...array]]));
}

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  const grafted: readonly (readonly [name: string, options: ShampooOptions, rule: Create])[] = [
    ["adam", { grafting: { kind: "adam" } }, (set) => adam(set, { learningRate: 0.01 })],
    [
      "adam, decay, l2, clipping",
      {
        grafting: { kind: "adam", beta2: 0.9, epsilon: 1e-3 },
        beta1: 0.5,
        clipNorm: 3,
        weightDecay: 0.1,
        decoupledWeightDecay: false,
      },
      (set) => adam(set, { learningRate: 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3, clipNorm: 3, weightDecay: 0.1 }),
    ],
    ["adagrad", { grafting: { kind: "adagrad" }, beta1: 0 }, (set) => adagrad(set, { learningRate: 0.01 })],
    [
      "rmsprop",
      { grafting: { kind: "rmsprop", beta2: 0.99 }, beta1: 0 },
      (set) => rmsprop(set, { learningRate: 0.01, decay: 0.99 }),
    ],
    ["sgd", { grafting: { kind: "sgd" }, beta1: 0 }, (set) => sgd(set, { learningRate: 0.01 })],
    [
      "sgd with momentum",
      { grafting: { kind: "none" }, beta1: 0, momentum: 0.9, nesterov: true },
      (set) => sgd(set, { learningRate: 0.01, momentum: 0.9, nesterov: true }),
    ],
  ];

  test.each(grafted)("Shampoo that has not started is the grafted rule, to the bit: %s", (_, options, rule) => {
    for (const dtype of ["float32", "float64"] as const) {
      const ours = walk(
        (set) => shampoo(set, { learningRate: 0.01, ...options, startStep: never }),
        variant,
        70,
        dtype,
      );
      expect(ours).toEqual(walk(rule, variant, 70, dtype));
    }
  });

  test("SOAP without a basis is Adam, to the bit, in blocks or not", () => {
    const betas = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, weightDecay: 0 };
    const expected = walk((set) => adam(set, betas), variant);
    for (const blockSize of [4, 64]) {
      expect(walk((set) => soap(set, { ...betas, blockSize, startStep: never }), variant)).toEqual(expected);
    }
  });

  test("SOAP in an identity basis is Adam, to the bit", () => {
    const train = (create: Create, basis: "identity" | "none") => {
      using set = parameters({ w: [6, 21] }, { dtype: "float64", engine });
      draw(set, 1, "values");
      using optimizer = create(set);
      if (basis === "identity") {
        const { header, slots } = optimizer.stateDict();
        // Blocks of 6 x 7, three of them: an identity for either side of each.
        const bases = [0, 1, 2].flatMap(() => [6, 7].flatMap(identity));
        slots.bases!.w!.set(bases);
        slots.rootStep!.w!.fill(1);
        const groups = header.groups.map((group) => ({ ...group, stepCount: 1 }));
        optimizer.loadStateDict({ header: { ...header, stepCount: 1, groups }, slots });
      }
      for (let step = 0; step < 30; step++) {
        draw(set, 100 + step, "gradients");
        optimizer.step();
      }
      return [...set.values.w];
    };
    const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
    const asSoap = (set: ParameterSet) => soap(set, { ...options, weightDecay: 0, blockSize: 7, frequency: never });
    expect(train(asSoap, "identity")).toEqual(train((set) => adam(set, options), "none"));
  });

  test("blocks at least as large as the tensor are none, to the bit", () => {
    for (const rule of [shampoo, soap]) {
      const make = (blockSize: number) => walk((set) => rule(set, { blockSize, frequency: 3 }), variant, 12);
      expect(make(120)).toEqual(make(8000));
    }
  });

  // U V^T of G = U S V^T: for a diagonal G its signs; of G = Q D with rotations Q, Q times the signs.
  test("Shampoo without memory is the orthogonal factor of a gradient of full rank", () => {
    using set = parameters({ w: [3, 3] }, { dtype: "float64", engine });
    const options = { learningRate: 1, beta1: 0, beta2: 0, frequency: 1, relativeEpsilon: 0 } as const;
    using optimizer = shampoo(set, { ...options, grafting: { kind: "none" } });
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const rotation = [c, -s, 0, s, c, 0, 0, 0, 1];
    const stretches = [3, 0.5, -2];
    set.gradients.w.set(rotation.map((x, i) => x * stretches[i % 3]!));
    optimizer.step();
    rotation.forEach((x, i) => {
      expect(set.values.w[i]).toBeCloseTo(-x * Math.sign(stretches[i % 3]!), 12);
    });
  });

  // The polar factor O of G = O S is the one orthogonal matrix for which O^T G is symmetric and positive.
  test.each<[string, number, number, ShampooOptions]>([
    ["square", 6, 6, {}],
    ["flat, from the short side", 4, 9, { oneSidedRatio: 1, exponent: 0.5 }],
    ["tall, from the short side", 7, 3, { oneSidedRatio: 1, exponent: 0.5 }],
  ])("Shampoo without memory is Muon's exact orthogonal factor: %s", (_, rows, columns, sides) => {
    const step = (create: Create) => {
      using set = parameters({ w: [rows, columns] }, { dtype: "float64", engine });
      draw(set, 4, "gradients");
      using optimizer = create(set);
      optimizer.step();
      const at = (array: ArrayLike<number>) =>
        Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => array[i * columns + j]!));
      return { factor: at(set.values.w.map((x) => -x)), gradient: at(set.gradients.w) };
    };
    const memoryless = { learningRate: 1, beta1: 0, beta2: 0, frequency: 1, relativeEpsilon: 0 } as const;
    const { factor, gradient } = step((set) => shampoo(set, { ...memoryless, grafting: { kind: "none" }, ...sides }));
    // Steps that lead every singular value to 1, and enough of them.
    const converging = { steps: 40, coefficients: [1.875, -1.25, 0.375], scale: "none", form: "direct" } as const;
    const other = step((set) =>
      muon(set, { learningRate: 1, weightDecay: 0, momentum: 0, nesterov: false, ...converging }),
    );
    expect(distance(factor, other.factor)).toBeLessThan(1e-10);
    const small = rows <= columns ? product(factor, transposed(factor)) : product(transposed(factor), factor);
    expect(
      distance(
        small,
        matrix(small.length, small.length, (i, j) => Number(i === j)),
      ),
    ).toBeLessThan(1e-10);
    const stretch = rows <= columns ? product(gradient, transposed(factor)) : product(transposed(factor), gradient);
    expect(distance(stretch, transposed(stretch))).toBeLessThan(1e-10);
    expect(Math.min(...stretch.map((row, i) => row[i]!))).toBeGreaterThan(0);
  });

  test("Muon is AdamW for vectors, single rows and columns, to the bit, and for a group that is not orthogonalised", () => {
    const vectors = { row: [1, 9], column: [5, 1], vector: 11, none: [0, 4] };
    const options = { learningRate: 0.01, weightDecay: 0.1 };
    const walkOn = (create: Create, of: Readonly<Record<string, number | readonly number[]>>) => {
      using set = parameters(of, { engine });
      draw(set, 1, "values");
      using optimizer = create(set);
      for (let step = 0; step < 20; step++) {
        draw(set, 100 + step, "gradients");
        optimizer.step();
      }
      return Object.fromEntries(Object.entries(set.values).map(([name, array]) => [name, [...array]]));
    };
    expect(walkOn((set) => muon(set, options), vectors)).toEqual(walkOn((set) => adamw(set, options), vectors));
    const all = walkOn((set) => muon(set, { ...options, orthogonalize: false }), shapes);
    expect(all).toEqual(walkOn((set) => adamw(set, options), shapes));
    expect(all).not.toEqual(walkOn((set) => muon(set, options), shapes));
  });

  // L = R = diag(sum g^2): L^(-1/4) G R^(-1/4) = g / sqrt(sum g^2).
  test("a diagonal problem is AdaGrad's: the exponent -1/2 for a pair of sides", () => {
    using set = parameters({ w: [4, 4] }, { dtype: "float64", engine });
    const options = {
      learningRate: 0.5,
      beta1: 0,
      beta2: 1,
      frequency: 1,
      relativeEpsilon: 0,
      absoluteEpsilon: 1e-30,
    } as const;
    using optimizer = shampoo(set, { ...options, grafting: { kind: "none" } });
    const diagonal = new Float64Array(4);
    using expected = adagrad([diagonal], { learningRate: 0.5, epsilon: 0, engine });
    for (let step = 1; step <= 6; step++) {
      const gradient = Float64Array.from([1, 2, 3, 4], (k) => Math.sin(k * step));
      set.gradients.w.fill(0);
      gradient.forEach((g, i) => {
        set.gradients.w[5 * i] = g;
      });
      optimizer.step();
      expected.step([gradient]);
    }
    diagonal.forEach((x, i) => {
      expect(set.values.w[5 * i]).toBeCloseTo(x, 10);
    });
    expect([...set.values.w].filter((x, i) => i % 5 !== 0 && Math.abs(x) > 1e-12)).toEqual([]);
  });
});

const identity = (n: number) => Array.from({ length: n * n }, (_, k) => Number(k % (n + 1) === 0));
