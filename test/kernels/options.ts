// What the kernels of assembly/update read beside their arguments: the layout is drawn in assembly/update/options.ts.

import type { Arena } from "./arena.js";

export interface Tensor {
  readonly length: number;
  readonly gradientScale?: number;
  readonly l2?: number;
  readonly shrink?: number;
  readonly rate?: number;
  readonly matrix?: readonly [rows: number, columns: number, matrices: number, rowSlots: number, columnSlots: number];
}

interface Options {
  readonly gradientScale?: number;
  readonly clipValue?: number;
  readonly box?: number;
  readonly l2?: number;
  readonly shrink?: number;
  readonly averageWeight?: number;
  readonly averages?: number;
  readonly clear?: number;
  readonly tensors?: readonly Tensor[];
}

/** Writes a record and returns its address; 0 for nothing out of the ordinary. */
export function placeOptions(arena: Arena, options: Options): number {
  const { gradientScale = 1, clipValue = Number.POSITIVE_INFINITY, l2 = 0, shrink = 0 } = options;
  const { box = Number.POSITIVE_INFINITY } = options;
  const { averageWeight = 0, averages = 0, clear = 0, tensors } = options;
  const bare = gradientScale === 1 && Math.min(clipValue, box) === Number.POSITIVE_INFINITY && l2 === 0 && shrink === 0;
  if (bare && averages === 0 && clear === 0 && tensors === undefined) return 0;
  const record = arena.reserve(64);
  const table = tensors === undefined ? 0 : arena.reserve(64 * tensors.length);
  const view = new DataView(arena.memory.buffer);
  [gradientScale, clipValue, l2, shrink, averageWeight].forEach((value, k) => {
    view.setFloat64(record + 8 * k, value, true);
  });
  [averages, clear, table].forEach((value, k) => {
    view.setUint32(record + 40 + 4 * k, value, true);
  });
  view.setFloat64(record + 56, box, true);
  tensors?.forEach((tensor, k) => {
    const at = table + 64 * k;
    view.setInt32(at, tensor.length, true);
    [tensor.gradientScale ?? 1, tensor.l2 ?? 1, tensor.shrink ?? 1, tensor.rate ?? 1].forEach((value, j) => {
      view.setFloat64(at + 8 * (j + 1), value, true);
    });
    (tensor.matrix ?? [0, tensor.length, 1, 0, 0]).forEach((value, j) => {
      view.setInt32(at + 40 + 4 * j, value, true);
    });
  });
  return record;
}
