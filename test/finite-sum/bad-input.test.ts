// Every mistake gets an error that says what and where, and holds no memory.

import { describe, expect, test } from "vitest";
import { type CsrParts, csr, minimize, minimizeSync } from "../../src/finite-sum/index.js";
import { METHOD_NAMES } from "../../src/finite-sum/methods/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
type Kind = typeof TypeError | typeof RangeError;

const quoted = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(", ");
const LOSS_LIST = quoted([
  "logistic",
  "squared",
  "absolute",
  "hinge",
  "squaredHinge",
  "smoothedHinge",
  "huber",
  "modifiedHuber",
  "epsilonInsensitive",
  "poisson",
  "perceptron",
  "sigmoid",
  "softmax",
]);
const METHOD_LIST = quoted(METHOD_NAMES);

const features = new Float64Array([1, 0, 0, 1, 1, 1]);
const good = { features, rows: 3, columns: 2, labels: [1, -1, 1], loss: "logistic" };
const matrix = csr({ values: new Float64Array([1, 2, 3]), indices: [0, 1, 1], offsets: [0, 2, 2, 3], columns: 2 });
const sparse = { features: matrix, labels: [1, -1, 1], loss: "logistic" };

async function expectRefusal(problem: unknown, options: object, error: Kind, message: string): Promise<void> {
  const all = [problem as never, { engine, ...options }] as const;
  const expected = (name: string) => new error(`${name}: ${message}`);
  expect(() => minimizeSync(...all)).toThrow(expected("minimizeSync"));
  await expect(minimize(...all)).rejects.toThrow(expected("minimize"));
}

test("without a mistake both problems are solved", () => {
  for (const problem of [good, sparse]) expect(minimizeSync(problem as never, { engine }).weights).toHaveLength(2);
});

describe("problems", () => {
  const withValue = (k: number, value: number) => features.map((x, i) => (i === k ? value : x));
  const cases: [problem: unknown, error: Kind, message: string][] = [
    [undefined, TypeError, "the problem must be an object, got undefined"],
    [null, TypeError, "the problem must be an object, got null"],
    [{ ...good, loss: "log" }, RangeError, `loss must be one of ${LOSS_LIST}, got "log"`],
    [{ ...good, loss: undefined }, RangeError, `loss must be one of ${LOSS_LIST}, got undefined`],
    [
      { ...good, features: [1, 0, 0, 1, 1, 1] },
      TypeError,
      "row 0 of the features must be an array of numbers, got 1; one row is [[...]], one column [[...], [...]]",
    ],
    [
      { ...good, features: new Int32Array(6) },
      TypeError,
      "features must be a Float32Array, a Float64Array, a csr matrix or an array of rows, got an Int32Array",
    ],
    [{ ...good, features: [[1], [1, 2], [1]] }, RangeError, "row 1 must have 1 columns as row 0 has, got 2"],
    [{ ...good, features: [] }, RangeError, "features must have at least one row and one column"],
    [{ ...good, columns: 1, features: [[1], [2], [Number.NaN]] }, RangeError, "features are NaN in row 2, column 0"],
    [
      { ...good, features: withValue(5, Number.POSITIVE_INFINITY), sampleWeights: [1, 1, 0] },
      RangeError,
      "features are Infinity in row 2, column 1",
    ],
    [
      { ...good, features: withValue(1, Number.NaN), scaleColumns: true },
      RangeError,
      "features are NaN in row 0, column 1",
    ],
    [
      { ...good, features: Float32Array.from(withValue(2, Number.NaN)) },
      RangeError,
      "features are NaN in row 1, column 0",
    ],
    [
      { ...good, loss: "softmax", labels: [0, 1, 2], features: withValue(3, Number.NEGATIVE_INFINITY) },
      RangeError,
      "features are -Infinity in row 1, column 1",
    ],
    [{ ...good, features: [[1], [2], [3]] }, RangeError, "columns is 2, features have 1"],
    [
      { ...good, rows: undefined, columns: undefined, features: [[1], [2]] },
      RangeError,
      "there must be 2 labels, got 3",
    ],
    [
      { ...good, columns: undefined, labels: [1, -1, 1], features: new Float64Array(7) },
      RangeError,
      "7 features can't be 3 rows of the same length",
    ],
    [{ ...good, rows: 0 }, RangeError, "rows must be an integer in [1, 2147483647], got 0"],
    [{ ...good, columns: 1.5 }, RangeError, "columns must be an integer in [1, 2147483647], got 1.5"],
    [{ ...good, columns: 3 }, RangeError, "6 features can't be 3 rows of 3 columns"],
    [{ ...good, features: withValue(3, Number.NaN) }, RangeError, "features are NaN in row 1, column 1"],
    [
      { ...good, features: withValue(4, Number.NEGATIVE_INFINITY) },
      RangeError,
      "features are -Infinity in row 2, column 0",
    ],
    [{ ...good, labels: [1, -1] }, RangeError, "there must be 3 labels, got 2"],
    [{ ...good, labels: undefined }, TypeError, "labels must be an array of numbers, got undefined"],
    [{ ...good, labels: 3 }, TypeError, "labels must be an array of numbers, got 3"],
    [{ ...good, labels: [1, Number.NaN, 1] }, RangeError, "the label of row 1 is NaN"],
    [{ ...good, labels: [1, "yes", 1] }, TypeError, 'the label of row 1 must be a number, got "yes"'],
    [
      { ...good, columns: 1, features: [[1], [null], [3]] },
      TypeError,
      "the feature in row 1, column 0 must be a number, got null",
    ],
    [
      { ...good, labels: [1, -1, 2] },
      RangeError,
      "labels must be -1 and 1, or 0 and 1, for the logistic loss, got 2 in row 2",
    ],
    [
      { ...good, labels: [1, -1, 0] },
      RangeError,
      "labels must be -1 and 1, or 0 and 1, for the logistic loss, got -1 in row 1",
    ],
    [
      { ...good, loss: "squared", labels: [1, Number.POSITIVE_INFINITY, 0] },
      RangeError,
      "the label of row 1 is Infinity",
    ],
    [{ ...good, l2: -0.1 }, RangeError, "l2 must be in [0, Infinity), got -0.1"],
    [{ ...good, l2: Number.NaN }, RangeError, "l2 must be in [0, Infinity), got NaN"],
    [{ ...good, l2: "0.1" }, TypeError, 'l2 must be a number, got "0.1"'],
    [{ ...good, intercept: 1 }, TypeError, "intercept must be true or false, got 1"],
    [{ ...sparse, rows: 4 }, RangeError, "rows is 4, features have 3"],
    [{ ...sparse, columns: 3 }, RangeError, "columns is 3, features have 2"],
    [
      { ...sparse, features: csr({ values: new Float64Array(0), indices: [], offsets: [0], columns: 2 }), labels: [] },
      RangeError,
      "the csr matrix has no rows",
    ],
    [{ ...sparse, labels: [1] }, RangeError, "there must be 3 labels, got 1"],
  ];

  test.each(cases)("%o", async (problem, error, message) => {
    await expectRefusal(problem, {}, error, message);
  });
});

describe("options", () => {
  const cases: [options: object, error: Kind, message: string][] = [
    [{ method: "adam" }, RangeError, `method must be one of ${METHOD_LIST}, got "adam"`],
    [{ passes: 0 }, RangeError, "passes must be an integer in [1, 9007199254740991], got 0"],
    [{ passes: 1.5 }, RangeError, "passes must be an integer in [1, 9007199254740991], got 1.5"],
    [{ method: "svrg", passes: 1 }, RangeError, "passes must be an integer in [2, 9007199254740991], got 1"],
    [{ tolerance: -1 }, RangeError, "tolerance must be in [0, Infinity), got -1"],
    [{ tolerance: Number.NaN }, RangeError, "tolerance must be in [0, Infinity), got NaN"],
    [{ stepSize: 0 }, RangeError, "stepSize must be in (0, Infinity), got 0"],
    [{ stepSize: "auto" }, TypeError, 'stepSize must be a number, got "auto"'],
    [{ seed: 0.5 }, RangeError, "seed must be an integer in [-9007199254740991, 9007199254740991], got 0.5"],
    [{ seed: "x" }, TypeError, 'seed must be an integer, got "x"'],
    [{ maximumSeconds: -1 }, RangeError, "maximumSeconds must be in [0, Infinity), got -1"],
    [{ engine: {} }, TypeError, "engine must come from load(), got an Object"],
    [{ order: "uniform" }, TypeError, 'order must be a function, got "uniform"'],
    [{ method: "sag", order: () => [0, 1, 2] }, TypeError, "order must fill the array that it is given"],
    [{ onPass: 5 }, TypeError, "onPass must be a function, got 5"],
    [{ signal: new AbortController() }, TypeError, "signal must be an AbortSignal, got an AbortController"],
    [{ signal: null }, TypeError, "signal must be an AbortSignal, got null"],
    [
      { steps: 3 },
      RangeError,
      'there is no option "steps"; there are method, passes, tolerance, stepSize, sampling, lineSearch, batchSize, snapshot, seed, order, onPass, maximumSeconds, signal, engine, start',
    ],
  ];

  test.each(cases)("%o", async (options, error, message) => {
    await expectRefusal(good, options, error, message);
  });

  test.each([
    [(rows: Int32Array) => rows.fill(3), 3],
    [(rows: Int32Array, pass: number) => rows.set([0, 1, pass === 2 ? -1 : 2]), -1],
  ])("an order with rows that do not exist, %#", async (order, row) => {
    const refusal = new RangeError(`minimize: order must hold rows in [0, 2], got ${row}`);
    const options = { method: "sag", order: order as never, tolerance: 0, engine } as const;
    expect(() => minimizeSync(good as never, options)).toThrow(refusal);
    await expect(minimize(good as never, options)).rejects.toThrow(refusal);
  });

  test("an order that is written to while it is used", async () => {
    const rows = 10_000;
    const long = {
      ...good,
      features: new Float64Array(rows),
      rows,
      columns: 1,
      labels: new Float64Array(rows).fill(1),
    };
    let kept: Int32Array | undefined;
    const order = (draws: Int32Array) => {
      draws.fill(0);
      kept ??= draws;
    };
    const run = minimize(long as never, { method: "sag", order, tolerance: 0, passes: 1000, engine });
    const writing = setInterval(() => kept?.fill(rows));
    await expect(run).rejects.toThrow("order must hold rows in [0, 9999], got 10000");
    clearInterval(writing);
  });

  test("something else than an object", async () => {
    expect(() => minimizeSync(good as never, 7 as never)).toThrow(
      new TypeError("minimizeSync: options must be an object, got 7"),
    );
    await expect(minimize(good as never, null as never)).rejects.toThrow(
      new TypeError("minimize: options must be an object, got null"),
    );
  });
});

test("rows and columns follow from labels and features", () => {
  const { rows: _rows, columns: _columns, ...inferred } = good;
  const run = (problem: object) => minimizeSync(problem as never, { engine }).weights;
  expect(run(inferred)).toEqual(run(good));
});

test("an array of rows is the matrix of them", () => {
  const { rows: _rows, columns: _columns, ...rest } = good;
  const expected = minimizeSync(good as never, { engine }).weights;
  const nested = [[1, 0], new Float32Array([0, 1]), [1, 1]];
  expect(minimizeSync({ ...rest, features: nested } as never, { engine }).weights).toEqual(expected);
});

describe("a step that is too large", () => {
  const long = { ...good, loss: "squared", labels: [5, -3, 2], l2: 0.1 };

  test.each(["sag", "saga", "svrg"] as const)("ends in an error once it is hopeless, %s", async (method) => {
    for (const problem of [long, { ...sparse, loss: "squared", labels: [5, -3, 2], l2: 0.1 }]) {
      const run = () => minimizeSync(problem as never, { method, stepSize: 9, passes: 400, engine });
      expect(run).toThrow(RangeError);
      expect(run).toThrow(
        /^minimize: the (objective|gradient) became [^ ]+; a smaller stepSize may help, or scaleColumns$/,
      );
      await expect(minimize(problem as never, { method, stepSize: 9, passes: 400, engine })).rejects.toThrow(
        / became /,
      );
    }
  });

  test.each([10, 1e4])("is refused from 1 / l2 on: %d", (stepSize) => {
    const run = () => minimizeSync(long as never, { method: "sag", stepSize, engine });
    expect(run).toThrow(new RangeError(`minimize: stepSize must be below 1 / l2 = 10, got ${stepSize}`));
  });

  test("does not pass for convergence before it overflows", () => {
    const result = minimizeSync(long as never, { method: "sag", stepSize: 3, passes: 3, tolerance: 1e-3, engine });
    expect(result.converged).toBe(false);
    expect(result.objective).toBeGreaterThan(100);
  });
});

describe("csr", () => {
  const parts = { values: new Float64Array([1, 2, 3]), indices: [0, 1, 1], offsets: [0, 2, 2, 3], columns: 2 };
  const cases: [changes: object, error: Kind, message: string][] = [
    [{ values: [1, 2, 3] }, TypeError, "values must be a Float32Array or a Float64Array, got an Array"],
    [{ columns: 0 }, RangeError, "columns must be an integer in [1, 2147483647], got 0"],
    [{ columns: "2" }, TypeError, 'columns must be an integer, got "2"'],
    [{ indptr: [0, 1] }, RangeError, 'there is no part "indptr"; there are values, indices, offsets, columns'],
    [{ indices: [0, 1] }, RangeError, "indices must have 3 elements as values has, got 2"],
    [{ indices: undefined }, RangeError, "indices must have 3 elements as values has, got undefined"],
    [{ indices: [0, 1, 2] }, RangeError, "indices[2] must be an integer in [0, 1], got 2"],
    [{ indices: [0, -1, 1] }, RangeError, "indices[1] must be an integer in [0, 1], got -1"],
    [{ indices: [0, 0.5, 1] }, RangeError, "indices[1] must be an integer in [0, 1], got 0.5"],
    [{ indices: [1, 1, 1] }, RangeError, "row 0 has column 1 twice"],
    [{ offsets: [] }, RangeError, "offsets must have one element more than there are rows"],
    [{ offsets: undefined }, RangeError, "offsets must have one element more than there are rows"],
    [{ offsets: [1, 2, 2, 3] }, RangeError, "offsets[0] must be 0, got 1"],
    [{ offsets: [0, 2, 1, 3] }, RangeError, "offsets must not fall, but go from 2 to 1 at row 1"],
    [{ offsets: [0, 1.5, 2, 3] }, RangeError, "offsets[1] must be an integer in [0, 2147483647], got 1.5"],
    [{ offsets: [0, 2, 2] }, RangeError, "the last offset must be the 3 stored values, got 2"],
    [{ offsets: [0, 2, 2, 9] }, RangeError, "the last offset must be the 3 stored values, got 9"],
    [{ values: new Float64Array([1, 2, Number.NaN]) }, RangeError, "the value in row 2, column 1 is NaN"],
    [
      { values: new Float32Array([1, Number.POSITIVE_INFINITY, 3]) },
      RangeError,
      "the value in row 0, column 1 is Infinity",
    ],
  ];

  test.each(cases)("%o", (changes, error, message) => {
    expect(() => csr({ ...parts, ...changes } as CsrParts)).toThrow(new error(`csr: ${message}`));
  });

  test("a column may come once in each row, in any order", () => {
    const { rows, columns } = csr({
      values: new Float64Array([1, 2, 3, 4]),
      indices: [1, 0, 0, 1],
      offsets: [0, 2, 4],
      columns: 2,
    });
    expect([rows, columns]).toEqual([2, 2]);
  });

  test("indices and offsets are copied", () => {
    const indices = [0, 1, 1];
    const offsets = [0, 2, 2, 3];
    const matrix = csr({ ...parts, indices, offsets });
    indices[0] = 77;
    offsets[1] = 77;
    expect([...matrix.indices, ...matrix.offsets]).toEqual([0, 1, 1, 0, 2, 2, 3]);
  });
});
