// What is done to a block, mode by mode.

import type { Step } from "../optimizers/step.js";
import type { Mode, Slices } from "./blocks.js";

/** A box of elements: where its tensor, or its copy, begins, and how it lies there. */
interface Place {
  readonly at: number;
  readonly slices: Slices;
}

/** S <- decay S + intake G G^T, G the unfolding of the gradient that begins at `gradient`, S the packed triangle. */
export function addStatistics(
  step: Step,
  { size, last, inside }: Mode,
  gradient: number,
  triangle: number,
  { decay, intake, work }: { decay: number; intake: number; work: number },
): void {
  const across = last ? inside.rows : inside.columns;
  inside.offsets.forEach((offset, k) => {
    const at = gradient + offset;
    const kept = k === 0 ? decay : 1;
    step.call("symmetricRankKPacked", Number(last), size, across, intake, at, inside.ld, kept, triangle, work);
  });
}

/** Y <- M X along the mode, or M^T X with `back`; M is `size` x `size`. X and Y are apart. */
export function applyAlong(
  step: Step,
  { size, last }: Mode,
  matrix: number,
  from: Place,
  to: Place,
  { back, work }: { back: boolean; work: number },
): void {
  const { rows, columns, ld } = from.slices;
  from.slices.offsets.forEach((offset, k) => {
    const [x, y] = [from.at + offset, to.at + to.slices.offsets[k]!];
    if (last) step.call("gemm", 0, Number(!back), rows, size, size, 1, x, ld, matrix, size, 0, y, to.slices.ld, work);
    else step.call("gemm", Number(back), 0, size, columns, size, 1, matrix, size, x, ld, 0, y, to.slices.ld, work);
  });
}

/** |X|^2 */
export function squaredNorm(step: Step, { at, slices: { offsets, rows, columns, ld } }: Place): number {
  return offsets.reduce((sum, offset) => sum + step.call("matrixSquaredNorm", rows, columns, at + offset, ld), 0);
}

/** Y <- factor X */
export function copyScaled(step: Step, factor: number, from: Place, to: Place): void {
  const { rows, columns, ld } = from.slices;
  from.slices.offsets.forEach((offset, k) => {
    step.call("scaleMatrix", rows, columns, factor, from.at + offset, ld, to.at + to.slices.offsets[k]!, to.slices.ld);
  });
}
