// assembly/matrix/triangle.ts: to the bit, on either binary but for the sums of symmetricRankK.

import { describe, expect, test } from "vitest";
import { DTYPES, dtypes, seeded } from "../kernels/numbers.js";
import { BINARIES } from "../kernels/variants.js";
import { distance, type Matrix, matrix, product, transposed, wholeMatrix } from "./dense.js";
import { room, Stage } from "./stage.js";

const SIZES = [...Array(40).keys(), 64, 65, 100];

const mirrored = (a: Matrix) => matrix(a.length, a.length, (i, j) => a[Math.max(i, j)]![Math.min(i, j)]!);

describe.each([...BINARIES, "reference"] as const)("%s", (variant) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const stage = new Stage(variant, dtype);

    test("mirrorLower copies each element to its place above the diagonal", () => {
      for (const n of SIZES) {
        const a = wholeMatrix(n, n);
        stage.clear();
        const placed = stage.place(a);
        stage.kernel("mirrorLower")(n, placed.pointer, placed.ld);
        expect(placed.read()).toStrictEqual(mirrored(a));
        stage.finish();
      }
    });

    test("packLower takes the lower triangle row by row, unpackLower makes it a symmetric matrix", () => {
      for (const n of SIZES) {
        const a = wholeMatrix(n, n);
        stage.clear();
        const from = stage.place(a);
        const packed = stage.vector(Array((n * (n + 1)) / 2).fill(Number.NaN));
        const to = stage.place(room(n, n));
        stage.kernel("packLower")(n, from.pointer, from.ld, packed.pointer);
        expect(packed.read()).toStrictEqual(a.flatMap((row, i) => row.slice(0, i + 1)));
        expect(from.read()).toStrictEqual(a);
        stage.kernel("unpackLower")(n, packed.pointer, to.pointer, to.ld);
        expect(to.read()).toStrictEqual(mirrored(a));
        stage.finish();
      }
    });

    // Sums of whole numbers are exact, in whatever order.
    test.each([0, 1])("symmetricRankK makes the lower triangle of A A^T, or of A^T A: transposed %d", (flag) => {
      for (const n of [0, 1, 3, 8, 17, 33]) {
        for (const k of [0, 1, 5, 40, 300]) {
          const a = flag ? wholeMatrix(k, n) : wholeMatrix(n, k);
          const c = wholeMatrix(n, n);
          stage.clear();
          const [A, C] = [stage.place(a, flag ? n : k), stage.place(c)];
          const scratch = stage.scratch(stage.kernel("symmetricRankKScratch")(n, k));
          stage.kernel("symmetricRankK")(flag, n, k, 2, A.pointer, A.ld, -1, C.pointer, C.ld, scratch);
          const rows = flag ? transposed(matrix(k, n, (i, j) => a[i]![j]!)) : a;
          const full = matrix(n, n, (i, j) => {
            const sum = (rows[i] ?? []).reduce((s, x, p) => s + x * rows[j]![p]!, 0);
            return j <= i ? 2 * sum - c[i]![j]! : c[i]![j]!;
          });
          expect(distance(C.read(), full)).toBe(0);
          stage.finish();
        }
      }
    });

    test("symmetricRankK agrees with gemm to the bit", () => {
      const random = seeded(3);
      const [n, k] = [45, 270];
      const a = matrix(n, k, () => random() - 0.5);
      stage.clear();
      const [A, C, D] = [stage.place(a), stage.place(room(n, n)), stage.place(room(n, n))];
      const scratch = stage.scratch(stage.kernel("gemmScratch")(n, n, k));
      stage.kernel("symmetricRankK")(0, n, k, 0.3, A.pointer, A.ld, 0, C.pointer, C.ld, scratch);
      stage.kernel("mirrorLower")(n, C.pointer, C.ld);
      stage.kernel("gemm")(0, 1, n, n, k, 0.3, A.pointer, A.ld, A.pointer, A.ld, 0, D.pointer, D.ld, scratch);
      expect(C.read()).toStrictEqual(D.read());
      expect(
        distance(
          C.read(),
          product(a, transposed(a)).map((row) => row.map((x) => 0.3 * x)),
        ),
      ).toBeLessThan(k * dtypes[dtype].roundoff);
    });
  });
});
