// schuss/linalg: batches, packed and half-known matrices. Each against the plain function, or a system worked by hand.

import { afterAll, describe, expect, test } from "vitest";
import {
  inverseRoot,
  inverseRootBatched,
  multiply,
  multiplyBatched,
  packSymmetric,
  recompose,
  refreshBasis,
  solvePositiveDefinite,
  symmetricEigen,
  symmetricEigenBatched,
  symmetricMultiply,
  unpackSymmetric,
} from "../../src/matrix/linalg/index.js";
import { Engine } from "../../src/memory/engine.js";
import { seeded } from "../kernels/numbers.js";
import { identity, matrix, product, withSpectrum } from "./dense.js";
import { clustered, graded, hilbert, toeplitz, toeplitzValues } from "./spectra.js";

const engines = (["strict", "relaxed", "reference"] as const).map((variant) => new Engine({ variant }));
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

const N = 12;

/** Symmetric matrices of one size with eigenvalues in closed form, ascending, or none that matter. */
const known = [
  { name: "Toeplitz", rows: toeplitz(N), values: toeplitzValues(N) },
  {
    name: "rank-deficient",
    rows: withSpectrum(seeded(1), [...Array(7).fill(0), 1, 2, 3, 4, 5]),
    values: [...Array(7).fill(0), 1, 2, 3, 4, 5],
  },
  { name: "clustered", rows: withSpectrum(seeded(2), clustered(N)), values: [...clustered(N)].sort((x, y) => x - y) },
  { name: "graded", rows: withSpectrum(seeded(3), graded(N, 1e12)), values: graded(N, 1e12).reverse() },
];

describe.each(engines)("$variant", (engine) => {
  describe.each([Float32Array, Float64Array])("%o", (FloatArray) => {
    const roundoff = FloatArray === Float32Array ? 2 ** -24 : 2 ** -53;
    const flat = (rows: readonly (readonly number[])[]) => FloatArray.from(rows.flat());
    const off = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
      expect(actual.length).toBe(expected.length);
      return Math.max(0, ...Array.from(expected, (x, i) => Math.abs(x - actual[i]!)));
    };
    const draw = (seed: number, length: number) => {
      const random = seeded(seed);
      return FloatArray.from(Array.from({ length }, () => random() - 0.5));
    };

    test.each([
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ])("multiplyBatched is multiply, matrix by matrix: %s, %s", (transposeA, transposeB) => {
      const [count, m, n, k] = [5, 3, 7, 4];
      const [a, b, before] = [draw(1, count * m * k), draw(2, count * k * n), draw(3, count * m * n)];
      const options = { transposeA, transposeB, alpha: 0.5, beta: 2, engine };
      const out = before.slice();
      expect(multiplyBatched(count, a, b, k, { ...options, out })).toBe(out);
      for (let i = 0; i < count; i++) {
        const part = (x: typeof a, length: number) => x.slice(i * length, (i + 1) * length);
        const expected = multiply(part(a, m * k), part(b, k * n), k, { ...options, out: part(before, m * n) });
        expect(part(out, m * n)).toStrictEqual(expected);
      }
    });

    test("symmetricEigenBatched is symmetricEigen, and finds closed forms", () => {
      const { values, vectors } = symmetricEigenBatched(flat(known.flatMap(({ rows }) => rows)), known.length, {
        engine,
      });
      for (const [i, { rows, values: expected, name }] of known.entries()) {
        const single = symmetricEigen(flat(rows), { engine });
        expect(values.slice(i * N, (i + 1) * N), name).toStrictEqual(single.values);
        expect(vectors.slice(i * N * N, (i + 1) * N * N), name).toStrictEqual(single.vectors);
        expect(off(single.values, expected), name).toBeLessThan(40 * roundoff * expected.at(-1)!);
      }
    });

    test("inverseRootBatched is inverseRoot, and its fourth power times the matrix and its ridge the identity", () => {
      const matrices = [...known.map(({ rows }) => rows), hilbert(N)];
      const roots = inverseRootBatched(flat(matrices.flat()), matrices.length, 4, { relativeRidge: 1e-2, engine });
      for (const [i, rows] of matrices.entries()) {
        const root = roots.slice(i * N * N, (i + 1) * N * N);
        expect(root).toStrictEqual(inverseRoot(flat(rows), 4, { relativeRidge: 1e-2, engine }));
        const ridge = 1e-2 * symmetricEigen(flat(rows), { engine }).values.at(-1)!;
        const P = matrix(N, N, (r, c) => root[r * N + c]!);
        const shifted = matrix(N, N, (r, c) => rows[r]![c]! + (r === c ? ridge : 0));
        const power = product(product(P, P), product(P, P));
        expect(off(product(power, shifted).flat(), identity(N).flat())).toBeLessThan(5e4 * roundoff);
      }
      expect(() => inverseRootBatched(new FloatArray(8), 2, 2, { engine })).toThrow(
        "inverseRootBatched: matrix 0 has no inverse root: an eigenvalue is 0 or less, and so is the ridge",
      );
    });

    test("packed triangles keep a symmetric matrix to the bit, and only the lower one is read", () => {
      for (let n = 0; n <= 20; n++) {
        const full = flat(matrix(n, n, (i, j) => (i + 1) * (j + 1) + Math.abs(i - j) / 8));
        const half = full.map((x, k) => (k % n > Math.floor(k / n) ? Number.NaN : x));
        const packed = packSymmetric(half, { engine });
        const rows = Array.from({ length: n }, (_, i) => [...full.subarray(i * n, i * n + i + 1)]);
        expect(packed).toStrictEqual(flat(rows));
        expect(unpackSymmetric(packed, { engine })).toStrictEqual(full);
      }
    });

    test("symmetricMultiply is multiply on either side, and reads the lower triangle", () => {
      for (const [n, other] of [
        [0, 3],
        [1, 1],
        [5, 3],
        [33, 20],
      ] as const) {
        const full = flat(matrix(n, n, (i, j) => Math.cos(i * j) + (i + j)));
        const half = full.map((x, k) => (k % n > Math.floor(k / n) ? Number.NaN : x));
        const b = draw(n, n * other);
        expect(symmetricMultiply(half, b, { engine })).toStrictEqual(multiply(full, b, n, { engine }));
        const options = { alpha: 2, beta: -1, engine };
        const [out, expected] = [b.slice(), b.slice()];
        expect(symmetricMultiply(half, b, { ...options, side: "right", out })).toBe(out);
        multiply(b, full, n, { ...options, out: expected });
        expect(out).toStrictEqual(expected);
      }
    });

    test("solvePositiveDefinite solves a system by hand, and the inverse times the matrix is the identity", () => {
      const x = solvePositiveDefinite(FloatArray.of(4, 2, 2, 5), FloatArray.of(8, 12), { engine });
      expect(off(x, [1, 2])).toBeLessThan(8 * roundoff);
      for (const n of [0, 1, 31, 70]) {
        // The inverse of this one is (min(i, j) + 1) (n - max(i, j)) / (n + 1).
        const inverse = solvePositiveDefinite(flat(toeplitz(n)), flat(identity(n)), { engine });
        const expected = matrix(n, n, (i, j) => ((Math.min(i, j) + 1) * (n - Math.max(i, j))) / (n + 1));
        expect(off(inverse, expected.flat())).toBeLessThan(n * n * n * roundoff + roundoff);
      }
      expect(() => solvePositiveDefinite(FloatArray.of(1, 2, 2, 1), FloatArray.of(1, 1), { engine })).toThrow(
        "solvePositiveDefinite: matrix must be positive definite: the pivot of row 1 is not positive",
      );
    });

    test("recompose turns a decomposition back, and makes the square root by closed form", () => {
      for (const { rows, values } of known) {
        const { values: found, vectors } = symmetricEigen(flat(rows), { engine });
        expect(off(recompose({ values: found, vectors }, { engine }), rows.flat())).toBeLessThan(
          200 * roundoff * values.at(-1)!,
        );
      }
      const { values, vectors } = symmetricEigen(FloatArray.of(5, 4, 4, 5), { engine });
      const root = recompose({ values: values.map(Math.sqrt), vectors }, { engine });
      expect(off(root, [2, 1, 1, 2])).toBeLessThan(20 * roundoff);
    });

    test("refreshBasis comes to the eigenvectors by descending eigenvalue, in their places", () => {
      const values = [100, 30, 10, 3, 1];
      const a = flat(withSpectrum(seeded(5), values));
      let vectors = flat(identity(5));
      let found = vectors;
      for (let step = 0; step < 60; step++) ({ vectors, values: found } = refreshBasis(a, vectors, { engine }));
      expect(off(found, values)).toBeLessThan(400 * roundoff * 100);
      expect(off(recompose({ values: found, vectors }, { engine }), a)).toBeLessThan(400 * roundoff * 100);
    });
  });
});

describe("wrong arguments", () => {
  const f = new Float32Array(6);
  const cases: readonly [() => unknown, string][] = [
    [() => multiplyBatched(0, f, f, 1), "multiplyBatched: count must be an integer in [1, 2147483647], got 0"],
    [() => multiplyBatched(4, f, f, 1), "multiplyBatched: a must have a multiple of 4 elements, the matrices, got 6"],
    [
      () => multiplyBatched(2, f, f, 2),
      "multiplyBatched: each of a must have a multiple of 2 elements, the inner dimension, got 3",
    ],
    [
      () => symmetricEigenBatched(f, 3),
      "symmetricEigenBatched: each of matrices must be square, n * n elements, got 2",
    ],
    [() => inverseRootBatched(f, 6, 0), "inverseRootBatched: p must be in (0, Infinity), got 0"],
    [
      () => unpackSymmetric(new Float32Array(5)),
      "unpackSymmetric: packed must be a triangle, n (n + 1) / 2 elements, got 5",
    ],
    [() => packSymmetric(f), "packSymmetric: matrix must be square, n * n elements, got 6"],
    [
      () => symmetricMultiply(new Float32Array(4), f, { side: "top" as never }),
      'symmetricMultiply: side must be one of "left", "right", got "top"',
    ],
    [
      () => solvePositiveDefinite(new Float32Array(16), f),
      "solvePositiveDefinite: b must have a multiple of 4 elements, as many rows as matrix, got 6",
    ],
    [() => recompose({ values: f, vectors: f }), "recompose: vectors must have 36 elements, 6 x 6, got 6"],
    [() => refreshBasis(new Float32Array(4), f), "refreshBasis: basis must have 4 elements, 2 x 2, got 6"],
  ];

  test.each(cases)("%# are refused by name", (call, message) => {
    expect(call).toThrow(message);
  });
});
