// assembly/matrix/gemm.ts against the triple loop: to the bit on strict, within the error bound of a sum on relaxed.

import { describe, expect, test } from "vitest";

import { Arena } from "../kernels/arena.js";
import {
  below,
  DTYPES,
  type Dtype,
  dtypes,
  type FloatArray,
  moderate,
  type Random,
  seeded,
} from "../kernels/numbers.js";
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
}

const TRANSPOSES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** So many elements are drawn, and used again from another place: what is tested are shapes. */
const POOL = 9973;

/** The kernels of both binaries and the reference, each in a memory of its own, on the same operands. */
class Products {
  readonly #dtype: Dtype;
  readonly #stages: { binary: Binary | "reference"; arena: Arena; kernels: KernelTable }[];
  readonly #pool: FloatArray;
  #drawn = 0;

  constructor(dtype: Dtype, pages: number, draw = moderate) {
    this.#dtype = dtype;
    const random = seeded(1);
    this.#pool = dtypes[dtype].array.from(Array.from({ length: POOL }, () => draw(random)));
    this.#stages = (["reference", ...BINARIES] as const).map((binary) => {
      const arena = new Arena(pages);
      return { binary, arena, kernels: kernelsOf(binary, arena.memory) };
    });
  }

  #draw(length: number): FloatArray {
    const drawn = new dtypes[this.#dtype].array(length);
    for (let at = 0; at < length; ) {
      const part = this.#pool.subarray(this.#drawn, this.#drawn + length - at);
      drawn.set(part, at);
      at += part.length;
      this.#drawn = (this.#drawn + part.length) % POOL;
    }
    return drawn;
  }

  /** Sees to it that the binaries write where they may, and what the reference writes. */
  check(given: Case): void {
    const { transposeA, transposeB, m, n, k, alpha, beta, gap, before, lower } = given;
    const [rowsA, lda] = transposeA ? [k, m + gap] : [m, k + gap];
    const [rowsB, ldb] = transposeB ? [n, k + gap] : [k, n + gap];
    const ldc = n + gap;
    const [a, b, c] = [this.#draw(rowsA * lda), this.#draw(rowsB * ldb), this.#draw(m * ldc)] as const;
    if (before !== undefined) c.fill(before);
    const run = ({ arena, kernels }: { arena: Arena; kernels: KernelTable }) => {
      arena.clear();
      const pointers = [
        arena.place(this.#dtype, a, 1),
        arena.place(this.#dtype, b, 2),
        arena.place(this.#dtype, c, 3),
      ] as const;
      const scratch = arena.reserve(kernels[`gemmScratch_${this.#dtype}`](m, n, k));
      const rest = [k, alpha, pointers[0], lda, pointers[1], ldb, beta, pointers[2], ldc, scratch] as const;
      if (lower) kernels[`gemmLower_${this.#dtype}`](transposeA, transposeB, n, ...rest);
      else kernels[`gemm_${this.#dtype}`](transposeA, transposeB, m, n, ...rest);
      return arena.floats(this.#dtype, pointers[2], c.length);
    };
    const [reference, ...stages] = this.#stages;
    const expected = run(reference!);
    for (const stage of stages) {
      const actual = run(stage);
      const said = () => JSON.stringify({ binary: stage.binary, dtype: this.#dtype, ...given });
      const overwritten = stage.arena.firstOverwritten();
      if (overwritten !== undefined) expect.fail(`${said()}: wrote to byte ${overwritten}`);
      for (let at = 0; at < c.length; at++) {
        const [i, j] = [Math.floor(at / ldc), at % ldc];
        if (j >= n || (lower && j > i)) {
          if (!Object.is(actual[at], c[at])) expect.fail(`${said()}: wrote to C[${i}][${j}], which is not its own`);
          continue;
        }
        if (Object.is(actual[at], expected[at])) continue;
        let magnitude = beta === 0 ? 0 : Math.abs(beta * c[at]!);
        for (let p = 0; p < k; p++) {
          const [x, y] = [a[transposeA ? p * lda + i : i * lda + p]!, b[transposeB ? j * ldb + p : p * ldb + j]!];
          magnitude += Math.abs(alpha * x * y);
        }
        // Higham 2002, section 3.5: a sum of k products, and the two that are added to it.
        const bound = stage.binary === "strict" ? 0 : 2 * (k + 4) * dtypes[this.#dtype].roundoff * magnitude;
        if (Math.abs(actual[at]! - expected[at]!) <= bound) continue;
        expect.fail(`${said()}: C[${i}][${j}] is ${actual[at]}, expected ${expected[at]} within ${bound}`);
      }
    }
  }
}

describe.each(DTYPES)("gemm_%s, strict and relaxed,", (dtype) => {
  const small = new Products(dtype, 2);
  const large = new Products(dtype, 64);

  test.each(TRANSPOSES)("is the triple loop for all shapes up to 20 x 20 x 20, transposed: %d, %d", (ta, tb) => {
    const scalars = [1, 0, -0.5, 3];
    for (let m = 0; m <= 20; m++) {
      for (let n = 0; n <= 20; n++) {
        for (let k = 0; k <= 20; k++) {
          const [alpha, beta] = [scalars[(m + k) % 4]!, scalars[(n + k) % 4]!];
          small.check({ transposeA: ta, transposeB: tb, m, n, k, alpha, beta, gap: (m + n + k) % 3 });
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
      large.check(given);
      large.check({ ...given, beta: 0, before: Number.NaN });
    }
  });

  test("does not read C if beta is 0, and reads A and B even if alpha is 0", () => {
    const given = { transposeA: 0, transposeB: 0, m: 13, n: 11, k: 5, alpha: 1, beta: 0, gap: 1, before: Number.NaN };
    small.check(given);
    new Products(dtype, 2, () => Number.NaN).check({ ...given, alpha: 0 });
  });

  test("carries NaN and the infinities to the elements that they enter", () => {
    const draw = (r: Random) => [Number.NaN, Number.POSITIVE_INFINITY, 0, moderate(r)][below(r, 40)] ?? moderate(r);
    const sprinkled = new Products(dtype, 2, draw);
    for (const [transposeA, transposeB] of TRANSPOSES) {
      for (let n = 1; n < 30; n++) {
        sprinkled.check({ transposeA, transposeB, m: 31 - n, n, k: 7, alpha: 1, beta: 1, gap: 0 });
      }
    }
  });

  test.each(TRANSPOSES)("gemmLower makes the lower triangle of it and leaves the rest: %d, %d", (ta, tb) => {
    const given = { transposeA: ta, transposeB: tb, lower: true };
    for (let n = 0; n <= 40; n++) {
      for (const k of [0, 1, 7, n]) small.check({ ...given, m: n, n, k, alpha: 0.7, beta: n % 2, gap: n % 5 });
    }
    for (const [n, k] of [
      [130, 300],
      [250, 20],
      [530, 3],
    ] as const) {
      large.check({ ...given, m: n, n, k, alpha: 1, beta: 0, gap: 3 });
    }
  });

  test.each(BINARIES)("an element depends on its own row and column only, wherever they lie: %s", (binary) => {
    const arena = new Arena(64);
    const kernels = kernelsOf(binary, arena.memory);
    const random = seeded(6);
    const [m, n, k] = [37, 29, 300];
    const draws = (count: number) => Array.from({ length: count }, () => moderate(random));
    const [a, b] = [arena.place(dtype, draws(m * k)), arena.place(dtype, draws(k * n))];
    const whole = arena.place(dtype, draws(m * n));
    const single = arena.place(dtype, [0]);
    const scratch = arena.reserve(kernels[`gemmScratch_${dtype}`](m, n, k));
    const { bytes } = dtypes[dtype];
    kernels[`gemm_${dtype}`](0, 0, m, n, k, 0.7, a, k, b, n, 0, whole, n, scratch);
    const all = arena.floats(dtype, whole, m * n);
    const singles = all.map((_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      kernels[`gemm_${dtype}`](0, 0, 1, 1, k, 0.7, a + i * k * bytes, k, b + j * bytes, n, 0, single, 1, scratch);
      return arena.floats(dtype, single, 1)[0]!;
    });
    expect(singles).toStrictEqual(all.slice());
  });
});
