import { type MatrixKernels, matrix } from "../engine/families/matrix.js";
import { dtypes } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";
import { blockTable } from "./block-table.js";
import type { BlockedTensor, Mode, Stripe } from "./blocks.js";
import { type Piece, suffixOf, wholeLines } from "./tensors.js";

/** Memory of blocked tensors: the table of their blocks, and room for a step, which holds nothing from one to the next. */
export class BlockMemory {
  /** As long as the longest stripe or vector: its gradient as the rule sees it, in whose place comes the direction. */
  readonly direction: number;
  /** As long as the longest stripe of several blocks: the gradients of these. */
  readonly copies: number;
  /** As long as the longest block. */
  readonly block: number;
  /** Squares of the longest mode, and as many numbers as it has. */
  readonly square: number;
  readonly otherSquare: number;
  readonly values: number;
  /** Where kernels work. */
  readonly work: number;
  readonly #all: Allocation;
  readonly #places: ReadonlyMap<Stripe | Mode, number>;

  constructor(set: ParameterSet, tensors: readonly BlockedTensor[]) {
    const { engine, dtype } = set;
    const blocks = tensors.flatMap((tensor) => tensor.blocks);
    const modes = blocks.flatMap((block) => block.modes);
    const longestMode = most(modes.map(({ size }) => size));
    const longestBlock = most(blocks.map(({ elements }) => elements));
    const stripes = tensors.flatMap((tensor) => tensor.stripes);
    const pieces = tensors.flatMap<Piece>((tensor) => (tensor.blocks.length === 0 ? [tensor] : tensor.stripes));
    const lengths = [
      most(pieces.map(({ length }) => length)),
      most(stripes.filter((stripe) => stripe.blocks.length > 1).map(({ elements }) => elements)),
      longestBlock,
      longestMode ** 2,
      longestMode ** 2,
      longestMode,
    ];
    const { numbers, places } = blockTable(tensors);
    const across = most(modes.map(({ last, rows, columns }) => (last ? rows : columns)));
    const sizes = [4 * numbers.length, ...lengths.map((length) => length * dtypes[dtype].bytes)].map(wholeLines);
    const arrays = sizes.reduce((sum, size) => sum + size, 0);
    const work = workBytes(engine.family(matrix), suffixOf(dtype), longestBlock, longestMode, across);
    this.#all = engine.allocate(this, arrays + work);
    let next = this.#all.pointer;
    const [table, direction, copies, block, square, otherSquare, values] = sizes.map(
      (size) => (next += size) - size,
    ) as [number, number, number, number, number, number, number];
    new Int32Array(engine.memory.buffer as ArrayBuffer, table, numbers.length).set(numbers);
    this.#places = new Map([...places].map(([piece, place]) => [piece, table + place]));
    this.direction = direction;
    this.copies = copies;
    this.block = block;
    this.square = square;
    this.otherSquare = otherSquare;
    this.values = values;
    this.work = next;
  }

  /** Where the records of a stripe's blocks begin, or that of a mode. */
  record(of: Stripe | Mode): number {
    return this.#places.get(of)!;
  }

  dispose(): void {
    this.#all.dispose();
  }
}

const most = (lengths: readonly number[]) => lengths.reduce((greatest, length) => Math.max(greatest, length), 0);

/** What any kernel asks for, of blocks of so many elements, their modes of up to n indices, up to k of others beside them. */
function workBytes(kernels: MatrixKernels, suffix: "f32" | "f64", elements: number, n: number, k: number): number {
  return Math.max(
    kernels[`blocksScratch_${suffix}`](elements, n, k),
    kernels[`symmetricEigenScratch_${suffix}`](n),
    kernels[`recomposeScratch_${suffix}`](n),
    kernels[`refreshBasisScratch_${suffix}`](n),
    kernels[`gemmScratch_${suffix}`](n, n, n),
  );
}
