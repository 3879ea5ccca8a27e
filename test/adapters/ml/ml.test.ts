// schuss/ml against the libraries themselves.

import { NeuralNetwork } from "@nlpjs/neural";
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { fromMatrix, logisticRegression, neuralNetwork, toMatrix } from "../../../src/adapters/ml/index.js";
import { load } from "../../../src/index.js";
import { seeded } from "../../kernels/numbers.js";

/** Classes that overlap, so that the minimum is finite. */
function clouds(rows: number, columns: number, classes: number, seed = 1) {
  const random = seeded(seed);
  const y = Array.from({ length: rows }, () => Math.floor(random() * classes));
  const X = y.map((c) => Array.from({ length: columns }, (_, k) => 4 * (random() - 0.5) + (k % classes === c ? 1 : 0)));
  return { X: new Matrix(X), Y: Matrix.columnVector(y) };
}

const loss = (X: Matrix, Y: Matrix, weights: ArrayLike<number>, c: number) =>
  X.to2DArray().reduce((sum, x, i) => {
    const margin = (Y.get(i, 0) === c ? -1 : 1) * x.reduce((s, v, k) => s + v * weights[k]!, 0);
    return sum + Math.log1p(Math.exp(-margin));
  }, 0) / X.rows;

describe("logisticRegression", () => {
  const Fast = logisticRegression(LogisticRegression);

  test.each([2, 3])("finds the weights that the host converges to, %d classes", (classes) => {
    const { X, Y } = clouds(60, 4, classes);
    const [host, fast] = [new LogisticRegression({ numSteps: 20_000, learningRate: 5e-3 }), new Fast()];
    for (const model of [host, fast]) model.train(X, Y);
    expect(fast.classifiers.length).toBe(classes);
    for (let c = 0; c < classes; c++) {
      const [wanted, got] = [host, fast].map((model) => model.classifiers[c]!.weights.to1DArray() as number[]) as [
        number[],
        number[],
      ];
      got.forEach((w, k) => {
        expect(w).toBeCloseTo(wanted[k]!, 6);
      });
      expect(loss(X, Y, got, c)).toBeLessThanOrEqual(loss(X, Y, wanted, c) + 1e-15);
    }
    expect(fast.predict(X)).toStrictEqual(host.predict(X));
  });

  test("is saved and loaded as the host is, by either class", () => {
    const { X, Y } = clouds(40, 3, 3);
    const model = new Fast({ numSteps: 12, learningRate: 0.25 });
    model.train(X, Y);
    const json = JSON.parse(JSON.stringify(model));
    expect(json).toMatchObject({ name: "LogisticRegression", numSteps: 12, learningRate: 0.25, numberClasses: 3 });
    for (const Class of [Fast, LogisticRegression]) {
      // The host's load writes into what it is given.
      const loaded = Class.load(structuredClone(json));
      expect(loaded).toBeInstanceOf(Class);
      expect(loaded.predict(X)).toStrictEqual(model.predict(X));
      expect(JSON.parse(JSON.stringify(loaded))).toStrictEqual(json);
    }
  });

  test("ends on classes that can be told apart, and with l2 at finite weights", () => {
    const [X, Y] = [
      new Matrix([
        [-2, -1],
        [-1, -2],
        [2, 1],
        [1, 2],
      ]),
      Matrix.columnVector([0, 0, 1, 1]),
    ];
    for (const Class of [Fast, logisticRegression(LogisticRegression, { l2: 0.1 })]) {
      const model = new Class();
      model.train(X, Y);
      expect(model.predict(X)).toStrictEqual([0, 0, 1, 1]);
    }
  });

  test("says what it was given", () => {
    expect(() => logisticRegression({} as never)).toThrow(
      "logisticRegression: must be given the class of ml-logistic-regression, got an Object",
    );
    expect(() => logisticRegression(LogisticRegression, { l2: -1 })).toThrow(RangeError);
    expect(() => new Fast().train([[1]] as never, [[1]] as never)).toThrow(
      "logisticRegression: X must be a Matrix of ml-matrix, got an Array",
    );
    const { X } = clouds(5, 2, 2);
    expect(() => new Fast().train(X, Matrix.columnVector([0, 1]))).toThrow("Y must have 5 elements");
  });
});

describe("matrices", () => {
  test("go in and out, views too", () => {
    const X = new Matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(fromMatrix(X)).toStrictEqual({ features: new Float64Array([1, 2, 3, 4, 5, 6]), rows: 2, columns: 3 });
    expect([...fromMatrix(X.subMatrixColumn([2, 0])).features]).toStrictEqual([3, 1, 6, 4]);
    expect(toMatrix(Matrix, fromMatrix(X).features, 3).to2DArray()).toStrictEqual(X.to2DArray());
    expect(toMatrix(Matrix, [1, 2]).to2DArray()).toStrictEqual([[1], [2]]);
  });

  test("must be matrices", () => {
    expect(() => fromMatrix([[1]] as never)).toThrow("fromMatrix: matrix must be a Matrix of ml-matrix, got an Array");
    expect(() => toMatrix(Matrix, [1, 2, 3], 2)).toThrow("toMatrix: values must fill rows of 2, got 3");
  });
});

const corpus = Array.from({ length: 60 }, (_, i) => {
  const random = seeded(i + 1);
  const input = Object.fromEntries(Array.from({ length: 6 }, () => [`t${Math.floor(random() * 40)}_${i % 5}`, 1]));
  return { input: { ...input, common: 1 }, output: { [`intent${i % 5}`]: 1 } };
});

describe.each(["relaxed", "strict", "reference"] as const)("neuralNetwork, %s", (variant) => {
  test("has the host's weights, to the bit, and runs as the host does", async () => {
    const engine = await load({ variant });
    const settings = { iterations: 40, log: false };
    const [host, fast] = [
      new NeuralNetwork({ ...settings }),
      new (neuralNetwork(NeuralNetwork, { engine }))({ ...settings }),
    ];
    const statuses = [host, fast].map((net) => net.train(structuredClone(corpus)));
    expect(fast.toJSON()).toStrictEqual(host.toJSON());
    expect(statuses[1]!.iterations).toBe(statuses[0]!.iterations);
    expect(statuses[1]!.error).toBeCloseTo(statuses[0]!.error, 12);
    for (const { input } of corpus) expect(fast.run(input)).toStrictEqual(host.run(input));
    expect(engine.bytesInUse).toBe(0);
  });

  test("trains on, and frees its memory when a log throws", async () => {
    const engine = await load({ variant });
    const Fast = neuralNetwork(NeuralNetwork, { engine });
    const log = () => {
      throw new Error("enough");
    };
    const net = new Fast({ log });
    expect(() => net.train(structuredClone(corpus))).toThrow("enough");
    expect(engine.bytesInUse).toBe(0);
  });
});
