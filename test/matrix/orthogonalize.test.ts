// Newton-Schulz orthogonalisation: against NumPy, against the polynomial of singular values, and by what it comes to. Not to
// the bit against the reference, which is in f64.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { distance, identity, type Matrix, matrix, product, transposed, withSpectrum } from "./dense.js";
import { graded } from "./spectra.js";
import { room, Stage } from "./stage.js";

const golden = JSON.parse(readFileSync(new URL("../golden/numpy-matrices.json", import.meta.url), "utf8"));

type Coefficients = readonly [number, number, number];

const MUON: Coefficients = [3.4445, -4.775, 2.0315];

/** Of the quintic that converges: 1 and its first two derivatives are right at 1. */
const CONVERGING: Coefficients = [1.875, -1.25, 0.375];

const polynomial = ([a, b, c]: Coefficients, x: number): number => a * x + b * x ** 3 + c * x ** 5;

const repeated = (coefficients: Coefficients, steps: number, x: number): number => {
  let value = x;
  for (let k = 0; k < steps; k++) value = polynomial(coefficients, value);
  return value;
};

describe.each([...BINARIES, "reference"] as const)("%s", (variant) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const stage = new Stage(variant, dtype, 40);
    const { roundoff } = dtypes[dtype];

    describe.each(["orthogonalize", "orthogonalizeGram"] as const)("%s", (form) => {
      /** Roundings of the greatest singular value that an element may be off after five steps: measured, times four. */
      const bound = (form === "orthogonalize" ? 200 : 6000) * roundoff;

      function run(a: Matrix, coefficients = MUON, steps = 5, columns = a[0]?.length ?? 0, inPlace = false) {
        stage.clear();
        const A = stage.place(a, columns);
        const X = inPlace ? A : stage.place(room(a.length, columns), columns);
        const scratch = stage.scratch(stage.kernel(`${form}Scratch`)(a.length, columns));
        stage.kernel(form)(a.length, columns, steps, ...coefficients, A.pointer, A.ld, X.pointer, X.ld, scratch);
        stage.finish();
        return X.read();
      }

      test("takes NumPy's five steps", () => {
        for (const { matrix: a, fiveSteps } of golden.orthogonal) {
          expect(distance(run(a), fiveSteps)).toBeLessThanOrEqual(bound);
        }
      });

      test("comes to NumPy's U V^T with coefficients that converge", () => {
        for (const { matrix: a, factor } of golden.orthogonal) {
          expect(distance(run(a, CONVERGING, 30), factor)).toBeLessThanOrEqual(bound);
        }
      });

      test("applies the polynomial to singular values and leaves the vectors", () => {
        for (const steps of [1, 2, 3, 5, 8]) {
          for (const values of [graded(30, 1e3), [3, 2, 1], graded(65, 10)]) {
            const norm = Math.hypot(...values);
            const wanted = values.map((value) => repeated(MUON, steps, value / norm));
            const [a, expected] = [withSpectrum(seeded(steps), values), withSpectrum(seeded(steps), wanted)];
            // Below 1 each step multiplies what rounding has left of the smallest by up to 3.4445.
            const grown = bound * Math.max(1, MUON[0] ** (steps - 5));
            expect(distance(run(a, MUON, steps), expected), `${steps} steps`).toBeLessThanOrEqual(grown);
          }
        }
      });

      test.each([
        [1, 1],
        [1, 40],
        [40, 1],
        [5, 7],
        [33, 20],
        [20, 33],
        [64, 64],
        [17, 130],
        [260, 9],
      ])("rows or columns of %d x %d become orthonormal", (m, n) => {
        const random = seeded(m * 1000 + n);
        const x = run(
          matrix(m, n, () => random() - 0.5),
          CONVERGING,
          40,
        );
        const gram = m <= n ? product(x, transposed(x)) : product(transposed(x), x);
        expect(distance(gram, identity(Math.min(m, n)))).toBeLessThanOrEqual(bound);
      });

      test("of nothing makes nothing, of zeros zeros, and without steps the matrix over its norm", () => {
        expect(run([], MUON, 5, 7)).toStrictEqual([]);
        expect(run([[], [], []], MUON, 5, 0)).toStrictEqual([[], [], []]);
        expect(
          run([
            [0, 0],
            [0, 0],
            [0, 0],
          ]),
        ).toStrictEqual([
          [0, 0],
          [0, 0],
          [0, 0],
        ]);
        expect(
          distance(
            run(
              [
                [3, 0],
                [0, 4],
              ],
              MUON,
              0,
            ),
            [
              [0.6, 0],
              [0, 0.8],
            ],
          ),
        ).toBeLessThanOrEqual(roundoff);
      });

      test("does not depend on the scale", () => {
        const random = seeded(5);
        const a = matrix(6, 9, () => Math.floor(random() * 19) - 9);
        const expected = run(a);
        for (const scale of dtype === "f32" ? [2 ** -120, 2 ** 120] : [2 ** -1000, 2 ** 1000]) {
          expect(distance(run(a.map((row) => row.map((x) => x * scale))), expected)).toBeLessThanOrEqual(bound);
        }
      });

      test("may work in place", () => {
        const random = seeded(6);
        for (const steps of [0, 1, 4, 5]) {
          const a = matrix(6, 9, () => random() - 0.5);
          expect(run(a, MUON, steps, 9, true)).toStrictEqual(run(a, MUON, steps));
        }
      });

      test.each([Number.NaN, Number.POSITIVE_INFINITY])("an element that is %d spoils all of it", (bad) => {
        const a = matrix(4, 5, (i, j) => (i === 2 && j === 3 ? bad : i + j));
        expect(run(a).flat().every(Number.isNaN)).toBe(true);
      });
    });
  });
});
