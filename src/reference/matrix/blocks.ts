// assembly/matrix/blocks.ts

import type { Element, LinearMemory } from "../element.js";
import { momentDirection } from "../update/directions.js";
import { type BlockRecord, type ModeRecord, readBlocks, readMode } from "./block-table.js";
import { matrixSquaredNorm } from "./elements.js";
import { gemm } from "./gemm.js";
import { symmetricRankKPacked } from "./statistics.js";

/** How a matrix M is applied along a mode: as M X, as M^T X, or, where both are the same, without a transpose. */
type Way = "there" | "back" | "symmetric";

/** Room for the directions on the way: three blocks, of which these are the places. */
const placesIn = (T: Element, scratch: number, elements: number) => {
  const bytes = Math.ceil((elements * T.bytes) / 64) * 64;
  return [scratch, scratch + bytes, scratch + 2 * bytes] as const;
};

export const blocksScratch =
  (_memory: LinearMemory, T: Element) =>
  (elements: number, _n: number, _k: number): number =>
    placesIn(T, 0, elements)[1] * 3;

/** Where the slices along a mode begin in a block without gaps, in bytes. */
const slicesAlong = (T: Element, { outer, rows, inner, columns }: ModeRecord) =>
  Array.from({ length: outer * inner }, (_, k) => {
    const [o, i] = [Math.floor(k / inner), k % inner];
    return T.bytes * columns * (o * rows * inner + i);
  });

const alongMode =
  (memory: LinearMemory, T: Element) => (mode: ModeRecord, way: Way, matrix: number, x: number, y: number) => {
    const multiply = gemm(memory, T);
    const { last, rows, inner, columns } = mode;
    const ld = inner * columns;
    for (const slice of slicesAlong(T, mode)) {
      const [from, to] = [x + slice, y + slice];
      if (last) {
        multiply(0, way === "there" ? 1 : 0, rows, columns, columns, 1, from, ld, matrix, columns, 0, to, ld, 0);
      } else {
        multiply(way === "back" ? 1 : 0, 0, rows, columns, rows, 1, matrix, rows, from, ld, 0, to, ld, 0);
      }
    }
  };

/** Y <- M X along the mode at `mode`. */
export const applyAlongMode =
  (memory: LinearMemory, T: Element) =>
  (mode: number, matrix: number, x: number, y: number, _scratch: number): void =>
    alongMode(memory, T)(readMode(memory, mode), "there", matrix, x, y);

/** Applies the matrices of the modes that `isMade` to what is at x, by turns to y and z; where it is then. */
function applyAll(
  memory: LinearMemory,
  T: Element,
  modes: readonly ModeRecord[],
  way: Way,
  matrices: number,
  x: number,
  y: number,
  z: number,
): number {
  let at = x;
  for (const mode of modes) {
    const to = at === y ? z : y;
    alongMode(memory, T)(mode, way, matrices + mode.square * T.bytes, at, to);
    at = to;
  }
  return at;
}

/** Which modes of a block have a root or a basis. */
function madeOf(memory: LinearMemory, T: Element, { modes }: BlockRecord, made: number): readonly ModeRecord[] {
  return modes.filter(({ index }) => T.view(memory, made + index * T.bytes, 1)[0]! > 0);
}

/** Takes the elements of a block and those of its copy without gaps, one by one, with their places. */
function eachElement({ rows, columns, ld, offsets }: BlockRecord, visit: (inStripe: number, inCopy: number) => void) {
  let at = 0;
  for (const offset of offsets) {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) visit(offset + i * ld + j, at++);
  }
}

/** As far as the blocks of a stripe reach in it. */
const reachOf = (blocks: readonly BlockRecord[]) => {
  const ends = blocks.map(({ offsets, rows, columns, ld }) => Math.max(...offsets) + (rows - 1) * ld + columns);
  return Math.max(0, ...ends);
};

/** Blocks to `copies`, and S <- decay S + intake G G^T of every mode. */
export const gatherBlocks =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    blocks: number,
    stripe: number,
    copies: number,
    statistics: number,
    decay: number,
    intake: number,
    _scratch: number,
  ): void => {
    const records = readBlocks(memory, blocks, count);
    const G = T.view(memory, stripe, reachOf(records));
    let copy = copies;
    for (const block of records) {
      const C = T.view(memory, copy, block.elements);
      eachElement(block, (inStripe, inCopy) => {
        C[inCopy] = G[inStripe]!;
      });
      for (const mode of block.modes) {
        const { last, rows, inner, columns, triangle } = mode;
        const [size, across] = last ? [columns, rows] : [rows, columns];
        const packed = statistics + triangle * T.bytes;
        let kept = decay;
        for (const slice of slicesAlong(T, mode)) {
          const ld = inner * columns;
          symmetricRankKPacked(memory, T)(last ? 1 : 0, size, across, intake, copy + slice, ld, kept, packed);
          kept = 1;
        }
      }
      copy += block.elements * T.bytes;
    }
  };

/** The blocks of a stripe with their copies: direction <- factor times what `direct` says where to find. */
function directBlocks(
  memory: LinearMemory,
  T: Element,
  count: number,
  blocks: number,
  stripe: number,
  copies: number,
  direct: (block: BlockRecord, copy: number) => { readonly at: number; readonly factor: number },
): void {
  const records = readBlocks(memory, blocks, count);
  const D = T.view(memory, stripe, reachOf(records));
  let copy = copies;
  for (const block of records) {
    const { at, factor } = direct(block, copy);
    const made = T.view(memory, at, block.elements);
    const f = T.round(factor);
    eachElement(block, (inStripe, inCopy) => {
      D[inStripe] = f * made[inCopy]!;
    });
    copy += block.elements * T.bytes;
  }
}

/** Shampoo's direction of every block, grafted. */
export const shampooBlocks =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    blocks: number,
    stripe: number,
    copies: number,
    firstMoments: number,
    secondMoments: number,
    roots: number,
    made: number,
    grafts: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    firstScale: number,
    rootScale: number,
    epsilon: number,
    scratch: number,
  ): void => {
    const scalars = [beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon] as const;
    const squares = (n: number, x: number) => matrixSquaredNorm(memory, T)(1, n, x, n);
    directBlocks(memory, T, count, blocks, stripe, copies, (block, copy) => {
      const { elements, start, modes } = block;
      const [grafted, ours, other] = placesIn(T, scratch, elements);
      const first = firstMoments && firstMoments + start * T.bytes;
      const second = secondMoments && secondMoments + start * T.bytes;
      momentDirection(memory, T)(elements, copy, first, second, grafted, ...scalars);
      if (madeOf(memory, T, block, made).length === modes.length) {
        const at = applyAll(memory, T, modes, "symmetric", roots, first || copy, ours, other);
        const own = squares(elements, at);
        const ratio = own > 0 ? Math.sqrt(squares(elements, grafted) / own) : 0;
        const factor = T.round(grafts ? ratio : firstScale);
        if (factor > 0 && factor < Number.POSITIVE_INFINITY) return { at, factor };
      }
      return { at: grafted, factor: 1 };
    });
  };

/** SOAP's direction of every block: Adam's in its bases. */
export const soapBlocks =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    blocks: number,
    stripe: number,
    copies: number,
    firstMoments: number,
    secondMoments: number,
    bases: number,
    made: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    firstScale: number,
    rootScale: number,
    epsilon: number,
    scratch: number,
  ): void => {
    const scalars = [beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon] as const;
    directBlocks(memory, T, count, blocks, stripe, copies, (block, copy) => {
      const { elements, start } = block;
      const [ours, other] = placesIn(T, scratch, elements);
      const [first, second] = [firstMoments + start * T.bytes, secondMoments + start * T.bytes];
      const modes = madeOf(memory, T, block, made);
      const turned = applyAll(memory, T, modes, "there", bases, copy, ours, other);
      momentDirection(memory, T)(elements, turned, first, second, ours, ...scalars);
      return { at: applyAll(memory, T, modes, "back", bases, ours, ours, other), factor: 1 };
    });
  };
