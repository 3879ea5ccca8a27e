// assembly/matrix/block-table.ts

import type { LinearMemory } from "../element.js";

/** All in elements. */
interface ModeRecord {
  readonly last: boolean;
  readonly outer: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly triangle: number;
  readonly square: number;
  readonly index: number;
}

interface BlockRecord {
  readonly elements: number;
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
  readonly modes: readonly ModeRecord[];
  /** Where its slices begin in the stripe. */
  readonly offsets: readonly number[];
}

const BLOCK_FIELDS = 8;
const MODE_FIELDS = 8;

export function readMode({ buffer }: LinearMemory, pointer: number): ModeRecord {
  const [last, outer, rows, inner, columns, triangle, square, index] = [
    ...new Int32Array(buffer, pointer, MODE_FIELDS),
  ] as [number, number, number, number, number, number, number, number];
  return { last: last !== 0, outer, rows, inner, columns, triangle, square, index };
}

/** `count` blocks of a table. */
export function readBlocks(memory: LinearMemory, pointer: number, count: number): readonly BlockRecord[] {
  const blocks: BlockRecord[] = [];
  let at = pointer;
  while (blocks.length < count) {
    const fields = [...new Int32Array(memory.buffer, at, BLOCK_FIELDS)] as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [bytes, elements, start, modeCount, slices, rows, columns, ld] = fields;
    const firstMode = at + 4 * BLOCK_FIELDS;
    const firstOffset = firstMode + 4 * MODE_FIELDS * modeCount;
    const modes = Array.from({ length: modeCount }, (_, k) => readMode(memory, firstMode + 4 * MODE_FIELDS * k));
    const offsets = [...new Int32Array(memory.buffer, firstOffset, slices)];
    blocks.push({ elements, start, rows, columns, ld, modes, offsets });
    at += bytes;
  }
  return blocks;
}

export type { BlockRecord, ModeRecord };
