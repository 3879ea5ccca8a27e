// What is done to a block, mode by mode.

import type { Kernel, Step } from "../optimizers/step.js";
import type { Mode, Slices } from "./blocks.js";
import type { GraftingScalars } from "./grafting.js";

/**
 * How a matrix M is applied along a mode: `"there"` for M X, `"back"` for M^T X, `"symmetric"` where both are the same, in
 * whichever way needs no transpose.
 */
export type Way = "there" | "back" | "symmetric";

/** Looked up once, since a step calls them for hundreds of blocks. */
export class BlockKernels {
  readonly #gemm: Kernel;
  readonly #rankK: Kernel;
  readonly #scale: Kernel;
  readonly #squaredNorm: Kernel;
  readonly #momentDirection: Kernel;
  readonly #work: number;

  /** @param work where kernels work */
  constructor(step: Step, work: number) {
    this.#gemm = step.kernel("gemm");
    this.#rankK = step.kernel("symmetricRankKPacked");
    this.#scale = step.kernel("scaleMatrix");
    this.#squaredNorm = step.kernel("matrixSquaredNorm");
    this.#momentDirection = step.kernel("momentDirection");
    this.#work = work;
  }

  /** S <- decay S + intake G G^T, G the unfolding of the block at `block`, S the packed triangle. */
  addStatistics(mode: Mode, block: number, triangle: number, decay: number, intake: number): void {
    const { size, last } = mode;
    const { offsets, rows, columns, ld } = mode.slices;
    const across = last ? rows : columns;
    let kept = decay;
    for (const offset of offsets) {
      this.#rankK(last ? 1 : 0, size, across, intake, block + offset, ld, kept, triangle, this.#work);
      kept = 1;
    }
  }

  /** Y <- M X along the mode, M `size` x `size`, X and Y blocks apart from each other. */
  apply(mode: Mode, matrix: number, way: Way, from: number, to: number): void {
    const { size, last } = mode;
    const { offsets, rows, columns, ld } = mode.slices;
    for (const offset of offsets) {
      const [x, y] = [from + offset, to + offset];
      if (last) {
        this.#gemm(0, way === "there" ? 1 : 0, rows, size, size, 1, x, ld, matrix, size, 0, y, ld, this.#work);
      } else {
        this.#gemm(way === "back" ? 1 : 0, 0, size, columns, size, 1, matrix, size, x, ld, 0, y, ld, this.#work);
      }
    }
  }

  /** C <- A B^T, n x n. */
  productTransposed(n: number, a: number, b: number, c: number): void {
    this.#gemm(0, 1, n, n, n, 1, a, n, b, n, 0, c, n, this.#work);
  }

  /** The step of the grafted rule, for n elements, to `to`; a moment at 0 is not kept. */
  momentDirection(n: number, gradient: number, first: number, second: number, to: number, s: GraftingScalars): void {
    this.#momentDirection(n, gradient, first, second, to, s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
  }

  /** |X|^2 of n elements. */
  squaredNorm(n: number, at: number): number {
    return this.#squaredNorm(1, n, at, n);
  }

  /** Y <- factor X, both of the same slices but for where they lie. */
  copyScaled(factor: number, at: number, from: Slices, to: number, there: Slices): void {
    const { rows, columns, ld } = from;
    for (let k = 0; k < from.offsets.length; k++) {
      this.#scale(rows, columns, factor, at + from.offsets[k]!, ld, to + there.offsets[k]!, there.ld);
    }
  }
}
