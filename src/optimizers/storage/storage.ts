import type { KernelFamily } from "../../engine/families/family.js";

/** The elements of one slot in memory. */
export interface StoredSlot {
  readonly buffer: ArrayBuffer;
  /** Where the slabs begin. */
  readonly pointers: readonly number[];
  /** Elements of the stretches that scales don't reach across: the tensors, or all in one. */
  readonly stretches: readonly number[];
  /** Whether it holds squares of gradients. */
  readonly squared: boolean;
}

/**
 * How state is kept in fewer bits than the parameters. What is decoded and encoded again is the same to the bit for the
 * kernels.
 */
export interface StateStorage {
  readonly name: "bfloat16" | "int8";
  /** @internal The kernels, named as those for full state with `suffix` behind. */
  readonly family: KernelFamily<object>;
  /** @internal */
  readonly suffix: "Bfloat16" | "Int8";
  /** @internal The bytes of the slabs that a slot takes. */
  slabs(stretches: readonly number[]): readonly number[];
  /** @internal All elements of a slot. */
  decode(slot: StoredSlot): Float32Array;
  /** @internal */
  encode(slot: StoredSlot, elements: Float32Array): void;
}

export const total = (stretches: readonly number[]): number => stretches.reduce((sum, length) => sum + length, 0);
