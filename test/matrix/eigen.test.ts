// assembly/matrix/eigen.ts: matrices whose eigenvalues are known in closed form, NumPy's eigenvalues, and what makes any
// decomposition one: A V = V L, V orthogonal, L sorted.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { below, DTYPES, type Dtype, dtypes, seeded } from "../kernels/numbers.js";
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
  withSpectrum,
} from "./dense.js";

/** Residuals relative to the greatest eigenvalue, and deviations from orthogonality, in roundings: 3.8e-6, 7.1e-15. */
const ROUNDINGS = 64;

const bound = (dtype: Dtype) => ROUNDINGS * dtypes[dtype].roundoff;

const ascending = (values: readonly number[]) => [...values].sort((x, y) => x - y);

const powers = (n: number, least: number) => Array.from({ length: n }, (_, i) => least ** (i / (n - 1)));

interface Known {
  readonly name: string;
  readonly a: Matrix;
  readonly values: readonly number[];
}

function known(n: number): Known[] {
  const random = seeded(n);
  const tridiagonal = (diagonal: (i: number) => number, beside: (i: number) => number) =>
    matrix(n, n, (i, j) => (i === j ? diagonal(i) : Math.abs(i - j) === 1 ? beside(Math.min(i, j)) : 0));
  const drawn = (name: string, values: readonly number[]) => ({ name, a: withSpectrum(random, values), values });
  const list = (value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));
  return [
    { name: "zero", a: matrix(n, n, () => 0), values: list(() => 0) },
    { name: "identity", a: identity(n), values: list(() => 1) },
    { name: "all ones", a: matrix(n, n, () => 1), values: list((i) => (i === 0 ? n : 0)) },
    {
      name: "diagonal, in disorder",
      a: tridiagonal(
        (i) => (i * 7919) % n,
        () => 0,
      ),
      values: list((i) => (i * 7919) % n),
    },
    {
      name: "second difference",
      a: tridiagonal(
        () => 2,
        () => -1,
      ),
      values: list((i) => 2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1))),
    },
    // Clement 1959: -(n - 1), -(n - 3), ..., n - 1.
    {
      name: "Kac",
      a: tridiagonal(
        () => 0,
        (i) => Math.sqrt((i + 1) * (n - 1 - i)),
      ),
      values: list((i) => 2 * i - (n - 1)),
    },
    {
      name: "antidiagonal",
      a: matrix(n, n, (i, j) => (i + j === n - 1 ? 1 : 0)),
      values: list((i) => (i < Math.floor(n / 2) ? -1 : 1)),
    },
    drawn(
      "well apart",
      list((i) => i + 1),
    ),
    drawn(
      "half of the rank",
      list((i) => (i % 2 ? i / n : 0)),
    ),
    drawn(
      "two clusters",
      list((i) => (i % 2 ? 1 : -1) + 1e-9 * i),
    ),
    drawn(
      "one apart from a cluster",
      list((i) => (i === 0 ? -3 : 1 + 1e-14 * i)),
    ),
    drawn("graded over 1e12", powers(n, 1e-12)),
    drawn(
      "graded, of both signs",
      powers(n, 1e-12).map((x, i) => (i % 2 ? -x : x)),
    ),
  ];
}

const SIZES = [2, 3, 5, 13, 31, 32, 33, 36, 64, 65, 79, 130];

/** Each matrix lies differently. */
const placement = (k: number): Placement => ({ gap: k % 4, shift: (k >> 2) % 4 });

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("symmetricEigen_%s", (dtype) => {
    const decomposer = new Decomposer(binary, dtype);

    function decompose(a: Matrix, where?: Placement) {
      const { status, values, vectors } = decomposer.eigen(a, where);
      expect(status).toBe(0);
      expect(values).toStrictEqual(ascending(values));
      expect(nonOrthogonality(vectors)).toBeLessThanOrEqual(bound(dtype));
      const given = rounded(dtype, a);
      const turned = product(vectors, given);
      const scaled = vectors.map((row, k) => row.map((x) => x * values[k]!));
      expect(distance(turned, scaled)).toBeLessThanOrEqual(bound(dtype) * greatestElement([values]));
      return { values, vectors };
    }

    test.each(SIZES)("finds the spectra that are known in closed form, n = %d", (n) => {
      known(n).forEach(({ name, a, values: expected }, k) => {
        const { values } = decompose(a, placement(k));
        const error = distance([values], [ascending(expected)]);
        expect(error, name).toBeLessThanOrEqual(bound(dtype) * greatestElement([expected]));
      });
    });

    test("decomposes matrices of every size up to 40, and some larger", () => {
      const random = seeded(1);
      const larger = Array.from({ length: 8 }, () => 41 + below(random, 130));
      for (const n of [...Array(41).keys(), ...larger]) decompose(symmetric(random, n), placement(n));
    });

    test("takes 0 x 0 and 1 x 1, and leaves what is exact", () => {
      expect(decomposer.eigen([])).toStrictEqual({ status: 0, values: [], vectors: [] });
      expect(decomposer.eigen([[-3]])).toStrictEqual({ status: 0, values: [-3], vectors: [[1]] });
      const { values } = decomposer.eigen(matrix(50, 50, (i, j) => (i === j ? 50 - i : 0)));
      expect(values).toStrictEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    test("agrees with Jacobi's method in f64", () => {
      const random = seeded(2);
      const reference = new Decomposer("reference", dtype);
      for (const n of [1, 2, 3, 4, 9, 20, 37, 50]) {
        const a = rounded(dtype, symmetric(random, n));
        const [{ values, vectors }, expected] = [decompose(a), reference.eigen(a)];
        expect(expected.status).toBe(0);
        const norm = greatestElement([values]);
        expect(distance([values], [expected.values])).toBeLessThanOrEqual(bound(dtype) * norm);
        // A vector is as well determined as its eigenvalue is apart from the others.
        expected.vectors.forEach((row, k) => {
          const gap = Math.min(
            ...values.map((x, j) => (j === k ? Number.POSITIVE_INFINITY : Math.abs(x - values[k]!))),
          );
          const sign = Math.sign(
            product(
              [row],
              [...vectors[k]!].map((x) => [x]),
            )[0]![0]!,
          );
          const error = distance([vectors[k]!.map((x) => sign * x)], [row]);
          expect(error).toBeLessThanOrEqual(bound(dtype) * Math.max(1, (4 * norm) / gap));
        });
      }
    });

    test("agrees with NumPy", () => {
      const path = new URL("../golden/numpy-decompositions.json", import.meta.url);
      const golden = JSON.parse(readFileSync(path, "utf8")) as {
        symmetric: { matrix: number[][]; values: number[] }[];
        hilbert: number[];
      };
      const hilbert = { matrix: matrix(12, 12, (i, j) => 1 / (i + j + 1)), values: golden.hilbert };
      for (const { matrix: a, values: expected } of [...golden.symmetric, hilbert]) {
        const { values } = decompose(a);
        expect(distance([values], [expected])).toBeLessThanOrEqual(bound(dtype) * greatestElement([expected]));
      }
    });

    test("says that an element is not finite, wherever it is, and writes nothing", () => {
      const random = seeded(3);
      for (const n of [1, 2, 5, 33, 70]) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          const a = symmetric(random, n);
          const i = below(random, n);
          a[i]![below(random, i + 1)] = bad;
          const { status, values, vectors } = decomposer.eigen(a);
          expect(status).toBe(1);
          expect([...values, ...vectors.flat()].every(Number.isNaN)).toBe(true);
        }
      }
    });

    test("does not overflow or underflow, and a power of two only scales the values", () => {
      const { largest, leastNormal } = dtypes[dtype];
      for (const n of [3, 20, 50]) {
        const a = rounded(dtype, symmetric(seeded(n), n));
        const plain = decompose(a);
        for (const factor of [largest / 2 ** 8, leastNormal * 2 ** 40, 2 ** 30, 2 ** -30]) {
          const power = 2 ** Math.floor(Math.log2(factor));
          const scaled = decompose(a.map((row) => row.map((x) => x * power)));
          expect(scaled.values).toStrictEqual(plain.values.map((x) => x * power));
          expect(scaled.vectors).toStrictEqual(plain.vectors);
        }
      }
      // Below the least normal number elements have few bits, but are not lost.
      const tiny = decomposer.eigen(matrix(20, 20, (i, j) => (i === j ? leastNormal / 64 : 0)));
      expect(tiny.status).toBe(0);
      expect(tiny.values).toStrictEqual(Array<number>(20).fill(leastNormal / 64));
    });

    test("gives the same bits wherever the matrices lie, and each time", () => {
      const a = symmetric(seeded(4), 77);
      const first = decomposer.eigen(a);
      for (const where of [{}, { gap: 3 }, { shift: 1 }, { gap: 19, shift: 3 }]) {
        expect(decomposer.eigen(a, where)).toStrictEqual(first);
      }
    });
  });
});
