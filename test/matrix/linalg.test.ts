// schuss/linalg: the decompositions on typed arrays. What they compute is tested with the kernels; here, that they hand it over.

import { afterAll, describe, expect, test } from "vitest";
import { inverseRoot, qr, symmetricEigen } from "../../src/matrix/linalg/index.js";
import { Engine } from "../../src/memory/engine.js";
import { seeded } from "../kernels/numbers.js";
import { type Matrix, matrix, product, symmetric, transposed, withSpectrum } from "./dense.js";

const engines = (["strict", "relaxed", "reference"] as const).map((variant) => new Engine({ variant }));
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

const types = [Float32Array, Float64Array] as const;

const rowsOf = (x: ArrayLike<number>, columns: number): number[][] =>
  matrix(columns === 0 ? 0 : x.length / columns, columns, (i, j) => x[i * columns + j]!);

const flat = (a: Matrix) => a.flat();

describe.each(engines)("$variant", (engine) => {
  describe.each(types)("%o", (FloatArray) => {
    const tolerance = FloatArray === Float32Array ? 5 : 13;

    const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
      expect(actual.length).toBe(expected.length);
      for (let i = 0; i < actual.length; i++) expect(actual[i]).toBeCloseTo(expected[i]!, tolerance);
    };

    test("symmetricEigen gives values and vectors of the matrix's type, which put it together again", () => {
      for (const n of [0, 1, 2, 9, 40]) {
        const a = FloatArray.from(flat(symmetric(seeded(n), n)));
        const kept = a.slice();
        const { values, vectors } = symmetricEigen(a, { engine });
        expect(a).toStrictEqual(kept);
        expect(values).toBeInstanceOf(FloatArray);
        expect(values.length).toBe(n);
        const V = rowsOf(vectors, n);
        close(
          flat(
            product(
              transposed(V),
              V.map((row, k) => row.map((x) => values[k]! * x)),
            ),
          ),
          a,
        );
      }
    });

    test("qr gives factors of the matrix's type, whose product it is", () => {
      for (const [m, n] of [
        [0, 0],
        [3, 0],
        [1, 1],
        [5, 3],
        [3, 5],
        [40, 33],
      ] as const) {
        const random = seeded(m);
        const a = FloatArray.from(Array.from({ length: m * n }, () => random() - 0.5));
        const { q, r } = qr(a, m, { engine });
        const k = Math.min(m, n);
        expect(q).toBeInstanceOf(FloatArray);
        expect([q.length, r.length]).toStrictEqual([m * k, k * n]);
        if (k > 0) close(flat(product(rowsOf(q, k), rowsOf(r, n))), a);
      }
    });

    test("inverseRoot gives roots of any order", () => {
      const n = 12;
      const values = Array.from({ length: n }, (_, k) => 1 + k);
      for (const p of [0.5, 1, 1.5, 2, 4]) {
        const [a, root] = [values, values.map((x) => (x + 0.12 + 0.03) ** (-1 / p))].map((x) =>
          FloatArray.from(flat(withSpectrum(seeded(3), x))),
        ) as [Float64Array, Float64Array];
        close(inverseRoot(a, p, { engine, relativeRidge: 0.01, absoluteRidge: 0.03 }), root);
      }
    });

    test("inverseRoot has a ridge of 1e-6 of the greatest eigenvalue unless told otherwise", () => {
      const root = inverseRoot(FloatArray.of(4, 0, 0, 0), 2, { engine });
      close(root, [0.5 / Math.sqrt(1 + 1e-6), 0, 0, 500]);
    });

    test("inverseRoot takes negative eigenvalues for 0", () => {
      const root = inverseRoot(FloatArray.of(-9, 0, 0, 1), 2, { engine, relativeRidge: 0, absoluteRidge: 0.25 });
      close(root, [2, 0, 0, 1 / Math.sqrt(1.25)]);
    });

    test("inverseRoot of nothing is nothing", () => {
      expect(inverseRoot(new FloatArray(0), 2, { engine, relativeRidge: 0 })).toStrictEqual(new FloatArray(0));
    });

    test("inverseRoot says that there is none", () => {
      const message = "inverseRoot: matrix has no inverse root: an eigenvalue is 0 or less, and so is the ridge";
      expect(() => inverseRoot(new FloatArray(9), 2, { engine })).toThrow(new RangeError(message));
      expect(() => inverseRoot(FloatArray.of(1, 0, 0, 0), 2, { engine, relativeRidge: 0 })).toThrow(message);
    });

    test("they say that elements are not finite", () => {
      const message = /matrix has elements that are NaN or infinite$/;
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const a = FloatArray.of(1, 0, bad, 1);
        expect(() => symmetricEigen(a, { engine })).toThrow(message);
        expect(() => inverseRoot(a, 2, { engine })).toThrow(message);
        expect(() => qr(a, 2, { engine })).toThrow(message);
      }
    });
  });

  test("nothing stays allocated, whether a call succeeds or throws", () => {
    const before = engine.bytesInUse;
    const a = new Float64Array([2, 1, 1, 2]);
    symmetricEigen(a, { engine });
    qr(a, 2, { engine });
    inverseRoot(a, 2, { engine });
    expect(() =>
      symmetricEigen(
        a.map(() => Number.NaN),
        { engine },
      ),
    ).toThrow();
    expect(() =>
      qr(
        a.map(() => Number.NaN),
        2,
        { engine },
      ),
    ).toThrow();
    expect(() =>
      inverseRoot(
        a.map(() => Number.NaN),
        2,
        { engine },
      ),
    ).toThrow();
    expect(engine.bytesInUse).toBe(before);
  });
});

describe("the examples of the documentation", () => {
  test("symmetricEigen", () => {
    const { values, vectors } = symmetricEigen(new Float64Array([2, 1, 1, 2]));
    expect([...values].map((x) => x.toFixed(12))).toStrictEqual(["1.000000000000", "3.000000000000"]);
    expect([...vectors].map((x) => Math.abs(x).toFixed(4))).toStrictEqual(Array(4).fill("0.7071"));
    expect([vectors[0]! * vectors[1]! < 0, vectors[2]! * vectors[3]! > 0]).toStrictEqual([true, true]);
  });

  test("qr", () => {
    const { q, r } = qr(new Float64Array([3, 0, 4, 5]), 2);
    expect([...q].map((x) => Number(x.toFixed(12)))).toStrictEqual([0.6, -0.8, 0.8, 0.6]);
    expect([...r].map((x) => Number(x.toFixed(12)))).toStrictEqual([5, 4, 0, 3]);
  });

  test("inverseRoot", () => {
    const root = inverseRoot(new Float64Array([4, 0, 0, 16]), 2, { relativeRidge: 0 });
    expect([...root].map((x) => Number(x.toFixed(12)) + 0)).toStrictEqual([0.5, 0, 0, 0.25]);
  });
});

describe("arguments", () => {
  const a = new Float64Array(4);
  const bad = (call: () => unknown) => call;
  test.each([
    [
      bad(() => symmetricEigen([1, 2, 3, 4] as never)),
      TypeError,
      "symmetricEigen: matrix must be a Float32Array or a Float64Array, got an Array",
    ],
    [
      bad(() => symmetricEigen(new Float64Array(5))),
      RangeError,
      "symmetricEigen: matrix must be square, n * n elements, got 5",
    ],
    [
      bad(() => symmetricEigen(a, { engines: 1 } as never)),
      RangeError,
      'symmetricEigen: there is no option "engines" (did you mean "engine"?); there are engine',
    ],
    [
      bad(() => symmetricEigen(a, { engine: {} as never })),
      TypeError,
      "symmetricEigen: engine must come from load(), got an Object",
    ],
    [
      bad(() => qr(new Int8Array(4) as never, 2)),
      TypeError,
      "qr: matrix must be a Float32Array or a Float64Array, got an Int8Array",
    ],
    [bad(() => qr(a, 3)), RangeError, "qr: matrix must have rows of equal length, got 4 elements in 3 rows"],
    [bad(() => qr(a, 0)), RangeError, "qr: matrix must have rows of equal length, got 4 elements in 0 rows"],
    [bad(() => qr(a, 1.5)), RangeError, "qr: rows must be an integer in [0, 9007199254740991], got 1.5"],
    [bad(() => inverseRoot(a, 0)), RangeError, "inverseRoot: p must be in (0, Infinity), got 0"],
    [bad(() => inverseRoot(a, "2" as never)), TypeError, 'inverseRoot: p must be a number, got "2"'],
    [
      bad(() => inverseRoot(a, 2, { relativeRidge: -1 })),
      RangeError,
      "inverseRoot: relativeRidge must be in [0, Infinity), got -1",
    ],
    [
      bad(() => inverseRoot(a, 2, { absoluteRidge: Number.NaN })),
      RangeError,
      "inverseRoot: absoluteRidge must be in [0, Infinity), got NaN",
    ],
  ] as const)("%s throws %o", (call, type, message) => {
    expect(call).toThrow(new type(message));
  });
});
