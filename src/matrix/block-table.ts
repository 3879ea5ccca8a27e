import type { Block, BlockedTensor, Mode, Stripe } from "./blocks.js";

/** Blocks as assembly/matrix/block-table.ts reads them. */
export interface BlockTable {
  readonly numbers: readonly number[];
  /** In bytes, where the records of a stripe's blocks begin, and where that of a mode. */
  readonly places: ReadonlyMap<Stripe | Mode, number>;
}

const INTEGER_BYTES = 4;

/** Numbers of a mode, and of a block before those of its modes. */
const MODE_FIELDS = 8;
const BLOCK_FIELDS = 8;

const modeRecord = ({ last, outer, rows, inner, columns, triangle, square, index }: Mode): readonly number[] => [
  Number(last),
  outer,
  rows,
  inner,
  columns,
  triangle,
  square,
  index,
];

function blockRecord({ elements, start, slices, modes }: Block): readonly number[] {
  const { offsets, rows, columns, ld } = slices;
  const count = BLOCK_FIELDS + MODE_FIELDS * modes.length + offsets.length;
  const fields = [INTEGER_BYTES * count, elements, start, modes.length, offsets.length, rows, columns, ld];
  return [...fields, ...modes.flatMap(modeRecord), ...offsets];
}

export function blockTable(tensors: readonly BlockedTensor[]): BlockTable {
  const numbers: number[] = [];
  const places = new Map<Stripe | Mode, number>();
  const place = (of: Stripe | Mode, after: number) => places.set(of, INTEGER_BYTES * (numbers.length + after));
  for (const stripe of tensors.flatMap(({ stripes }) => stripes)) {
    place(stripe, 0);
    for (const block of stripe.blocks) {
      for (const [k, mode] of block.modes.entries()) place(mode, BLOCK_FIELDS + MODE_FIELDS * k);
      // One by one: a block may have more slices than a call takes arguments.
      for (const number of blockRecord(block)) numbers.push(number);
    }
  }
  return { numbers, places };
}
