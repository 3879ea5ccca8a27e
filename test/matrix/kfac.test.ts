// K-FAC of one linear layer is the natural gradient, which NumPy solves for; and it goes with any rule.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parameters, sgd } from "../../src/index.js";
import { Kfac, type KfacOptions, kfac } from "../../src/matrix/kfac.js";
import { seeded } from "../kernels/numbers.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const golden = JSON.parse(readFileSync(new URL("../golden/numpy-kfac.json", import.meta.url), "utf8"));

const { inputs, outputs }: { inputs: number; outputs: number } = golden;

type Rows = readonly (readonly number[])[];

/** Every activation with every output gradient: the two are independent. */
const pairs = (golden.activations as Rows).flatMap((a) => (golden.outputGradients as Rows).map((g) => ({ a, g })));

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  describe.each(["float32", "float64"] as const)("%s", (dtype) => {
    const FloatArray = dtype === "float32" ? Float32Array : Float64Array;
    const flat = (rows: Rows) => FloatArray.from(rows.flat());
    const make = (options: Partial<KfacOptions> = {}) =>
      kfac({ inputs, outputs, bias: true, damping: 0, dtype, engine, ...options });
    const activations = flat(pairs.map(({ a }) => a));
    const outputGradients = flat(pairs.map(({ g }) => g));
    const ofMean = outputGradients.map((x) => x / pairs.length);

    /** What becomes of the golden gradient, with the bias as the last column. */
    function direction(layer: Kfac, inputsFirst = false): number[][] {
      const gradient = golden.gradient as Rows;
      const weight = (i: number, j: number) => (inputsFirst ? j * outputs + i : i * inputs + j);
      const weights = new FloatArray(inputs * outputs);
      gradient.forEach((row, i) => {
        for (let j = 0; j < inputs; j++) weights[weight(i, j)] = row[j]!;
      });
      const bias = FloatArray.from(gradient.map((row) => row[inputs]!));
      layer.precondition(weights, bias);
      return gradient.map((_, i) => [...Array.from({ length: inputs }, (_, j) => weights[weight(i, j)]!), bias[i]!]);
    }

    function expectNear(actual: Rows, expected: Rows): void {
      const scale = Math.max(...expected.flat().map(Math.abs));
      const off = Math.max(...expected.flat().map((x, k) => Math.abs(x - actual.flat()[k]!)));
      expect(off / scale).toBeLessThan(dtype === "float32" ? 1e-5 : 1e-13);
    }

    test("of a linear layer with a Gaussian likelihood it is the natural gradient", () => {
      using layer = make();
      layer.accumulate(activations, ofMean);
      expectNear(direction(layer), golden.natural);
    });

    test("damping is parted between the factors by their mean eigenvalues", () => {
      using layer = make({ damping: golden.damping, reduction: "sum" });
      layer.accumulate(activations, outputGradients);
      expectNear(direction(layer), golden.damped);
    });

    test("weights may lie with the inputs first", () => {
      using layer = make({ damping: golden.damping, layout: "inputsFirst" });
      layer.accumulate(activations, ofMean);
      expectNear(direction(layer, true), golden.damped);
    });

    test("the factors are means over all batches at first, and decay later", () => {
      using layer = make({ inputs: 1, outputs: 1, bias: false, decay: 0.75, interval: 1, reduction: "sum" });
      let [a, g] = [0, 0];
      for (const [t, x] of [1, 3, 2, 5, 4, 6].entries()) {
        layer.accumulate(FloatArray.of(x), FloatArray.of(x + 1));
        const kept = Math.min(1 - 1 / (t + 1), 0.75);
        [a, g] = [kept * a + (1 - kept) * x ** 2, kept * g + (1 - kept) * (x + 1) ** 2];
        const weights = FloatArray.of(1);
        layer.precondition(weights);
        expect(weights[0]! * a * g).toBeCloseTo(1, dtype === "float32" ? 5 : 13);
      }
    });

    test("inverses stay for the interval, and a restored state goes on to the bit", () => {
      const random = seeded(1);
      const draw = (length: number) => FloatArray.from(Array.from({ length }, () => random() - 0.5));
      using layer = make({ damping: 0.1, interval: 3 });
      const seen: number[][][] = [];
      let state: ReturnType<Kfac["stateDict"]> | undefined;
      const batches = Array.from({ length: 7 }, () => [draw(4 * inputs), draw(4 * outputs)] as const);
      for (const [t, batch] of batches.entries()) {
        layer.accumulate(...batch);
        seen.push(direction(layer));
        if (t === 3) state = layer.stateDict();
      }
      const changes = seen.slice(1).map((rows, t) => JSON.stringify(rows) !== JSON.stringify(seen[t]));
      expect(changes).toEqual([false, false, true, false, false, true]);
      using other = make({ damping: 0.1, interval: 3 });
      other.loadStateDict(state!);
      for (let t = 4; t < 7; t++) {
        other.accumulate(...batches[t]!);
        expect(direction(other)).toEqual(seen[t]);
      }
    });

    test("handed to a rule it solves an ill-conditioned regression in one step", () => {
      // y = 2 x_0 - 3 x_1 + 1, inputs of very different sizes; the second moment of exact targets' noise is 1.
      const random = seeded(2);
      const x = Array.from({ length: 64 }, () => [random() - 0.5, 100 * random()] as const);
      using set = parameters({ w: [1, 2], b: 1 }, { dtype, engine });
      using optimizer = sgd(set, { learningRate: 1 });
      using layer = make({ inputs: 2, outputs: 1 });
      const residuals = x.map(([u, v]) => 3 * v - 2 * u - 1);
      set.gradients.w.set([0, 1].map((k) => x.reduce((sum, row, i) => sum + (row[k]! * residuals[i]!) / 64, 0)));
      set.gradients.b.set([residuals.reduce((sum, r) => sum + r / 64, 0)]);
      // What targets drawn from the model would give in the mean.
      layer.accumulate(flat(x), FloatArray.from(x.map((_, i) => (i % 2 ? 1 : -1) / 64)));
      layer.precondition(set.gradients.w, set.gradients.b);
      optimizer.step();
      const digits = dtype === "float32" ? 2 : 9;
      [2, -3, 1].forEach((value, k) => {
        expect([...set.values.w, ...set.values.b][k]).toBeCloseTo(value, digits);
      });
    });
  });
});

describe("wrong arguments", () => {
  const one = { inputs: 1, outputs: 1 };
  const cases: readonly [(layer: Kfac) => unknown, string][] = [
    [() => kfac({ inputs: 0, outputs: 1 }), "kfac: inputs must be an integer in [1, 32768], got 0"],
    [() => kfac({ inputs: 1 } as never), "kfac: outputs must be an integer, got undefined"],
    [() => kfac({ ...one, damping: -1 }), "kfac: damping must be in [0, Infinity), got -1"],
    [() => kfac({ ...one, decay: 1 }), "kfac: decay must be in [0, 1), got 1"],
    [
      () => kfac({ ...one, layout: "rows" as never }),
      'kfac: layout must be one of "outputsFirst", "inputsFirst", got "rows"',
    ],
    [(layer) => layer.precondition(new Float32Array(2)), "kfac: precondition() before the first accumulate()"],
    [
      (layer) => layer.accumulate(new Float64Array(2), new Float32Array(1)),
      "kfac: activations must have the element type of the layer, float32, got a Float64Array",
    ],
    [
      (layer) => layer.accumulate(new Float32Array(3), new Float32Array(1)),
      "kfac: activations must have a multiple of 2 elements, inputs of every sample, got 3",
    ],
    [
      (layer) => layer.accumulate(new Float32Array(4), new Float32Array(1)),
      "kfac: outputGradients must have 2 elements, 2 x 1, got 1",
    ],
    [
      (layer) => layer.accumulate(new Float32Array(0), new Float32Array(0)),
      "kfac: activations must have a sample at least, got none",
    ],
    [
      (layer) => layer.accumulate(new Float32Array([1, Number.NaN]), new Float32Array(1)),
      "kfac: activations must be finite, got NaN or an infinity",
    ],
    [(layer) => layer.precondition(new Float32Array(3)), "kfac: weights must have 2 elements, 2 by 1, got 3"],
    [
      (layer) => layer.precondition(new Float32Array(2), new Float32Array(1)),
      "kfac: bias must not be given: the layer has none",
    ],
    [
      (layer) => {
        layer.accumulate(new Float32Array([1, 1]), new Float32Array([1]));
        layer.precondition(new Float32Array(2));
      },
      "kfac: damping must be greater for the factor of the activations to be inverted, got 0",
    ],
    [
      (layer) => {
        layer.accumulate(new Float32Array([1, 1]), new Float32Array([1e20]));
        layer.precondition(new Float32Array(2));
      },
      "kfac: the second moment of the output gradients is beyond float32: they have grown too large",
    ],
  ];

  test.each(cases)("%# are refused by name", (call, message) => {
    using layer = kfac({ inputs: 2, outputs: 1, damping: 0 });
    expect(() => call(layer)).toThrow(message);
    expect(layer).toBeInstanceOf(Kfac);
  });

  test("nothing works after dispose()", () => {
    const layer = kfac(one);
    layer.dispose();
    layer.dispose();
    expect(() => layer.stateDict()).toThrow("kfac: used after dispose()");
  });
});
