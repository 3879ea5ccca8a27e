// assembly/matrix/block-table.ts

import type { LinearMemory } from "../element.js";

/** All in elements. */
export interface ModeRecord {
  readonly last: boolean;
  readonly outer: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly triangle: number;
  readonly square: number;
  readonly index: number;
}

export interface BlockRecord {
  readonly elements: number;
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
  readonly modes: readonly ModeRecord[];
  /** Where its slices begin in the stripe. */
  readonly offsets: readonly number[];
}

/** Numbers that every block begins with, and that every mode is. */
const FIELDS = 8;

function fieldsAt({ buffer }: LinearMemory, pointer: number) {
  const fields = [...new Int32Array(buffer, pointer, FIELDS)];
  return fields as [number, number, number, number, number, number, number, number];
}

export function readMode(memory: LinearMemory, pointer: number): ModeRecord {
  const [last, outer, rows, inner, columns, triangle, square, index] = fieldsAt(memory, pointer);
  return { last: last !== 0, outer, rows, inner, columns, triangle, square, index };
}

/** `count` blocks of a table. */
export function readBlocks(memory: LinearMemory, pointer: number, count: number): readonly BlockRecord[] {
  const blocks: BlockRecord[] = [];
  let at = pointer;
  while (blocks.length < count) {
    const [bytes, elements, start, modeCount, slices, rows, columns, ld] = fieldsAt(memory, at);
    const firstMode = at + 4 * FIELDS;
    const firstOffset = firstMode + 4 * FIELDS * modeCount;
    const modes = Array.from({ length: modeCount }, (_, k) => readMode(memory, firstMode + 4 * FIELDS * k));
    const offsets = [...new Int32Array(memory.buffer, firstOffset, slices)];
    blocks.push({ elements, start, rows, columns, ld, modes, offsets });
    at += bytes;
  }
  return blocks;
}
