import type { Dtype, FloatArray, Random, Sprinkle } from "../numbers.js";

export type Draw = (random: Random, chosen: Sprinkle) => number;

/** One call's arguments, and what the reference made of the arrays. */
export interface Call<Array extends string = string, Scalar extends string = string> {
  readonly dtype: Dtype;
  readonly n: number;
  readonly scalars: Readonly<Record<Scalar, number>>;
  readonly before: Readonly<Record<Array, FloatArray>>;
  readonly after: Readonly<Record<Array, FloatArray>>;
}

/**
 * A kernel whose arrays all have n elements: how to draw its arguments, and how far fused multiply-adds may take its
 * results from the reference.
 */
export interface Family<Array extends string = string, Scalar extends string = string> {
  readonly arrays: Readonly<Record<Array, Draw>>;
  readonly scalars: Readonly<Record<Scalar, Draw>>;
  /** The arguments in their order; `options` is made of the scalars of an update's pass: see ../options.ts. */
  readonly signature: readonly ("n" | "options" | NoInfer<Array> | NoInfer<Scalar>)[];
  /** Arrays that may be one and the same. */
  readonly aliases?: readonly (readonly NoInfer<Array>[])[];
  /** The unit of the relaxed bounds is one rounding (2^-24, 2^-53) of the magnitudes below; this many are allowed. */
  readonly roundings?: number;
  /**
   * What the rounding errors of an array's element i are proportional to: the rule, with every operand's magnitude. An
   * array that is not named must be the same to the bit.
   */
  readonly magnitudes?: (call: Call<Array, Scalar>, i: number) => Readonly<Partial<Record<NoInfer<Array>, number>>>;
  /** The same for the returned value; without it, that must be the same to the bit. */
  readonly resultMagnitude?: (call: Call<Array, Scalar>) => number;
}

/** Lets the names of arrays and scalars be inferred and checked, then forgets them. */
export const family = <Array extends string, Scalar extends string>(spec: Family<Array, Scalar>): Family =>
  spec as unknown as Family;
