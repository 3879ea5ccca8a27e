import { dtypes } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import { type Piece, type Tensor, tensorsOf } from "./tensors.js";

// Places and leading dimensions are in elements, but for those of a stripe.

/** Where a block lies in its stripe: matrices of one size. */
export interface Slices {
  readonly offsets: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** From row to row. */
  readonly ld: number;
}

/**
 * A side of a block: the indices of one size of its tensor. A copy of the block without gaps is [outer][rows][inner][columns],
 * with the side as its columns if it is the last, and as its rows otherwise.
 */
export interface Mode {
  readonly size: number;
  readonly last: boolean;
  readonly outer: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Where its statistics, a packed triangle, and its root or basis, a square, begin in the tensor's slots. */
  readonly triangle: number;
  readonly square: number;
  /** Its place among the modes of its tensor. */
  readonly index: number;
}

/** A part of a tensor that is preconditioned by itself. */
export interface Block {
  readonly index: number;
  readonly elements: number;
  /** Elements of the tensor's blocks before it. */
  readonly start: number;
  readonly slices: Slices;
  readonly modes: readonly Mode[];
}

/** The blocks of one range of a tensor's first size: what they consist of lies in one piece. */
export interface Stripe extends Piece {
  /** Those of the blocks: behind them the last stripe has the padding up to the next tensor. */
  readonly elements: number;
  readonly blocks: readonly Block[];
}

/** A tensor and its blocks; none, and it is a vector. */
export interface BlockedTensor extends Tensor {
  readonly blocks: readonly Block[];
  readonly stripes: readonly Stripe[];
}

export interface Blocking {
  readonly blockSize: number;
  /** From which ratio of the sides of a matrix on only the short one counts. */
  readonly oneSidedRatio: number;
}

const product = (sizes: readonly number[]) => sizes.reduce((n, size) => n * size, 1);

/**
 * The sizes that a tensor is preconditioned by: without those of 1, and of more than two, neighbours merged from the first
 * on as long as a block holds their product and two are left.
 */
export function mergedSizes(sizes: readonly number[], { blockSize }: Blocking): readonly number[] {
  const several = sizes.filter((size) => size !== 1);
  const merged: number[] = [];
  several.forEach((size, k) => {
    const before = merged.at(-1);
    const mayMerge = several.length > 2 && (merged.length > 1 || k < several.length - 1);
    if (before !== undefined && mayMerge && before * size <= blockSize) merged[merged.length - 1] = before * size;
    else merged.push(size);
  });
  return merged.length < 2 || product(merged) === 0 ? [] : merged;
}

/** A size in parts of at most `blockSize`, as equal as may be, of whole eights from 16 on: products like those best. */
export function partsOf(size: number, blockSize: number): readonly number[] {
  if (size <= blockSize) return [size];
  const unit = blockSize >= 16 ? 8 : 1;
  const units = Math.ceil(size / unit);
  const count = Math.ceil(units / Math.floor(blockSize / unit));
  const parts = Array.from(
    { length: count },
    (_, k) => unit * (Math.floor(units / count) + (k < units % count ? 1 : 0)),
  );
  parts[count - 1]! -= units * unit - size;
  return parts;
}

/** All ways to take one of each list, the last varying fastest. */
const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((before, list) => before.flatMap((chosen) => list.map((one) => [...chosen, one])), [[]]);

const indices = (length: number) => Array.from({ length }, (_, i) => i);

const stridesOf = (sizes: readonly number[]) => sizes.map((_, k) => product(sizes.slice(k + 1)));

/** Those of a box of a tensor, its first element at `start`. */
function slicesOf(lengths: readonly number[], strides: readonly number[], start: number): Slices {
  const [rows, columns] = lengths.slice(-2) as [number, number];
  const offsets = combinations(lengths.slice(0, -2).map(indices)).map((at) =>
    at.reduce((offset, index, k) => offset + index * strides[k]!, start),
  );
  return { offsets, rows, columns, ld: strides.at(-2)! };
}

/** How a mode is along a box without gaps. */
function sidesOf(lengths: readonly number[], mode: number) {
  const last = lengths.length - 1;
  const row = mode === last ? last - 1 : mode;
  return {
    last: mode === last,
    outer: product(lengths.slice(0, row)),
    rows: lengths[row]!,
    inner: product(lengths.slice(row + 1, last)),
    columns: lengths[last]!,
  };
}

function activeModes(sizes: readonly number[], { oneSidedRatio }: Blocking): readonly number[] {
  const all = indices(sizes.length);
  if (sizes.length > 2 || Math.max(...sizes) < oneSidedRatio * Math.min(...sizes)) return all;
  return [sizes[0]! <= sizes[1]! ? 0 : 1];
}

export const triangleLength = (n: number): number => (n * (n + 1)) / 2;

/** The blocks of a tensor of these sizes, the last index varying fastest. */
export function blocksOf(sizes: readonly number[], blocking: Blocking): readonly Block[] {
  const merged = mergedSizes(sizes, blocking);
  if (merged.length === 0) return [];
  const strides = stridesOf(merged);
  const active = activeModes(merged, blocking);
  const ranges = merged.map((size) => {
    let from = 0;
    return partsOf(size, blocking.blockSize).map((length) => ({ from: (from += length) - length, length }));
  });
  let [triangle, square, index, before] = [0, 0, 0, 0];
  return combinations(ranges).map((box, b) => {
    const lengths = box.map(({ length }) => length);
    const start = box.reduce((offset, { from }, k) => offset + from * strides[k]!, 0);
    const modes = active.map((mode) => {
      const size = lengths[mode]!;
      const made: Mode = { size, ...sidesOf(lengths, mode), triangle, square, index };
      triangle += triangleLength(size);
      square += size * size;
      index++;
      return made;
    });
    const elements = product(lengths);
    before += elements;
    const slices = slicesOf(lengths, strides, start - box[0]!.from * strides[0]!);
    return { index: b, elements, start: before - elements, slices, modes };
  });
}

export function blockedTensors(set: ParameterSet, blocking: Blocking): readonly BlockedTensor[] {
  const { bytes } = dtypes[set.dtype];
  return tensorsOf(set).map((tensor) => {
    const blocks = blocksOf(tensor.sizes, blocking);
    return { ...tensor, blocks, stripes: stripesOf(tensor, blocks, blocking, bytes) };
  });
}

function stripesOf(tensor: Tensor, blocks: readonly Block[], blocking: Blocking, bytes: number): readonly Stripe[] {
  if (blocks.length === 0) return [];
  const count = partsOf(mergedSizes(tensor.sizes, blocking)[0]!, blocking.blockSize).length;
  const each = blocks.length / count;
  return Array.from({ length: count }, (_, k) => {
    const own = blocks.slice(each * k, each * (k + 1));
    const { start } = own[0]!;
    const elements = own.reduce((sum, block) => sum + block.elements, 0);
    const length = k < count - 1 ? elements : tensor.length - start;
    return { index: tensor.index, offset: tensor.offset + start * bytes, length, elements, blocks: own };
  });
}

/** Sums over all modes of a tensor of these sizes: how long slots are. */
export function modeSum(sizes: readonly number[], blocking: Blocking, of: (mode: Mode) => number): number {
  return blocksOf(sizes, blocking).reduce((sum, { modes }) => modes.reduce((s, mode) => s + of(mode), sum), 0);
}
