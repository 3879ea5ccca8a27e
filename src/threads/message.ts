import type { Variant } from "../engine/tables.js";
import { type CsrMatrix, csr, type MinimizeOptions, type MinimizeResult, type Problem } from "../finite-sum/index.js";

/** Features as they cross from thread to thread, where classes are lost. */
type PlainFeatures =
  | Exclude<Problem["features"], CsrMatrix>
  | {
      readonly values: CsrMatrix["values"];
      readonly indices: Int32Array;
      readonly offsets: Int32Array;
      readonly columns: number;
    };

/** A problem to solve. Features are sent to a worker once, under a number, and are known by it from then on. */
export interface Job {
  readonly features: { readonly key: number; readonly sent?: PlainFeatures };
  readonly problem: Omit<Problem, "features">;
  readonly options: MinimizeOptions;
  /** The kernels of the thread that asks, so that the bits are those that it would have. */
  readonly variant: Variant;
  /** Features that nobody needs any more. */
  readonly forget: readonly number[];
}

/** What became of it. */
export type Answer =
  | { readonly result: MinimizeResult<number | Float64Array> }
  | { readonly error: { readonly name: string; readonly message: string } };

export function plainFeatures(features: Problem["features"]): PlainFeatures {
  if (!("offsets" in features)) return features;
  const { values, indices, offsets, columns } = features;
  return { values, indices, offsets, columns };
}

export function featuresOf(plain: PlainFeatures): Problem["features"] {
  return "offsets" in plain ? csr(plain) : plain;
}

const KINDS: Record<string, new (message: string) => Error> = { RangeError, TypeError };

/** An error of a worker's as one of this thread. */
export function errorOf({ name, message }: { name: string; message: string }): Error {
  return new (KINDS[name] ?? Error)(message);
}
