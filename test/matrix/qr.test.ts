// assembly/matrix/qr.ts: against Gram-Schmidt and NumPy where the columns are independent, and by definition where not.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { below, DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { Decomposer, type Placement, rounded } from "./decompose.js";
import {
  distance,
  greatestElement,
  identity,
  type Matrix,
  matrix,
  nonOrthogonality,
  product,
  symmetric,
  transposed,
  withSpectrum,
} from "./dense.js";

/** Errors of Q, and those of R and A relative to the greatest element of A times the root of the rows, in roundings. */
const ROUNDINGS = 64;

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const decomposer = new Decomposer(binary, dtype);
    const reference = new Decomposer("reference", dtype);
    const bound = ROUNDINGS * dtypes[dtype].roundoff;

    function factor(a: Matrix, n: number, where?: Placement) {
      const { status, q, r } = decomposer.qr(a, n, where);
      expect(status).toBe(0);
      const k = Math.min(a.length, n);
      expect(nonOrthogonality(transposed(q))).toBeLessThanOrEqual(bound);
      r.forEach((row, i) => {
        expect(row.slice(0, Math.min(i, n)).every((x) => x === 0)).toBe(true);
        expect(row[i]).toBeGreaterThanOrEqual(0);
      });
      const given = rounded(dtype, a);
      const scale = Math.sqrt(a.length) * greatestElement(given);
      if (k > 0) expect(distance(product(q, r), given)).toBeLessThanOrEqual(bound * scale);
      return { q, r };
    }

    test("qr factors every shape up to 20 x 20, and some larger", () => {
      const random = seeded(1);
      const shapes = [...Array(21).keys()].flatMap((m) => [...Array(21).keys()].map((n) => [m, n] as const));
      const larger = Array.from({ length: 12 }, () => [below(random, 150), below(random, 150)] as const);
      for (const [m, n] of [...shapes, ...larger, [170, 3], [3, 170], [64, 64], [128, 48]] as const) {
        factor(
          matrix(m, n, () => random() - 0.5),
          n,
          { gap: (m + n) % 4, shift: m % 4 },
        );
      }
    });

    test("qr agrees with Gram-Schmidt", () => {
      const random = seeded(2);
      for (const [m, n] of [
        [1, 1],
        [7, 4],
        [4, 7],
        [40, 17],
        [40, 33],
        [17, 40],
      ] as const) {
        // Diagonally heavy: the condition is that of the identity but for a small factor.
        const a = rounded(
          dtype,
          matrix(m, n, (i, j) => random() - 0.5 + (i === j ? 8 : 0)),
        );
        const [actual, expected] = [factor(a, n), reference.qr(a, n)];
        expect(expected.status).toBe(0);
        expect(distance(actual.q, expected.q)).toBeLessThanOrEqual(bound);
        expect(distance(actual.r, expected.r)).toBeLessThanOrEqual(bound * greatestElement(expected.r));
      }
    });

    test("qr agrees with NumPy", () => {
      const path = new URL("../golden/numpy-decompositions.json", import.meta.url);
      const golden = JSON.parse(readFileSync(path, "utf8")) as {
        qr: { matrix: number[][]; q: number[][]; r: number[][] }[];
      };
      for (const { matrix: a, ...expected } of golden.qr) {
        const actual = factor(a, a[0]!.length);
        const norm = greatestElement(expected.r);
        const least = Math.min(...expected.r.map((row, i) => row[i]!));
        expect(distance(actual.q, expected.q)).toBeLessThanOrEqual((bound * norm) / least);
        expect(distance(actual.r, expected.r)).toBeLessThanOrEqual((bound * norm * norm) / least);
      }
    });

    test("qr completes the columns of matrices that lack rank", () => {
      const random = seeded(3);
      const rank = (m: number, n: number, r: number) =>
        product(
          matrix(m, r, () => random() - 0.5),
          matrix(r, n, () => random() - 0.5),
        );
      factor(
        matrix(30, 20, () => 0),
        20,
      );
      factor(
        matrix(20, 30, () => 1),
        30,
      );
      factor(rank(50, 40, 3), 40);
      factor(
        matrix(33, 33, (_, j) => (j % 3 ? random() - 0.5 : 0)),
        33,
      );
      const unit = factor(identity(37), 37);
      expect([distance(unit.q, identity(37)), distance(unit.r, identity(37))]).toStrictEqual([0, 0]);
    });

    test("qr turns signs so that the diagonal of R is not negative", () => {
      const { q, r } = factor(
        matrix(20, 20, (i, j) => (i === j ? -2 : 0)),
        20,
      );
      expect(
        distance(
          q,
          matrix(20, 20, (i, j) => (i === j ? -1 : 0)),
        ),
      ).toBe(0);
      expect(
        distance(
          r,
          matrix(20, 20, (i, j) => (i === j ? 2 : 0)),
        ),
      ).toBe(0);
    });

    test("qr does without R", () => {
      const random = seeded(4);
      const a = matrix(45, 30, () => random() - 0.5);
      const { q, r } = decomposer.qr(a, 30, {}, false);
      expect(q).toStrictEqual(decomposer.qr(a, 30).q);
      expect(r.flat().every(Number.isNaN)).toBe(true);
    });

    test("qr says that an element is not finite, wherever it is, and writes nothing", () => {
      const random = seeded(5);
      for (const [m, n] of [
        [1, 1],
        [20, 3],
        [3, 20],
        [60, 60],
      ] as const) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          const a = matrix(m, n, () => random());
          a[below(random, m)]![below(random, n)] = bad;
          const { status, q, r } = decomposer.qr(a, n);
          expect(status).toBe(1);
          expect([...q.flat(), ...r.flat()].every(Number.isNaN)).toBe(true);
        }
      }
    });

    test("qr neither overflows nor underflows, and a power of two only scales R", () => {
      const { largest, leastNormal } = dtypes[dtype];
      const random = seeded(6);
      const a = rounded(
        dtype,
        matrix(40, 30, () => random() - 0.5),
      );
      const plain = factor(a, 30);
      for (const factorOf of [largest / 2 ** 8, leastNormal * 2 ** 40, 2 ** 30]) {
        const power = 2 ** Math.floor(Math.log2(factorOf));
        const scaled = factor(
          a.map((row) => row.map((x) => x * power)),
          30,
        );
        expect(scaled.q).toStrictEqual(plain.q);
        expect(scaled.r).toStrictEqual(plain.r.map((row) => row.map((x) => x * power)));
      }
    });

    test("refreshBasis agrees with Gram-Schmidt on the product", () => {
      const random = seeded(7);
      for (const n of [0, 1, 2, 5, 16, 17, 33, 40]) {
        const a = rounded(
          dtype,
          withSpectrum(
            random,
            Array.from({ length: n }, (_, i) => 3 - i / n),
          ),
        );
        const basis = rounded(dtype, decomposer.eigen(symmetric(random, n)).vectors);
        const actual = decomposer.refresh(a, basis, { gap: n % 3, shift: n % 4 });
        const expected = reference.refresh(a, basis);
        expect([actual.status, expected.status]).toStrictEqual([0, 0]);
        expect(distance(actual.basis, expected.basis)).toBeLessThanOrEqual(4 * bound);
        expect(distance([actual.values], [expected.values])).toBeLessThanOrEqual(4 * bound);
      }
    });

    test("refreshBasis keeps a basis of eigenvectors by descending eigenvalue, with its signs", () => {
      for (const n of [3, 20, 64]) {
        const values = Array.from({ length: n }, (_, i) => n - i);
        const a = withSpectrum(seeded(n), values);
        const basis = decomposer.eigen(a).vectors.reverse();
        const { basis: refreshed, values: quotients } = decomposer.refresh(a, basis);
        expect(distance(refreshed, basis)).toBeLessThanOrEqual(bound * n);
        expect(distance([quotients], [values])).toBeLessThanOrEqual(bound * n);
      }
    });

    test("refreshBasis, repeated, finds eigenvectors and eigenvalues", () => {
      const n = 24;
      const values = Array.from({ length: n }, (_, i) => 2 ** -i);
      const a = withSpectrum(seeded(8), values);
      let basis: Matrix = identity(n);
      let found: readonly number[] = [];
      for (let step = 0; step < 60; step++) ({ basis, values: found } = decomposer.refresh(a, basis));
      expect(distance([found], [values])).toBeLessThanOrEqual(bound);
      expect(nonOrthogonality(basis)).toBeLessThanOrEqual(bound);
      const turned = product(basis, rounded(dtype, a));
      expect(
        distance(
          turned,
          basis.map((row, k) => row.map((x) => x * found[k]!)),
        ),
      ).toBeLessThanOrEqual(bound);
    });

    test("refreshBasis says that the matrix is not finite, and keeps the basis", () => {
      for (const n of [1, 5, 40]) {
        const a = symmetric(seeded(n), n);
        a[n - 1]![0] = Number.NaN;
        const { status, basis } = decomposer.refresh(a, identity(n));
        expect(status).toBe(1);
        expect(basis).toStrictEqual(identity(n));
      }
    });
  });
});
