import type { CsrMatrix } from "../../finite-sum/csr-matrix.js";
import type { FloatArray } from "../../memory/dtype.js";

export type Labels = Float64Array | readonly string[];

/** Rows that have been read. */
export interface DataSet {
  readonly name: string;
  readonly features: FloatArray | CsrMatrix;
  readonly rows: number;
  readonly columns: number;
  /** Of the columns, where the data has any. */
  readonly names?: readonly string[];
  /** One a row; undefined where the data has none. */
  readonly labels: Labels | undefined;
  /** Which column they are, where it was one of several: its name, or its place from 1 on where it has none. */
  readonly labelColumn?: string | number;
  /** How many numbers were left out, their column being none of those that were asked for. */
  readonly leftOut: number;
}

/** What is known of the data before it is read. */
export interface Expectation {
  readonly dtype: "float32" | "float64";
  /** Whether the rows have labels. */
  readonly labelled: boolean;
  /** The flag that names a file of labels. */
  readonly labelsFlag: "--labels" | "--test-labels";
  /** Whether there may be no labels, as --no-labels says. */
  readonly labelsOptional: boolean;
  /** How many columns there must be. Default: as many as there are. */
  readonly columns?: number;
  /** What they must be called, where they have names. */
  readonly names?: readonly string[];
  /** What the column of the labels is called, where it has that name and no other is asked for. */
  readonly labelName?: string;
}

export const arrays = { float32: Float32Array, float64: Float64Array } as const;
