// Tensors as matrices, for the rules that keep something for every row and every column of one. The rest of a tensor's
// record in ./options.ts:
//
//   byte 40  rows          i32   of each matrix; 0: the tensor is a vector, for whose elements there is a row slot each
//        44  columns       i32   elements of a row; of a vector, all of them. Rows lie one behind the other, elements of the
//                                padding come after the last
//        48  matrices      i32   how many such matrices the tensor consists of
//        52  rowSlots      i32   elements from its part of the row slot to the next tensor's
//        56  columnSlots   i32   the same for the column slot
//
// Without a table all n elements are one vector.

import { integer } from "./options";

// @ts-ignore: decorator
@inline
export function rowsOf(tensor: usize): i32 {
  return tensor ? integer(tensor, 40) : 0;
}

// @ts-ignore: decorator
@inline
export function columnsOf(tensor: usize, n: i32): i32 {
  return tensor ? integer(tensor, 44) : n;
}

// @ts-ignore: decorator
@inline
export function matricesOf(tensor: usize): i32 {
  return tensor ? integer(tensor, 48) : 1;
}

// @ts-ignore: decorator
@inline
export function rowSlotsOf(tensor: usize): i32 {
  return tensor ? integer(tensor, 52) : 0;
}

// @ts-ignore: decorator
@inline
export function columnSlotsOf(tensor: usize): i32 {
  return tensor ? integer(tensor, 56) : 0;
}

// One number of memory; in the files with vectors, `load` and `store` are those of ../simd/lanes.ts.

// @ts-ignore: decorator
@inline
export function elementAt<T>(p: usize): T {
  return load<T>(p);
}

// @ts-ignore: decorator
@inline
export function setElement<T>(p: usize, x: T): void {
  store<T>(p, x);
}
