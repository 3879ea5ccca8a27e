// The blocks of a tensor as a table in memory: a record for each, its modes in it, one behind the other. All numbers are i32,
// all places in elements.
//
//   block   0  bytes      from this record to the next block's
//           4  elements
//           8  start      elements of the tensor's blocks before it
//          12  modes      sides that have statistics
//          16  slices     matrices of which it consists where its tensor lies, ...
//          20  rows       ... the size of each ...
//          24  columns
//          28  ld         ... and from row to row
//          32  mode[modes]
//              offset[slices]   where they begin in its stripe
//
//   mode    0  last       whether it is the block's last size. A copy of the block without gaps is [outer][rows][inner][columns],
//           4  outer      where it has the mode as its columns if it is the last, and as its rows otherwise
//           8  rows
//          12  inner
//          16  columns
//          20  triangle   where its statistics, a packed triangle, ...
//          24  square     ... its root or basis, a square, ...
//          28  index      ... and its number in a list of one for each mode are in those of the tensor
//
// A stripe is what the blocks of one range of a tensor's first size consist of: it lies in one piece.

import { integer } from "../update/options";

// @ts-ignore: decorator
@inline const BLOCK_BYTES: usize = 32;
// @ts-ignore: decorator
@inline export const MODE_BYTES: usize = 32;

// @ts-ignore: decorator
@inline
export function nextBlock(block: usize): usize {
  return block + integer(block, 0);
}
// @ts-ignore: decorator
@inline
export function elementsOf(block: usize): i32 {
  return integer(block, 4);
}
// @ts-ignore: decorator
@inline
export function startOf(block: usize): i32 {
  return integer(block, 8);
}
// @ts-ignore: decorator
@inline
export function firstMode(block: usize): usize {
  return block + BLOCK_BYTES;
}
// @ts-ignore: decorator
@inline
export function endOfModes(block: usize): usize {
  return firstMode(block) + <usize>integer(block, 12) * MODE_BYTES;
}
// @ts-ignore: decorator
@inline
export function offsetOf(block: usize, slice: i32): i32 {
  return integer(endOfModes(block), <usize>slice * sizeof<i32>());
}
// @ts-ignore: decorator
@inline
export function slicesOf(block: usize): i32 {
  return integer(block, 16);
}
// @ts-ignore: decorator
@inline
export function sliceRows(block: usize): i32 {
  return integer(block, 20);
}
// @ts-ignore: decorator
@inline
export function sliceColumns(block: usize): i32 {
  return integer(block, 24);
}
// @ts-ignore: decorator
@inline
export function sliceLeading(block: usize): i32 {
  return integer(block, 28);
}

// @ts-ignore: decorator
@inline
export function isLast(mode: usize): bool {
  return integer(mode, 0) != 0;
}
// @ts-ignore: decorator
@inline
export function outerOf(mode: usize): i32 {
  return integer(mode, 4);
}
// @ts-ignore: decorator
@inline
export function rowsOf(mode: usize): i32 {
  return integer(mode, 8);
}
// @ts-ignore: decorator
@inline
export function innerOf(mode: usize): i32 {
  return integer(mode, 12);
}
// @ts-ignore: decorator
@inline
export function columnsOf(mode: usize): i32 {
  return integer(mode, 16);
}
// @ts-ignore: decorator
@inline
export function triangleOf(mode: usize): i32 {
  return integer(mode, 20);
}
// @ts-ignore: decorator
@inline
export function squareOf(mode: usize): i32 {
  return integer(mode, 24);
}
// @ts-ignore: decorator
@inline
export function indexOf(mode: usize): i32 {
  return integer(mode, 28);
}
