// Triangular systems and Cholesky factors: against NumPy, by what they are, and at the edges. Not to the bit against the
// references: the kernels sum up in blocks.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { distance, greatestElement, type Matrix, matrix, product, transposed, withSpectrum } from "./dense.js";
import { clustered, graded, hilbert, toeplitz } from "./spectra.js";
import { room, Stage } from "./stage.js";

const golden = JSON.parse(readFileSync(new URL("../golden/numpy-matrices.json", import.meta.url), "utf8"));

const SIZES = [0, 1, 2, 3, 5, 8, 31, 32, 33, 64, 65, 100];

describe.each([...BINARIES, "reference"] as const)("%s", (variant) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const stage = new Stage(variant, dtype, 24);
    const { roundoff, array } = dtypes[dtype];
    const rounded = (a: Matrix) => a.map((row) => [...array.from(row)]);

    /** What lies on the other side of the diagonal is NaN. */
    function solve(upper: number, transpose: number, triangle: Matrix, b: Matrix): number[][] {
      const [n, columns] = [triangle.length, b[0]?.length ?? 0];
      stage.clear();
      const other = triangle.map((row, i) => row.map((x, j) => ((upper ? j >= i : j <= i) ? x : Number.NaN)));
      const [T, B] = [stage.place(other, n), stage.place(b, columns)];
      const scratch = stage.scratch(stage.kernel("solveTriangularScratch")(n, columns));
      stage.kernel("solveTriangular")(upper, transpose, n, columns, T.pointer, T.ld, B.pointer, B.ld, scratch);
      stage.finish();
      return B.read();
    }

    function cholesky(a: Matrix, inPlace = false) {
      const n = a.length;
      stage.clear();
      const lower = a.map((row, i) => row.map((x, j) => (j <= i ? x : Number.NaN)));
      const A = stage.place(lower, n);
      const L = inPlace ? A : stage.place(room(n, n), n);
      const scratch = stage.scratch(stage.kernel("choleskyScratch")(n));
      const failed = stage.kernel("cholesky")(n, A.pointer, A.ld, L.pointer, L.ld, scratch);
      stage.finish();
      return { failed, L: L.read() };
    }

    test("solveTriangular finds NumPy's solutions", () => {
      for (const { upper, transpose, triangle, b, x } of golden.triangular) {
        expect(distance(solve(upper, transpose, triangle, b), x)).toBeLessThanOrEqual(
          40 * roundoff * greatestElement(x),
        );
      }
    });

    // Higham 2002, theorem 8.5: the computed x solves a system whose elements are off by n roundings each.
    test.each([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])("solveTriangular solves systems of every size: %d, %d", (upper, flag) => {
      for (const n of SIZES) {
        for (const columns of [0, 1, 4, 17, 40]) {
          const random = seeded(n * 100 + columns);
          const triangle = rounded(
            matrix(n, n, (i, j) => {
              if (upper ? j < i : j > i) return 0;
              return i === j ? 1 + random() : (random() - 0.5) / Math.sqrt(n);
            }),
          );
          const b = rounded(matrix(n, columns, () => random() - 0.5));
          const x = solve(upper, flag, triangle, b);
          const back = product(flag ? transposed(triangle) : triangle, x);
          if (n > 0) {
            const scale = 2 * greatestElement(x) * Math.sqrt(n);
            expect(distance(back, b), `n ${n}, ${columns} columns`).toBeLessThanOrEqual((n + 2) * roundoff * scale);
          }
        }
      }
    });

    test("a 0 on the diagonal leaves infinities or NaN in its row and after, NaN in B its column", () => {
      const triangle = [
        [1, 0, 0],
        [1, 0, 0],
        [1, 1, 1],
      ];
      const x = solve(0, 0, triangle, [
        [1, 2],
        [1, 3],
        [1, 4],
      ]);
      expect(x[0]).toStrictEqual([1, 2]);
      expect(x[1]![0]).toBeNaN();
      expect(x[1]![1]).toBe(Number.POSITIVE_INFINITY);
      const spoilt = solve(
        0,
        0,
        [
          [1, 0],
          [1, 2],
        ],
        [
          [Number.NaN, 1],
          [1, 1],
        ],
      );
      expect(spoilt).toStrictEqual([
        [Number.NaN, 1],
        [Number.NaN, 0],
      ]);
    });

    test("cholesky finds NumPy's factors", () => {
      for (const { matrix: a, factor } of golden.cholesky) {
        const { failed, L } = cholesky(a);
        expect(failed).toBe(0);
        expect(distance(L, factor)).toBeLessThanOrEqual(20 * roundoff * greatestElement(a));
      }
    });

    // Higham 2002, theorem 10.3: L L^T = A but for n + 1 roundings of the products that enter.
    test("L L^T = A at every size, on known spectra, and L in A's place is the same", () => {
      const spectra = (n: number) => [
        toeplitz(n),
        withSpectrum(seeded(n), clustered(n)),
        withSpectrum(seeded(n), graded(n, dtype === "f32" ? 1e4 : 1e12)),
        withSpectrum(seeded(n), Array(n).fill(3)),
      ];
      for (const n of SIZES) {
        for (const given of spectra(n)) {
          const a = rounded(given);
          const { failed, L } = cholesky(a);
          expect(failed, `n ${n}`).toBe(0);
          if (n === 0) continue;
          expect(distance(product(L, transposed(L)), a)).toBeLessThanOrEqual((n + 4) * roundoff * greatestElement(a));
          expect(L.every((row, i) => row.every((x, j) => (j > i ? Object.is(x, 0) : j < i || x > 0)))).toBe(true);
          expect(cholesky(a, true).L).toStrictEqual(L);
        }
      }
    });

    test("cholesky of Hilbert matrices, as far as the condition allows", () => {
      const n = dtype === "f32" ? 5 : 11;
      const { failed, L } = cholesky(rounded(hilbert(n)));
      expect(failed).toBe(0);
      expect(distance(product(L, transposed(L)), hilbert(n))).toBeLessThanOrEqual((n + 4) * roundoff);
    });

    test("cholesky names the first row whose pivot is not positive", () => {
      for (const [n, bad] of [
        [1, 0],
        [5, 0],
        [5, 4],
        [40, 31],
        [40, 32],
        [70, 69],
      ] as const) {
        const a = matrix(n, n, (i, j) => (i === j ? (i === bad ? -1 : 2) : 0));
        expect(cholesky(a).failed).toBe(bad + 1);
        a[bad]![bad] = Number.NaN;
        expect(cholesky(a).failed).toBe(bad + 1);
      }
      expect(cholesky(matrix(6, 6, () => 0)).failed).toBe(1);
      // Rank 1: the second pivot is 0.
      expect(cholesky(matrix(4, 4, () => 4)).failed).toBe(2);
    });

    test("with both a positive definite system is solved", () => {
      const n = 50;
      const a = rounded(toeplitz(n));
      const x = matrix(n, 3, (i, j) => 1 + ((i * 7 + j) % 5));
      const { L } = cholesky(a);
      const solved = solve(0, 1, L, solve(0, 0, L, product(a, x)));
      // Condition 1053.
      expect(distance(solved, x)).toBeLessThanOrEqual(1053 * 20 * roundoff);
    });
  });
});
