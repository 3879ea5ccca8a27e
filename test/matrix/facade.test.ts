// schuss/linalg: products, factors and iterations on typed arrays. What they compute is tested with the kernels; here, that
// they hand it over, copy only what they must, and say what is wrong.

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import {
  cholesky,
  inverseRoot,
  multiply,
  multiplyVector,
  orthogonalize,
  solveTriangular,
  spectralNorm,
  symmetricRankK,
} from "../../src/matrix/linalg/index.js";
import { Engine } from "../../src/memory/engine.js";
import { parameters } from "../../src/memory/parameters.js";
import { seeded } from "../kernels/numbers.js";
import { product, transposed, withSpectrum } from "./dense.js";
import { graded } from "./spectra.js";

const golden = JSON.parse(readFileSync(new URL("../golden/numpy-matrices.json", import.meta.url), "utf8"));

const engines = (["strict", "relaxed", "reference"] as const).map((variant) => new Engine({ variant }));
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

const types = [Float32Array, Float64Array] as const;

describe.each(engines)("$variant", (engine) => {
  describe.each(types)("%o", (FloatArray) => {
    const tolerance = FloatArray === Float32Array ? 1e-4 : 1e-12;
    const flat = (rows: readonly (readonly number[])[]) => FloatArray.from(rows.flat());
    const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
      expect(actual.length).toBe(expected.length);
      const off = Math.max(0, ...Array.from(expected, (x, i) => Math.abs(x - actual[i]!)));
      expect(off).toBeLessThanOrEqual(tolerance * Math.max(1, ...Array.from(expected, Math.abs)));
    };

    test("multiply makes NumPy's products of whole numbers, exactly, in an array of its own or in `out`", () => {
      for (const { transposeA, transposeB, k, alpha, beta, a, b, c, result } of golden.products) {
        const flags = { transposeA: transposeA === 1, transposeB: transposeB === 1, engine };
        const out = flat(c);
        expect(multiply(flat(a), flat(b), k, { ...flags, alpha, beta, out })).toBe(out);
        expect(out).toStrictEqual(flat(result));
        const plain = multiply(flat(a), flat(b), k, flags);
        expect(plain).toBeInstanceOf(FloatArray);
        const [A, B] = [transposeA ? transposed(a) : a, transposeB ? transposed(b) : b];
        expect(plain).toStrictEqual(flat(product(A, B)));
      }
      expect(multiply(new FloatArray(0), new FloatArray(0), 0, { engine })).toStrictEqual(new FloatArray(0));
    });

    test("multiplyVector is multiply with one column", () => {
      for (const { m, k, a, transposeA } of golden.products) {
        const x = flat([Array.from({ length: k as number }, (_, i) => i - 2)]);
        const options = { transpose: transposeA === 1, alpha: 2, engine };
        const y = multiplyVector(flat(a), x, options);
        expect(y).toStrictEqual(multiply(flat(a), x, k, { transposeA: options.transpose, alpha: 2, engine }));
        expect(multiplyVector(flat(a), x, { ...options, beta: 1, out: y.slice() })).toStrictEqual(y.map((v) => 2 * v));
        expect(y.length).toBe(m);
      }
    });

    test("symmetricRankK makes A A^T or A^T A, both triangles", () => {
      for (const { m, k, a, transposeA } of golden.products) {
        const expected = multiply(flat(a), flat(a), k, { transposeA: !!transposeA, transposeB: !transposeA, engine });
        const c = symmetricRankK(flat(a), m, { transpose: !!transposeA, engine });
        expect(c).toStrictEqual(expected);
        expect(symmetricRankK(flat(a), m, { transpose: !!transposeA, alpha: -1, beta: 1, out: c, engine })).toBe(c);
        expect(c.every((x) => x === 0)).toBe(true);
      }
    });

    test("cholesky and solveTriangular give NumPy's factors and solutions", () => {
      for (const { matrix, factor } of golden.cholesky) close(cholesky(flat(matrix), { engine }), flat(factor));
      for (const { upper, transpose, triangle, b, x } of golden.triangular) {
        close(solveTriangular(flat(triangle), flat(b), { upper: !!upper, transpose: !!transpose, engine }), flat(x));
      }
    });

    test("orthogonalize takes NumPy's five steps, in either form", () => {
      for (const { matrix, fiveSteps } of golden.orthogonal) {
        for (const form of ["direct", "gram", undefined] as const) {
          close(orthogonalize(flat(matrix), matrix.length, { ...(form && { form }), engine }), flat(fiveSteps));
        }
      }
    });

    test("spectralNorm comes near NumPy's", () => {
      for (const { matrix, norm } of golden.norms) {
        expect(spectralNorm(flat(matrix), { steps: 500, engine }) / norm).toBeCloseTo(1, 2);
      }
    });

    test.each(["eigen", "coupledNewton", "newtonSchulz"] as const)("inverseRoot by %s finds closed forms", (kind) => {
      const values = graded(20, 100);
      for (const p of [2, 4, 8]) {
        const root = inverseRoot(flat(withSpectrum(seeded(1), values)), p, {
          relativeRidge: 0,
          method: { kind },
          engine,
        });
        close(
          root,
          flat(
            withSpectrum(
              seeded(1),
              values.map((x) => x ** (-1 / p)),
            ),
          ),
        );
      }
      expect(inverseRoot(new FloatArray(0), 2, { method: { kind }, engine })).toStrictEqual(new FloatArray(0));
      const ridged = inverseRoot(FloatArray.of(4, 0, 0, 0), 2, { relativeRidge: 0.25, method: { kind }, engine });
      close(ridged, [1 / Math.sqrt(5), 0, 0, 1]);
    });

    test("an iteration that can't converge says so", () => {
      const a = flat(withSpectrum(seeded(2), graded(20, 1e20)));
      for (const kind of ["coupledNewton", "newtonSchulz"] as const) {
        expect(() => inverseRoot(a, 2, { relativeRidge: 0, method: { kind }, engine })).toThrow(
          /^inverseRoot: (coupledNewton|newtonSchulz) did not converge: the matrix is too ill-conditioned for float/,
        );
        expect(() => inverseRoot(new FloatArray(9), 2, { method: { kind }, engine })).toThrow(
          /^inverseRoot: matrix has no inverse root: all eigenvalues are 0/,
        );
        expect(() => inverseRoot(FloatArray.of(1, 0, Number.NaN, 1), 2, { method: { kind }, engine })).toThrow(
          /NaN or infinite$/,
        );
      }
    });

    test("arguments are left as they are", () => {
      const a = FloatArray.of(4, 2, 2, 5);
      const kept = a.slice();
      multiply(a, a, 2, { engine });
      multiplyVector(a, FloatArray.of(1, 2), { engine });
      symmetricRankK(a, 2, { engine });
      cholesky(a, { engine });
      solveTriangular(a, a, { engine });
      orthogonalize(a, 2, { engine });
      spectralNorm(a, { engine });
      for (const kind of ["coupledNewton", "newtonSchulz"] as const) inverseRoot(a, 2, { method: { kind }, engine });
      expect(a).toStrictEqual(kept);
    });

    test("arrays in the engine's memory are worked on where they are, even if it grows", () => {
      const dtype = FloatArray === Float32Array ? "float32" : "float64";
      const own = new Engine({ variant: engine.variant });
      const n = 60;
      const set = parameters({ a: [n, n], b: [n, n], c: [n, n] }, { dtype, engine: own });
      const random = seeded(4);
      for (const name of ["a", "b"] as const) set.values[name].forEach((_, i, x) => void (x[i] = random() - 0.5));
      const [a, b] = [set.values.a.slice(), set.values.b.slice()] as [Float64Array, Float64Array];
      const expected = multiply(a, b, n, { engine: own });
      const held = own.bytesInUse;
      const c = multiply(set.values.a, set.values.b, n, { out: set.values.c, engine: own });
      expect(c.buffer).toBe(own.memory.buffer);
      expect(c).toStrictEqual(expected);
      expect(set.values.c).toStrictEqual(expected);
      expect(own.bytesInUse).toBe(held);
      own.dispose();
    });
  });

  test("nothing stays allocated, whether a call succeeds or throws", () => {
    const before = engine.bytesInUse;
    const a = new Float64Array([4, 2, 2, 5]);
    multiply(a, a, 2, { engine });
    cholesky(a, { engine });
    orthogonalize(a, 2, { engine });
    expect(() => cholesky(new Float64Array(4), { engine })).toThrow();
    expect(engine.bytesInUse).toBe(before);
  });
});

describe("wrong arguments", () => {
  const f = new Float32Array(6);
  const d = new Float64Array(6);
  const cases: readonly [() => unknown, string][] = [
    [() => multiply([1] as never, f, 1), "multiply: a must be a Float32Array or a Float64Array, got an Array"],
    [() => multiply(f, d as never, 2), "multiply: b must have the element type of a, float32, got a Float64Array"],
    [() => multiply(f, f, 4), "multiply: a must have a multiple of 4 elements, the inner dimension, got 6"],
    [() => multiply(f, f, -1), "multiply: inner must be an integer in [0, 2147483647], got -1"],
    [() => multiply(f, f, 2, { beta: 1 }), "multiply: out must be given for a beta other than 0, got beta 1"],
    [() => multiply(f, f, 2, { out: f }), "multiply: out must have 9 elements, 3 x 3, got 6"],
    [() => multiply(f, f, 6, { out: f.subarray(2, 3) }), "multiply: out must not overlap a"],
    [
      () => multiply(f, f, 2, { transposed: true } as never),
      'multiply: there is no option "transposed" (did you mean "transposeA"?); there are transposeA, transposeB, alpha, beta, out, engine',
    ],
    [() => multiply(f, f, 2, { transposeA: 1 } as never), "multiply: transposeA must be true or false, got 1"],
    [
      () => multiply(f, f, 2, { alpha: Number.NaN }),
      /^multiply: alpha must be in \[-1\.79\S+, 1\.79\S+\], got NaN$/ as never,
    ],
    [
      () => multiplyVector(f, new Float32Array(4)),
      "multiplyVector: matrix must have a multiple of 4 elements, as many as x has, got 6",
    ],
    [
      () => symmetricRankK(f, 4),
      "symmetricRankK: matrix must have a multiple of 4 elements, a side of the result, got 6",
    ],
    [() => cholesky(f), "cholesky: matrix must be square, n * n elements, got 6"],
    [
      () => cholesky(new Float32Array([1, 2, 2, 1])),
      "cholesky: matrix must be positive definite: the pivot of row 1 is not positive",
    ],
    [
      () => solveTriangular(new Float32Array([1, 0, 1, 0]), f),
      "solveTriangular: triangle must not have 0 on its diagonal, got it in row 1",
    ],
    [
      () => solveTriangular(new Float32Array(16), f),
      "solveTriangular: b must have a multiple of 4 elements, as many rows as triangle, got 6",
    ],
    [
      () => orthogonalize(f, 4),
      "orthogonalize: matrix must have a multiple of 4 elements, its rows of equal length, got 6",
    ],
    [() => orthogonalize(f, 2, { steps: 1.5 }), "orthogonalize: steps must be an integer in [0, 2147483647], got 1.5"],
    [
      () => orthogonalize(f, 2, { coefficients: [1, 2] as never }),
      "orthogonalize: coefficients must have 3 elements, a, b and c, got 2",
    ],
    [
      () => orthogonalize(f, 2, { form: "qr" as never }),
      'orthogonalize: form must be one of "direct", "gram", got "qr"',
    ],
    [() => spectralNorm(f), "spectralNorm: matrix must be square, n * n elements, got 6"],
    [
      () => inverseRoot(new Float32Array(4), 2, { method: "eigen" as never }),
      'inverseRoot: method must be an object with a kind, got "eigen"',
    ],
    [
      () => inverseRoot(new Float32Array(4), 2, { method: { kind: "qr" as never } }),
      'inverseRoot: method.kind must be one of "eigen", "coupledNewton", "newtonSchulz", got "qr"',
    ],
    [
      () => inverseRoot(new Float32Array(4), 1.5, { method: { kind: "coupledNewton" } }),
      "inverseRoot: p, by coupledNewton, must be an integer in [1, 1024], got 1.5",
    ],
    [
      () => inverseRoot(new Float32Array(4), 3, { method: { kind: "newtonSchulz" } }),
      "inverseRoot: p, by newtonSchulz, must be 2, 4, 8, ..., got 3",
    ],
    [
      () => inverseRoot(new Float32Array(4), 2, { method: { kind: "coupledNewton", tolerance: 0 } }),
      "inverseRoot: method.tolerance must be in (0, Infinity), got 0",
    ],
  ];

  test.each(cases)("%# are refused by name", (call, message) => {
    expect(call).toThrow(message);
  });
});
