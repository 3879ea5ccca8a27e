// gemv and gemmBatched against their references: to the bit on strict, within the error bound of a sum on relaxed.

import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, moderate, type Random, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { matrix } from "./dense.js";
import { Stage } from "./stage.js";

const SCALARS = [
  [1, 0],
  [-0.5, 1],
  [0.7, 0.3],
] as const;

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const [stage, reference] = [new Stage(binary, dtype), new Stage("reference", dtype)];

    /** Equal to the bit, or on relaxed within so many roundings of the magnitudes. */
    function expectSame(actual: number[], expected: number[], magnitudes: number[], terms: number): void {
      actual.forEach((x, i) => {
        if (Object.is(x, expected[i])) return;
        const bound = binary === "strict" ? 0 : 2 * (terms + 4) * dtypes[dtype].roundoff * magnitudes[i]!;
        expect(Math.abs(x - expected[i]!), `element ${i}`).toBeLessThanOrEqual(bound);
      });
    }

    function product(
      transposed: number,
      m: number,
      n: number,
      alpha: number,
      beta: number,
      draw: (r: Random) => number,
    ) {
      const random = seeded(m * 1000 + n);
      const a = matrix(m, n, () => draw(random));
      const [inputs, outputs] = transposed ? [m, n] : [n, m];
      const x = Array.from({ length: inputs }, () => draw(random));
      const before = Array.from({ length: outputs }, () => (beta === 0 ? Number.NaN : draw(random)));
      const [actual, expected] = [stage, reference].map((one) => {
        one.clear();
        const [A, X, Y] = [one.place(a, n), one.vector(x), one.vector(before)];
        one.kernel("gemv")(transposed, m, n, alpha, A.pointer, A.ld, X.pointer, beta, Y.pointer);
        one.finish();
        return Y.read();
      }) as [number[], number[]];
      const magnitudes = before.map((y, k) => {
        const terms = x.map((value, i) => Math.abs(alpha * value * (transposed ? a[i]![k]! : a[k]![i]!)));
        return terms.reduce((s, t) => s + t, beta === 0 ? 0 : Math.abs(beta * y));
      });
      expectSame(actual, expected, magnitudes, inputs);
    }

    test.each([0, 1])("gemv is the double loop for all shapes up to 20 x 40 and some larger: transposed %d", (flag) => {
      for (let m = 0; m <= 20; m++) {
        for (let n = 0; n <= 40; n++)
          product(flag, m, n, ...(SCALARS[(m + n) % 3] as readonly [number, number]), moderate);
      }
      for (const [m, n] of [
        [100, 33],
        [33, 100],
        [257, 65],
      ] as const)
        product(flag, m, n, 0.7, 0.3, moderate);
    });

    test("gemv carries NaN and the infinities to the elements that they enter", () => {
      let count = 0;
      const draw = (random: Random) => (++count % 37 === 0 ? Number.NaN : count % 41 === 0 ? 1 / 0 : moderate(random));
      for (let n = 1; n < 30; n++) for (const flag of [0, 1]) product(flag, 31 - n, n, 1, 1, draw);
    });

    test("gemmBatched is gemm, matrix by matrix, with operands of its own or shared", () => {
      const [count, m, n, k] = [5, 7, 9, 11];
      const random = seeded(7);
      const draw = (length: number) => Array.from({ length }, () => moderate(random));
      const [a, b, c] = [draw(count * m * k), draw(count * k * n), draw(count * (m * n + 3))];
      for (const [strideA, strideB] of [
        [m * k, k * n],
        [0, k * n],
        [m * k, 0],
      ] as const) {
        const run = (one: Stage, batched: boolean) => {
          one.clear();
          const [A, B, C] = [one.vector(a), one.vector(b), one.vector(c)];
          const scratch = one.scratch(one.kernel("gemmScratch")(m, n, k));
          const { bytes } = dtypes[dtype];
          if (batched) {
            one.kernel("gemmBatched")(
              count,
              0,
              0,
              m,
              n,
              k,
              0.7,
              A.pointer,
              k,
              strideA,
              B.pointer,
              n,
              strideB,
              0.3,
              C.pointer,
              n,
              m * n + 3,
              scratch,
            );
          } else {
            for (let i = 0; i < count; i++) {
              const at = (p: number, stride: number) => p + i * stride * bytes;
              one.kernel("gemm")(
                0,
                0,
                m,
                n,
                k,
                0.7,
                at(A.pointer, strideA),
                k,
                at(B.pointer, strideB),
                n,
                0.3,
                at(C.pointer, m * n + 3),
                n,
                scratch,
              );
            }
          }
          one.finish();
          return C.read();
        };
        const expected = run(stage, false);
        expect(run(stage, true)).toStrictEqual(expected);
        expect(run(reference, true)).toStrictEqual(run(reference, false));
        // Between matrices nothing is written.
        expect(expected.slice(m * n, m * n + 3)).toStrictEqual([
          ...dtypes[dtype].array.from(c.slice(m * n, m * n + 3)),
        ]);
      }
    });
  });
});
