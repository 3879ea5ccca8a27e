import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import type { Matrix } from "./features.js";

/** Some rows of a matrix, in the order asked for. */
export function take({ features, columns }: Matrix, which: Int32Array): Matrix {
  const rows = which.length;
  if (features instanceof CsrMatrix) return { features: takeSparse(features, which), rows, columns };
  const taken = new (features.constructor as Float64ArrayConstructor)(rows * columns);
  for (const [k, i] of which.entries()) taken.set(features.subarray(i * columns, (i + 1) * columns), k * columns);
  return { features: taken, rows, columns };
}

function takeSparse({ values, indices, offsets, columns }: CsrMatrix, which: Int32Array): CsrMatrix {
  const rows = which.length;
  const taken = new Int32Array(rows + 1);
  for (const [k, i] of which.entries()) taken[k + 1] = taken[k]! + offsets[i + 1]! - offsets[i]!;
  const stored = taken[rows]!;
  const kept = new (values.constructor as Float64ArrayConstructor)(stored);
  const places = new Int32Array(stored);
  for (const [k, i] of which.entries()) {
    kept.set(values.subarray(offsets[i], offsets[i + 1]), taken[k]);
    places.set(indices.subarray(offsets[i], offsets[i + 1]), taken[k]);
  }
  return CsrMatrix.checked({ values: kept, indices: places, offsets: taken, rows, columns });
}

/** The elements of an array that go with some rows. */
export function pick<Element>(array: ArrayLike<Element>, which: Int32Array): Element[] {
  return Array.from(which, (i) => array[i]!);
}
