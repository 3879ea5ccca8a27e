import { type Features, type KnownShape, type Matrix, matrixOf } from "../finite-sum/features.js";

export type { Features, Matrix };

/** Features as a matrix of the shape that the labels of a `fit` and the columns of an earlier one ask for. */
export function matrixFor(where: string, features: Features, known: KnownShape): Matrix {
  const matrix = matrixOf(where, features, known);
  if (known.rows !== undefined && matrix.rows !== known.rows) {
    throw new RangeError(`${where}: there must be as many labels as rows: ${matrix.rows}, got ${known.rows}`);
  }
  if (known.columns !== undefined && matrix.columns !== known.columns) {
    throw new RangeError(`${where}: features must have the ${known.columns} columns of the fit, got ${matrix.columns}`);
  }
  return matrix;
}
