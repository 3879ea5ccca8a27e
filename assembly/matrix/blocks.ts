// What is done to the blocks of a tensor, a stripe of them at a time, each by its record in ./block-table.ts: block after
// block, so that what is made of one is still in cache when it is taken up.

import { QUAD, bytes } from "../simd/lanes";
import { momentDirection } from "../update/moment-direction";
import {
  MODE_BYTES, columnsOf, elementsOf, endOfModes, firstMode, indexOf, innerOf, isLast, nextBlock, offsetOf, outerOf, rowsOf,
  sliceColumns, sliceLeading, sliceRows, slicesOf, squareOf, startOf, triangleOf,
} from "./block-table";
import { scaleMatrix } from "./scale-matrix";
import { gemm, gemmScratch } from "./multiply";
import { squaredNorm } from "./norm";
import { symmetricRankKPacked, symmetricRankKPackedScratch } from "./statistics";

// How a matrix M is applied along a mode: as M X, as M^T X, or, where both are the same, in the way that needs no transpose.
// @ts-ignore: decorator
@inline const SYMMETRIC: i32 = 0;
// @ts-ignore: decorator
@inline const THERE: i32 = 1;
// @ts-ignore: decorator
@inline const BACK: i32 = 2;

/** A block from its stripe to a place without gaps. */
function copyFrom<T>(stripe: usize, block: usize, copy: usize): void {
  const rows = sliceRows(block), columns = sliceColumns(block);
  for (let k = 0; k < slicesOf(block); k++, copy += bytes<T>(rows * columns)) {
    scaleMatrix<T>(rows, columns, <T>1, stripe + bytes<T>(offsetOf(block, k)), sliceLeading(block), copy, columns);
  }
}

/** The way back, times a factor. */
function copyTo<T>(stripe: usize, block: usize, factor: T, copy: usize): void {
  const rows = sliceRows(block), columns = sliceColumns(block);
  for (let k = 0; k < slicesOf(block); k++, copy += bytes<T>(rows * columns)) {
    scaleMatrix<T>(rows, columns, factor, copy, columns, stripe + bytes<T>(offsetOf(block, k)), sliceLeading(block));
  }
}

/** S <- decay S + intake G G^T, G the unfolding of a block along a mode. */
function addStatistics<T>(mode: usize, g: usize, statistics: usize, decay: T, intake: T, scratch: usize): void {
  const rows = rowsOf(mode), inner = innerOf(mode), columns = columnsOf(mode), ld = inner * columns, last = isLast(mode);
  const size = last ? columns : rows, across = last ? rows : columns, packed = statistics + bytes<T>(triangleOf(mode));
  for (let o = outerOf(mode); o > 0; --o, g += bytes<T>(rows * ld)) {
    for (let i = 0; i < ld; i += columns, decay = <T>1) {
      symmetricRankKPacked<T>(last, size, across, intake, g + bytes<T>(i), ld, decay, packed, scratch);
    }
  }
}

/** Y <- M X along a mode, X and Y blocks without gaps, apart from each other. */
// @ts-ignore: decorator
@inline
function applyAlongMode<T>(mode: usize, way: i32, matrix: usize, x: usize, y: usize, scratch: usize): void {
  const rows = rowsOf(mode), inner = innerOf(mode), columns = columnsOf(mode), ld = inner * columns, last = isLast(mode);
  const next = bytes<T>(rows * ld);
  for (let o = outerOf(mode); o > 0; --o, x += next, y += next) {
    for (let i = 0; i < ld; i += columns) {
      const from = x + bytes<T>(i), to = y + bytes<T>(i);
      if (last) gemm<T>(false, way == THERE, rows, columns, columns, <T>1, from, ld, matrix, columns, <T>0, to, ld, scratch);
      else gemm<T>(way == BACK, false, rows, columns, rows, <T>1, matrix, rows, from, ld, <T>0, to, ld, scratch);
    }
  }
}

/** Whether the root or the basis of a mode has been made. */
// @ts-ignore: decorator
@inline
function isMade<T>(mode: usize, made: usize): bool {
  return <f64>load<T>(made + bytes<T>(indexOf(mode))) > 0;
}

function allMade<T>(block: usize, made: usize): bool {
  for (let mode = firstMode(block), end = endOfModes(block); mode < end; mode += MODE_BYTES) {
    if (!isMade<T>(mode, made)) return false;
  }
  return true;
}

/** Applies those matrices of a block that have been made to what is at x, by turns to y and z, and says where it is then. */
function applyAll<T>(
  block: usize, way: i32, matrices: usize, made: usize, x: usize, y: usize, z: usize, scratch: usize,
): usize {
  for (let mode = firstMode(block), end = endOfModes(block); mode < end; mode += MODE_BYTES) {
    if (!isMade<T>(mode, made)) continue;
    const to = x == y ? z : y;
    applyAlongMode<T>(mode, way, matrices + bytes<T>(squareOf(mode)), x, to, scratch);
    x = to;
  }
  return x;
}

/** Bytes of a block in scratch. */
// @ts-ignore: decorator
@inline
function blockBytes<T>(elements: i32): usize {
  return (bytes<T>(elements) + (QUAD - 1)) & ~(QUAD - 1);
}

/**
 * The blocks of a stripe, one behind the other, to `copies`, and their statistics: S <- decay S + intake G G^T of every mode.
 * Where `copies` is `stripe`, a single block without gaps, nothing is copied.
 */
// @ts-ignore: decorator
@inline
function gatherBlocks<T>(
  count: i32, block: usize, stripe: usize, copies: usize, statistics: usize, decay: T, intake: T, scratch: usize,
): void {
  for (; count > 0; --count, copies += bytes<T>(elementsOf(block)), block = nextBlock(block)) {
    if (copies != stripe) copyFrom<T>(stripe, block, copies);
    for (let mode = firstMode(block), end = endOfModes(block); mode < end; mode += MODE_BYTES) {
      addStatistics<T>(mode, copies, statistics, decay, intake, scratch);
    }
  }
}

/**
 * Shampoo's direction of every block to the stripe, of the gradients in `copies`: the first moment, or the gradient where it is
 * not kept, times the roots of all modes, and as long as the direction of ../update/directions.ts; that one itself where a
 * root has not been made, `made` 0, or where the other is 0, or too short to be made as long. Unless `grafts`, firstScale takes the place of the length.
 */
// @ts-ignore: decorator
@inline
function shampooBlocks<T>(
  count: i32, block: usize, stripe: usize, copies: usize, firstMoments: usize, secondMoments: usize, roots: usize, made: usize,
  grafts: bool, beta1: T, intake1: T, beta2: T, intake2: T, firstScale: T, rootScale: T, epsilon: T, scratch: usize,
): void {
  for (; count > 0; --count, block = nextBlock(block)) {
    const elements = elementsOf(block), size = blockBytes<T>(elements), start = bytes<T>(startOf(block));
    const first = firstMoments ? firstMoments + start : 0, second = secondMoments ? secondMoments + start : 0;
    const grafted = scratch, work = scratch + 3 * size;
    momentDirection<T>(
      elements, copies, first, second, grafted, beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon,
    );
    let direction = grafted, factor = <T>1;
    if (allMade<T>(block, made)) {
      const own = applyAll<T>(block, SYMMETRIC, roots, made, first ? first : copies, grafted + size, grafted + 2 * size, work);
      const length = <f64>(grafts ? <T>lengthRatio<T>(elements, grafted, own) : firstScale);
      if (0 < length && length < Infinity) {
        direction = own;
        factor = <T>length;
      }
    }
    copyTo<T>(stripe, block, factor, direction);
    copies += bytes<T>(elements);
  }
}

/** |x| / |y|; 0 where y is 0. */
function lengthRatio<T>(n: i32, x: usize, y: usize): f64 {
  const squares = squaredNorm<T>(1, n, y, bytes<T>(n));
  return squares > 0 ? sqrt(squaredNorm<T>(1, n, x, bytes<T>(n)) / squares) : 0;
}

/** SOAP's direction of every block to the stripe: that of ../update/directions.ts in those bases that have been made. */
// @ts-ignore: decorator
@inline
function soapBlocks<T>(
  count: i32, block: usize, stripe: usize, copies: usize, firstMoments: usize, secondMoments: usize, bases: usize, made: usize,
  beta1: T, intake1: T, beta2: T, intake2: T, firstScale: T, rootScale: T, epsilon: T, scratch: usize,
): void {
  for (; count > 0; --count, block = nextBlock(block)) {
    const elements = elementsOf(block), size = blockBytes<T>(elements), start = bytes<T>(startOf(block));
    const other = scratch + size, work = other + size;
    const turned = applyAll<T>(block, THERE, bases, made, copies, scratch, other, work);
    momentDirection<T>(
      elements, turned, firstMoments + start, secondMoments + start, scratch,
      beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon,
    );
    copyTo<T>(stripe, block, <T>1, applyAll<T>(block, BACK, bases, made, scratch, scratch, other, work));
    copies += bytes<T>(elements);
  }
}

/** Bytes for blocks of up to so many elements, whose modes have up to n indices and up to k of others beside them. */
// @ts-ignore: decorator
@inline
function blocksScratch<T>(elements: i32, n: i32, k: i32): i32 {
  const longest = max(n, k);
  return 3 * <i32>blockBytes<T>(elements) + max(gemmScratch<T>(longest, longest, n), symmetricRankKPackedScratch<T>(n, k));
}

export function blocksScratch_f32(elements: i32, n: i32, k: i32): i32 {
  return blocksScratch<f32>(elements, n, k);
}
export function blocksScratch_f64(elements: i32, n: i32, k: i32): i32 {
  return blocksScratch<f64>(elements, n, k);
}
/** Y <- M X. scratch: as of blocksScratch, less the blocks. */
export function applyAlongMode_f32(mode: usize, matrix: usize, x: usize, y: usize, scratch: usize): void {
  applyAlongMode<f32>(mode, THERE, matrix, x, y, scratch);
}
export function applyAlongMode_f64(mode: usize, matrix: usize, x: usize, y: usize, scratch: usize): void {
  applyAlongMode<f64>(mode, THERE, matrix, x, y, scratch);
}
export function gatherBlocks_f32(
  count: i32, blocks: usize, stripe: usize, copies: usize, statistics: usize, decay: f32, intake: f32, scratch: usize,
): void {
  gatherBlocks<f32>(count, blocks, stripe, copies, statistics, decay, intake, scratch);
}
export function gatherBlocks_f64(
  count: i32, blocks: usize, stripe: usize, copies: usize, statistics: usize, decay: f64, intake: f64, scratch: usize,
): void {
  gatherBlocks<f64>(count, blocks, stripe, copies, statistics, decay, intake, scratch);
}
export function shampooBlocks_f32(
  count: i32, blocks: usize, stripe: usize, copies: usize, firstMoments: usize, secondMoments: usize, roots: usize, made: usize,
  grafts: i32, beta1: f32, intake1: f32, beta2: f32, intake2: f32, firstScale: f32, rootScale: f32, epsilon: f32,
  scratch: usize,
): void {
  shampooBlocks<f32>(
    count, blocks, stripe, copies, firstMoments, secondMoments, roots, made, grafts != 0,
    beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, scratch,
  );
}
export function shampooBlocks_f64(
  count: i32, blocks: usize, stripe: usize, copies: usize, firstMoments: usize, secondMoments: usize, roots: usize, made: usize,
  grafts: i32, beta1: f64, intake1: f64, beta2: f64, intake2: f64, firstScale: f64, rootScale: f64, epsilon: f64,
  scratch: usize,
): void {
  shampooBlocks<f64>(
    count, blocks, stripe, copies, firstMoments, secondMoments, roots, made, grafts != 0,
    beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, scratch,
  );
}
export function soapBlocks_f32(
  count: i32, blocks: usize, stripe: usize, copies: usize, firstMoments: usize, secondMoments: usize, bases: usize, made: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, firstScale: f32, rootScale: f32, epsilon: f32, scratch: usize,
): void {
  soapBlocks<f32>(
    count, blocks, stripe, copies, firstMoments, secondMoments, bases, made,
    beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, scratch,
  );
}
export function soapBlocks_f64(
  count: i32, blocks: usize, stripe: usize, copies: usize, firstMoments: usize, secondMoments: usize, bases: usize, made: usize,
  beta1: f64, intake1: f64, beta2: f64, intake2: f64, firstScale: f64, rootScale: f64, epsilon: f64, scratch: usize,
): void {
  soapBlocks<f64>(
    count, blocks, stripe, copies, firstMoments, secondMoments, bases, made,
    beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, scratch,
  );
}
