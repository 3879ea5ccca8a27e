// The squared norm of every tensor, for clipping and for rules that treat tensors by their size.

import { bytes } from "../simd/lanes";
import { squaredNorm } from "../vector/reduction";
import { TENSOR_BYTES, TENSOR_LENGTH, integer } from "./options";

/** norms[k] <- the squared norm, f64, of the k-th of the tensors that the table of ./options.ts describes. */
// @ts-ignore: decorator
@inline
function tensorSquaredNorms<T>(tensors: i32, table: usize, x: usize, norms: usize): void {
  for (let k = 0; k < tensors; ++k) {
    const length = integer(table, TENSOR_LENGTH);
    store<f64>(norms, squaredNorm<T>(length, x));
    x += bytes<T>(length);
    norms += sizeof<f64>();
    table += TENSOR_BYTES;
  }
}

export function tensorSquaredNorms_f32(tensors: i32, table: usize, x: usize, norms: usize): void {
  tensorSquaredNorms<f32>(tensors, table, x, norms);
}
export function tensorSquaredNorms_f64(tensors: i32, table: usize, x: usize, norms: usize): void {
  tensorSquaredNorms<f64>(tensors, table, x, norms);
}
