// The kernels of assembly/update that look at whole tensors, or at tensors as matrices.

import { type Dtype, dtypes } from "../numbers.js";

export const tensorFamilies = [
  "lamb",
  "normalizedMomentum",
  "preparedSquaredNorms",
  "larsFactors",
  "novogradFactors",
  "adafactor",
  "adafactorMomentum",
  "sm3",
  "sm3Momentum",
  "prepareGradients",
  "moveAlong",
] as const;

export type TensorFamily = (typeof tensorFamilies)[number];

/** Where an argument comes from: an array of so many elements, or a number. */
interface Signature {
  /** Slots in order: as many elements as the parameters, or one a row or a column. */
  readonly slots: readonly ("signed" | "square" | "rows" | "columns" | "zeros")[];
  readonly scalars: readonly number[];
}

const adafactor = [0.7, 0.3, 1e-30, 1e-7, 1e-14, 1, 1e-3, 1, 0.01];

type Measuring = "preparedSquaredNorms" | "larsFactors" | "novogradFactors";

export const signatures: Record<Exclude<TensorFamily, Measuring>, Signature> = {
  lamb: { slots: ["signed", "square"], scalars: [0.9, 0.1, 0.99, 0.01, 2, 3, 1e-6, 0.05] },
  normalizedMomentum: { slots: ["signed"], scalars: [0.9, 0.1, 0.05, 1e-3, 1e-9] },
  adafactor: { slots: ["rows", "columns"], scalars: adafactor },
  adafactorMomentum: { slots: ["rows", "columns", "signed"], scalars: [...adafactor, 0.9, 0.1] },
  sm3: { slots: ["rows", "columns", "zeros"], scalars: [1e-8, 0.05] },
  prepareGradients: { slots: ["signed"], scalars: [] },
  moveAlong: { slots: ["signed"], scalars: [0.05] },
  sm3Momentum: { slots: ["rows", "columns", "zeros", "signed"], scalars: [1e-8, 0.05, 0.9, 0.1] },
};

/** A tensor of a table: its elements with the padding, and what matrices it consists of; none, and it is a vector. */
export interface Shape {
  readonly length: number;
  readonly elements: number;
  readonly rows: number;
  readonly columns: number;
  readonly matrices: number;
}

/** Padded to cache lines, as the tensors of a parameter set are, or not at all. */
export function shapeOf(dtype: Dtype, sizes: readonly number[], padded: boolean): Shape {
  const elements = sizes.reduce((product, size) => product * size, 1);
  const unit = padded ? 64 / dtypes[dtype].bytes : 1;
  const length = Math.ceil(elements / unit) * unit;
  if (sizes.length < 2) return { length, elements, rows: 0, columns: elements, matrices: 1 };
  const [rows, columns] = sizes.slice(-2) as [number, number];
  return { length, elements, rows, columns, matrices: rows * columns === 0 ? 1 : elements / (rows * columns) };
}

export const rowsOf = ({ rows, columns, matrices }: Shape) => (rows === 0 ? columns : rows * matrices);
export const columnsOf = ({ rows, columns, matrices }: Shape) => (rows === 0 ? 0 : columns * matrices);
