// assembly/matrix/gemm.ts against the triple loop: to the bit on strict, within the error bound of a sum on relaxed.

import { describe, expect, test } from "vitest";

import { Arena } from "../kernels/arena.js";
import { below, DTYPES, type Dtype, dtypes, moderate, type Random, seeded } from "../kernels/numbers.js";
import { BINARIES, type Binary, type KernelTable, kernelsOf } from "../kernels/variants.js";

interface Case {
  readonly transposeA: number;
  readonly transposeB: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly alpha: number;
  readonly beta: number;
  /** Elements by which each leading dimension exceeds the columns. */
  readonly gap: number;
  /** What C holds. Default: numbers. */
  readonly before?: number;
  /** Only the lower triangle. */
  readonly lower?: boolean;
  /** Draws the elements of A and B. Default: moderate ones. */
  readonly draw?: (random: Random) => number;
}

const TRANSPOSES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

class Products {
  readonly #binary: Binary;
  readonly #actual: Arena;
  readonly #expected: Arena;
  readonly #kernels: KernelTable;
  readonly #reference: KernelTable;

  constructor(binary: Binary, pages: number) {
    this.#binary = binary;
    this.#actual = new Arena(pages);
    this.#expected = new Arena(pages);
    this.#kernels = kernelsOf(binary, this.#actual.memory);
    this.#reference = kernelsOf("reference", this.#expected.memory);
  }

  /** Where the two part, undefined if nowhere. */
  difference(dtype: Dtype, random: Random, given: Case): string | undefined {
    const { transposeA, transposeB, m, n, k, alpha, beta, gap, before, lower, draw = moderate } = given;
    const [rowsA, lda] = transposeA ? [k, m + gap] : [m, k + gap];
    const [rowsB, ldb] = transposeB ? [n, k + gap] : [k, n + gap];
    const ldc = n + gap;
    const matrix = (rows: number, columns: number) => Array.from({ length: rows * columns }, () => draw(random));
    const [a, b, c] = [matrix(rowsA, lda), matrix(rowsB, ldb), matrix(m, ldc)];
    if (before !== undefined) c.fill(before);
    const run = (table: KernelTable, arena: Arena) => {
      arena.clear();
      const pointers = [arena.place(dtype, a, 1), arena.place(dtype, b, 2), arena.place(dtype, c, 3)] as const;
      const scratch = arena.reserve(table[`gemmScratch_${dtype}`](m, n, k));
      const rest = [k, alpha, pointers[0], lda, pointers[1], ldb, beta, pointers[2], ldc, scratch] as const;
      if (lower) table[`gemmLower_${dtype}`](transposeA, transposeB, n, ...rest);
      else table[`gemm_${dtype}`](transposeA, transposeB, m, n, ...rest);
      return arena.floats(dtype, pointers[2], c.length);
    };
    const actual = run(this.#kernels, this.#actual);
    const expected = run(this.#reference, this.#expected);
    const said = () => JSON.stringify({ dtype, ...given });
    const overwritten = this.#actual.firstOverwritten();
    if (overwritten !== undefined) return `${said()}: wrote to byte ${overwritten}`;
    const { roundoff, array } = dtypes[dtype];
    const kept = array.from(c);
    for (let at = 0; at < c.length; at++) {
      const [i, j] = [Math.floor(at / ldc), at % ldc];
      if (j >= n || (lower && j > i)) {
        if (!Object.is(actual[at], kept[at])) return `${said()}: wrote to C[${i}][${j}], which is not its own`;
        continue;
      }
      if (Object.is(actual[at], expected[at])) continue;
      let magnitude = beta === 0 ? 0 : Math.abs(beta * c[at]!);
      for (let p = 0; p < k; p++) {
        const [x, y] = [a[transposeA ? p * lda + i : i * lda + p]!, b[transposeB ? j * ldb + p : p * ldb + j]!];
        magnitude += Math.abs(alpha * x * y);
      }
      // Higham 2002, section 3.5: a sum of k products, and the two that are added to it.
      const bound = this.#binary === "strict" ? 0 : 2 * (k + 4) * roundoff * magnitude;
      if (Math.abs(actual[at]! - expected[at]!) <= bound) continue;
      return `${said()}: C[${i}][${j}] is ${actual[at]}, expected ${expected[at]} within ${bound}`;
    }
    return undefined;
  }
}

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("gemm_%s", (dtype) => {
    const small = new Products(binary, 2);
    const large = new Products(binary, 64);

    test.each(TRANSPOSES)("is the triple loop for all shapes up to 20 x 20 x 20, transposed: %d, %d", (ta, tb) => {
      const random = seeded(1);
      const scalars = [1, 0, -0.5, 3];
      for (let m = 0; m <= 20; m++) {
        for (let n = 0; n <= 20; n++) {
          for (let k = 0; k <= 20; k++) {
            const [alpha, beta] = [scalars[(m + k) % 4]!, scalars[(n + k) % 4]!];
            const given = { transposeA: ta, transposeB: tb, m, n, k, alpha, beta, gap: (m + n + k) % 3 };
            expect(small.difference(dtype, random, given)).toBeUndefined();
          }
        }
      }
    });

    test.each(TRANSPOSES)("is the triple loop for larger shapes, across the ends of blocks: %d, %d", (ta, tb) => {
      const random = seeded(2);
      const shapes = [
        [121, 9, 257],
        [240, 17, 256],
        [5, 520, 40],
        [4, 513, 300],
        [64, 64, 64],
        [1, 300, 1],
        [300, 1, 513],
        ...Array.from({ length: 12 }, () => [below(random, 150), below(random, 150), below(random, 300)]),
      ];
      for (const [m, n, k] of shapes as [number, number, number][]) {
        const given = { transposeA: ta, transposeB: tb, m, n, k, alpha: 0.7, beta: 0.3, gap: below(random, 40) };
        expect(large.difference(dtype, random, given)).toBeUndefined();
        expect(large.difference(dtype, random, { ...given, beta: 0, before: Number.NaN })).toBeUndefined();
      }
    });

    test("does not read C if beta is 0, and reads A and B even if alpha is 0", () => {
      const given = { transposeA: 0, transposeB: 0, m: 13, n: 11, k: 5, alpha: 1, beta: 0, gap: 1, before: Number.NaN };
      expect(small.difference(dtype, seeded(3), given)).toBeUndefined();
      const nan = { ...given, alpha: 0, draw: () => Number.NaN };
      expect(small.difference(dtype, seeded(3), nan)).toBeUndefined();
    });

    test("carries NaN and the infinities to the elements that they enter", () => {
      const random = seeded(4);
      const draw = (r: Random) => [Number.NaN, Number.POSITIVE_INFINITY, 0, moderate(r)][below(r, 40)] ?? moderate(r);
      for (const [transposeA, transposeB] of TRANSPOSES) {
        for (let n = 1; n < 30; n++) {
          const given = { transposeA, transposeB, m: 31 - n, n, k: 7, alpha: 1, beta: 1, gap: 0, draw };
          expect(small.difference(dtype, random, given)).toBeUndefined();
        }
      }
    });

    test.each(TRANSPOSES)("gemmLower makes the lower triangle of it and leaves the rest: %d, %d", (ta, tb) => {
      const random = seeded(5);
      for (let n = 0; n <= 40; n++) {
        for (const k of [0, 1, 7, n]) {
          const given = {
            transposeA: ta,
            transposeB: tb,
            m: n,
            n,
            k,
            alpha: 0.7,
            beta: n % 2,
            gap: n % 5,
            lower: true,
          };
          expect(small.difference(dtype, random, given)).toBeUndefined();
        }
      }
      for (const [n, k] of [
        [130, 300],
        [250, 20],
        [530, 3],
      ] as const) {
        const given = { transposeA: ta, transposeB: tb, m: n, n, k, alpha: 1, beta: 0, gap: 3, lower: true };
        expect(large.difference(dtype, random, given)).toBeUndefined();
      }
    });

    test("an element depends on its own row and column only, wherever they lie", () => {
      const arena = new Arena(64);
      const table = kernelsOf(binary, arena.memory);
      const random = seeded(6);
      const [m, n, k] = [37, 29, 300];
      const draws = (count: number) => Array.from({ length: count }, () => moderate(random));
      const [a, b] = [arena.place(dtype, draws(m * k)), arena.place(dtype, draws(k * n))];
      const whole = arena.place(dtype, draws(m * n));
      const single = arena.place(dtype, [0]);
      const scratch = arena.reserve(table[`gemmScratch_${dtype}`](m, n, k));
      const { bytes } = dtypes[dtype];
      table[`gemm_${dtype}`](0, 0, m, n, k, 0.7, a, k, b, n, 0, whole, n, scratch);
      const all = arena.floats(dtype, whole, m * n);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          table[`gemm_${dtype}`](0, 0, 1, 1, k, 0.7, a + i * k * bytes, k, b + j * bytes, n, 0, single, 1, scratch);
          expect(arena.floats(dtype, single, 1)[0]).toBe(all[i * n + j]);
        }
      }
    });
  });
});
