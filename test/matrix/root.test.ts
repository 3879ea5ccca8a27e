// assembly/matrix/root.ts: matrices from eigenvectors and weights, against the triple loop, and inverse roots by what they
// are, P^p (A + ridge I) = I.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { Decomposer, rounded } from "./decompose.js";
import {
  distance,
  greatestElement,
  identity,
  type Matrix,
  matrix,
  product,
  symmetric,
  transposed,
  withSpectrum,
} from "./dense.js";

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("recompose_%s", (dtype) => {
    const decomposer = new Decomposer(binary, dtype);
    const reference = new Decomposer("reference", dtype);
    const { roundoff } = dtypes[dtype];

    /** (A + ridge I)^(-1/p), ridge relative to the greatest eigenvalue. */
    function inverseRoot(a: Matrix, p: number, relative: number) {
      const { values, vectors } = decomposer.eigen(a);
      const ridge = relative * values.at(-1)!;
      const root = decomposer.recompose(
        vectors,
        values.map((x) => (Math.max(x, 0) + ridge) ** (-1 / p)),
      );
      return { root, ridge };
    }

    test("is the triple loop for every size up to 40 and some larger, and symmetric to the bit", () => {
      const random = seeded(1);
      for (const n of [...Array(41).keys(), 65, 100]) {
        const vectors = rounded(
          dtype,
          matrix(n, n, () => random() - 0.5),
        );
        const weights = rounded(dtype, [Array.from({ length: n }, () => random() - 0.3)])[0]!;
        const where = { gap: n % 5, shift: n % 4 };
        const [actual, expected] = [decomposer, reference].map((one) => one.recompose(vectors, weights, where));
        expect(actual).toStrictEqual(transposed(actual!));
        // Higham 2002, section 3.5: n products, each of them rounded twice; elements below 1 / 2, weights below 1.
        expect(distance(actual!, expected!)).toBeLessThanOrEqual(((n + 4) * n * roundoff) / 4);
      }
    });

    test("turns a decomposition back", () => {
      for (const n of [1, 2, 31, 50, 90]) {
        const a = rounded(dtype, symmetric(seeded(n), n));
        const { values, vectors } = decomposer.eigen(a);
        expect(distance(decomposer.recompose(vectors, values), a)).toBeLessThanOrEqual(
          64 * roundoff * greatestElement([values]),
        );
      }
    });

    const conditions = [1e2, 1e4, 1e6];
    test.each(conditions)("makes inverse roots: P^p (A + ridge I) = I, condition %d", (condition) => {
      for (const p of [1, 2, 3, 4, 8]) {
        for (const n of [5, 32, 60]) {
          const spectrum = Array.from({ length: n }, (_, i) => condition ** (-i / (n - 1)));
          const a = withSpectrum(seeded(n), spectrum);
          const { root, ridge } = inverseRoot(a, p, 1e-6);
          let power: Matrix = rounded(dtype, a).map((row, i) => row.map((x, j) => x + (i === j ? ridge : 0)));
          for (let k = 0; k < p; k++) power = product(root, power);
          // A is off by some roundings, and the inverse makes that many times more of it as the condition says.
          expect(distance(power, identity(n))).toBeLessThanOrEqual(64 * p * roundoff * condition);
        }
      }
    });

    test("agrees with NumPy's inverse roots", () => {
      const path = new URL("../golden/numpy-decompositions.json", import.meta.url);
      const golden = JSON.parse(readFileSync(path, "utf8")) as {
        inverseRoots: { matrix: number[][]; p: number; relative: number; root: number[][] }[];
      };
      for (const { matrix: a, p, relative, root: expected } of golden.inverseRoots) {
        const { values } = decomposer.eigen(a);
        const condition = values.at(-1)! / (values[0]! + relative * values.at(-1)!);
        const { root } = inverseRoot(a, p, relative);
        expect(distance(root, expected)).toBeLessThanOrEqual(64 * roundoff * condition * greatestElement(expected));
      }
    });

    /** |(P - exact) A^(1/2)| / |exact A^(1/2)|: the relative error on gradients drawn with covariance A. */
    test.each([48, 96])("is as exact on gradients as promised: fourth root, condition 1e6, ridge 1e-6, n = %d", (n) => {
      const spectrum = Array.from({ length: n }, (_, i) => 1e6 ** (-i / (n - 1)));
      // The same turn for all functions of A.
      const [a, half, exact] = [(x: number) => x, Math.sqrt, (x: number) => (x + 1e-6) ** -0.25].map((f) =>
        withSpectrum(seeded(9), spectrum.map(f)),
      ) as [number[][], number[][], number[][]];
      const { root } = inverseRoot(a, 4, 1e-6);
      const norm = (x: Matrix) => Math.hypot(...product(x, half).flat());
      const error = norm(root.map((row, i) => row.map((x, j) => x - exact[i]![j]!))) / norm(exact);
      expect(error).toBeLessThanOrEqual({ f32: 3e-4, f64: 1e-11 }[dtype]);
    });
  });
});
