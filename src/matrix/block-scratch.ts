import { type MatrixKernels, matrix } from "../engine/families/matrix.js";
import { dtypes } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { BlockedTensor } from "./blocks.js";
import { type Piece, suffixOf, wholeLines } from "./tensors.js";

/** Memory for a step of blocked tensors, which holds nothing from one step to the next. */
export class BlockScratch {
  /** As long as the longest stripe or vector: its gradient as the rule sees it, in whose place comes the direction. */
  readonly direction: number;
  /** As long as the longest block: its gradient, and three more. */
  readonly gradient: number;
  readonly block: number;
  readonly otherBlock: number;
  readonly thirdBlock: number;
  /** Squares of the longest mode, and as many numbers as it has. */
  readonly square: number;
  readonly otherSquare: number;
  readonly values: number;
  /** Where kernels work. */
  readonly work: number;
  readonly #all: Allocation;

  constructor(set: ParameterSet, tensors: readonly BlockedTensor[]) {
    const { engine, dtype } = set;
    const blocks = tensors.flatMap((tensor) => tensor.blocks);
    const modes = blocks.flatMap((block) => block.modes);
    const most = (lengths: readonly number[]) => lengths.reduce((greatest, length) => Math.max(greatest, length), 0);
    const longestMode = most(modes.map(({ size }) => size));
    const longestBlock = most(blocks.map(({ elements }) => elements));
    const square = longestMode ** 2;
    const pieces = tensors.flatMap<Piece>((tensor) => (tensor.blocks.length === 0 ? [tensor] : tensor.stripes));
    const lengths = [most(pieces.map(({ length }) => length)), ...Array(4).fill(longestBlock)];
    const sizes = [...lengths, square, square, longestMode].map((length) => wholeLines(length * dtypes[dtype].bytes));
    const arrays = sizes.reduce((sum, size) => sum + size, 0);
    const across = most(modes.map(({ last, slices }) => (last ? slices.rows : slices.columns)));
    this.#all = engine.allocate(this, arrays + workBytes(engine.family(matrix), suffixOf(dtype), longestMode, across));
    let next = this.#all.pointer;
    const [direction, gradient, block, otherBlock, thirdBlock, firstSquare, otherSquare, values] = sizes.map(
      (size) => (next += size) - size,
    ) as [number, number, number, number, number, number, number, number];
    this.direction = direction;
    this.gradient = gradient;
    this.block = block;
    this.otherBlock = otherBlock;
    this.thirdBlock = thirdBlock;
    this.square = firstSquare;
    this.otherSquare = otherSquare;
    this.values = values;
    this.work = next;
  }

  dispose(): void {
    this.#all.dispose();
  }
}

/** What any kernel of a mode of up to n indices asks for, in a block with up to k of others beside it. */
function workBytes(kernels: MatrixKernels, suffix: "f32" | "f64", n: number, k: number): number {
  const longest = Math.max(n, k);
  return Math.max(
    kernels[`gemmScratch_${suffix}`](longest, longest, n),
    kernels[`symmetricRankKPackedScratch_${suffix}`](n, k),
    kernels[`symmetricEigenScratch_${suffix}`](n),
    kernels[`recomposeScratch_${suffix}`](n),
    kernels[`refreshBasisScratch_${suffix}`](n),
  );
}
