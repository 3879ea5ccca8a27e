// Power iteration, coupled Newton and coupled Newton-Schulz: against NumPy, against closed forms, and by what they are,
// P^p (A + ridge I) = I. Not to the bit against the references, which are in f64.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { distance, greatestElement, identity, type Matrix, matrix, product, withSpectrum } from "./dense.js";
import { clustered, graded, hilbert, toeplitz, toeplitzValues } from "./spectra.js";
import { room, Stage } from "./stage.js";

const golden = JSON.parse(readFileSync(new URL("../golden/numpy-matrices.json", import.meta.url), "utf8"));

const SIZES = [1, 2, 3, 9, 32, 33, 50];

const power = (a: Matrix, p: number): number[][] => {
  let result = a.map((row) => [...row]);
  for (let k = 1; k < p; k++) result = product(result, a);
  return result;
};

const shifted = (a: Matrix, ridge: number): number[][] =>
  a.map((row, i) => row.map((x, j) => (i === j ? x + ridge : x)));

describe.each([...BINARIES, "reference"] as const)("%s", (variant) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const stage = new Stage(variant, dtype, 16);
    const { roundoff, array } = dtypes[dtype];
    const tolerance = dtype === "f32" ? 1e-6 : 1e-13;
    const rounded = (a: Matrix) => a.map((row) => [...array.from(row)]);
    /** Above the diagonal nothing may be read. */
    const lower = (a: Matrix) => a.map((row, i) => row.map((x, j) => (j <= i ? x : Number.NaN)));

    function norm(a: Matrix, steps: number): number {
      stage.clear();
      const A = stage.place(a);
      const scratch = stage.scratch(stage.kernel("spectralNormScratch")(a.length));
      const result = stage.kernel("spectralNorm")(a.length, A.pointer, A.ld, steps, scratch);
      stage.finish();
      return result;
    }

    function coupledNewton(a: Matrix, p: number, ridge: number, greatest: number, most = 50) {
      const n = a.length;
      const scale = (p + 1) / (2 * (greatest + ridge));
      stage.clear();
      const [A, X] = [stage.place(lower(a), n), stage.place(room(n, n), n)];
      const scratch = stage.scratch(stage.kernel("coupledNewtonScratch")(n));
      const error = stage.kernel("coupledNewton")(
        n,
        p,
        A.pointer,
        A.ld,
        ridge,
        scale,
        scale ** (1 / p),
        tolerance,
        most,
        X.pointer,
        X.ld,
        scratch,
      );
      stage.finish();
      return { error, root: X.read() };
    }

    function newtonSchulz(a: Matrix, ridge: number, greatest: number, most = 50) {
      const n = a.length;
      stage.clear();
      const [A, Y, Z] = [stage.place(lower(a), n), stage.place(room(n, n), n), stage.place(room(n, n), n)];
      const scratch = stage.scratch(stage.kernel("newtonSchulzScratch")(n));
      const error = stage.kernel("newtonSchulz")(
        n,
        A.pointer,
        A.ld,
        ridge,
        greatest + ridge,
        tolerance,
        most,
        Y.pointer,
        Y.ld,
        Z.pointer,
        Z.ld,
        scratch,
      );
      stage.finish();
      return { error, root: Y.read(), inverse: Z.read() };
    }

    describe("spectralNorm", () => {
      test("comes to NumPy's norms from below", () => {
        for (const { matrix: a, norm: expected } of golden.norms) {
          const estimate = norm(a, 2000);
          expect(estimate).toBeLessThanOrEqual(expected * (1 + 20 * roundoff));
          expect(estimate).toBeGreaterThanOrEqual(expected * 0.999);
        }
      });

      test("is within a tenth after 24 steps, also where the greatest eigenvalues lie close together", () => {
        for (const n of SIZES) {
          const estimate = norm(toeplitz(n), 24);
          const greatest = toeplitzValues(n).at(-1)!;
          expect(estimate).toBeGreaterThan(0.9 * greatest);
          expect(estimate).toBeLessThanOrEqual(greatest * (1 + 20 * roundoff));
        }
      });

      test("of the longest row without steps; 0 of zeros and of nothing; NaN and infinities as they are", () => {
        expect(
          norm(
            [
              [3, 4],
              [4, 0],
            ],
            0,
          ),
        ).toBe(5);
        expect(
          norm(
            [
              [0, 0],
              [0, 0],
            ],
            5,
          ),
        ).toBe(0);
        expect(norm([], 5)).toBe(0);
        expect(
          norm(
            [
              [1, Number.NaN],
              [Number.NaN, 1],
            ],
            5,
          ),
        ).toBeNaN();
        expect(
          norm(
            [
              [1, 0],
              [0, Number.POSITIVE_INFINITY],
            ],
            5,
          ),
        ).toBe(Number.POSITIVE_INFINITY);
      });

      test("neither overflows nor vanishes", () => {
        for (const scale of dtype === "f32" ? [2 ** -120, 2 ** 120] : [2 ** -1000, 2 ** 1000]) {
          expect(
            norm(
              [
                [2 * scale, scale],
                [scale, 2 * scale],
              ],
              50,
            ) / scale,
          ).toBeCloseTo(3, 5);
        }
      });
    });

    describe("coupledNewton", () => {
      test("finds NumPy's roots", () => {
        for (const { matrix: a, p, ridge, inverse } of golden.roots) {
          const { root, error } = coupledNewton(a, p, ridge, norm(a, 24));
          expect(error).toBeLessThanOrEqual(100 * tolerance);
          // Conditions are below 100.
          expect(distance(root, inverse)).toBeLessThanOrEqual(500 * roundoff * greatestElement(inverse));
        }
      });

      test.each([1, 2, 3, 4, 5, 8])("P^p (A + ridge I) = I for p = %d, on known spectra", (p) => {
        for (const n of SIZES) {
          for (const [values, condition] of [
            [graded(n, 100), 100],
            [clustered(n), 1001],
            [Array(n).fill(5), 1],
          ] as const) {
            const a = rounded(withSpectrum(seeded(n), values));
            const { root } = coupledNewton(a, p, 0, norm(a, 24));
            const expected = withSpectrum(
              seeded(n),
              values.map((value) => value ** (-1 / p)),
            );
            // A's own rounding changes its least eigenvalue by some roundings of the greatest; some 20 steps round X five times.
            const bound = 100 * condition * roundoff;
            expect(distance(root, expected), `n ${n}`).toBeLessThanOrEqual(bound * greatestElement(expected));
            expect(distance(product(power(root, p), a), identity(n))).toBeLessThanOrEqual(4 * p * bound);
          }
        }
      });

      test("and with a ridge on Hilbert's and rank-deficient matrices", () => {
        const ridge = dtype === "f32" ? 1e-3 : 1e-6;
        for (const a of [hilbert(12), withSpectrum(seeded(1), [...Array(5).fill(1), ...Array(15).fill(0)])].map(
          rounded,
        )) {
          const { root } = coupledNewton(a, 4, ridge, norm(a, 24));
          expect(distance(product(power(root, 4), shifted(a, ridge)), identity(a.length))).toBeLessThanOrEqual(
            (200 * roundoff * 2) / ridge,
          );
        }
      });

      test("of nothing is nothing; without steps it is where it starts; NaN spoils it", () => {
        expect(coupledNewton([], 2, 0, 1)).toStrictEqual({ error: 0, root: [] });
        const { root } = coupledNewton(
          [
            [1, 0],
            [0, 1],
          ],
          2,
          0,
          6,
          0,
        );
        expect(root).toStrictEqual([
          [0.5, 0],
          [0, 0.5],
        ]);
        const spoilt = coupledNewton(
          [
            [1, 0],
            [Number.NaN, 1],
          ],
          2,
          0,
          1,
        );
        expect(spoilt.error).toBeNaN();
      });
    });

    describe("newtonSchulz", () => {
      test("finds NumPy's square roots", () => {
        for (const { matrix: a, ridge, square } of golden.roots) {
          const { root, inverse, error } = newtonSchulz(a, ridge, norm(a, 24));
          expect(error).toBeLessThanOrEqual(100 * tolerance);
          expect(distance(root, square)).toBeLessThanOrEqual(500 * roundoff * greatestElement(square));
          expect(distance(product(root, inverse), identity(a.length))).toBeLessThanOrEqual(500 * roundoff);
        }
      });

      test("finds closed forms on known spectra", () => {
        for (const n of SIZES) {
          for (const [values, condition] of [
            [graded(n, 100), 100],
            [clustered(n), 1001],
          ] as const) {
            const a = rounded(withSpectrum(seeded(n), values));
            const { root, inverse } = newtonSchulz(a, 0, norm(a, 24));
            const expected = [0.5, -0.5].map((power) =>
              withSpectrum(
                seeded(n),
                values.map((x) => x ** power),
              ),
            );
            expect(distance(root, expected[0]!), `n ${n}`).toBeLessThanOrEqual(40 * condition * roundoff);
            expect(distance(inverse, expected[1]!)).toBeLessThanOrEqual(
              40 * condition * roundoff * greatestElement(expected[1]!),
            );
          }
        }
      });

      // With products made as lower triangles and mirrored it diverges here.
      test("converges at a condition of 1e6 in f64, 1e3 in f32", () => {
        const condition = dtype === "f32" ? 1e3 : 1e6;
        const values = graded(64, condition);
        const { error, inverse } = newtonSchulz(rounded(withSpectrum(seeded(2), values)), 0, 1);
        expect(error).toBeLessThan(condition * roundoff * 100);
        const expected = withSpectrum(
          seeded(2),
          values.map((x) => x ** -0.5),
        );
        expect(distance(inverse, expected)).toBeLessThanOrEqual(100 * condition * roundoff * greatestElement(expected));
      });

      test("of nothing is nothing, and NaN spoils it", () => {
        expect(newtonSchulz([], 0, 1)).toStrictEqual({ error: 0, root: [], inverse: [] });
        expect(
          newtonSchulz(
            matrix(3, 3, () => Number.NaN),
            0,
            1,
          ).error,
        ).toBeNaN();
      });
    });
  });
});
