import type { Block, BlockedTensor, Mode, Stripe } from "./blocks.js";

/** Blocks as assembly/matrix/block-table.ts reads them. */
export interface BlockTable {
  readonly numbers: readonly number[];
  /** In bytes, where the records of a stripe's blocks begin, and where that of a mode. */
  readonly places: ReadonlyMap<Stripe | Mode, number>;
}

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

function blockRecord({ elements, start, slices, modes }: Block, modeRecords: readonly number[]): readonly number[] {
  const { offsets, rows, columns, ld } = slices;
  const fields = [elements, start, modes.length, offsets.length, rows, columns, ld, ...modeRecords, ...offsets];
  return [4 * (fields.length + 1), ...fields];
}

const FIELDS_BEFORE_MODES = 8;

export function blockTable(tensors: readonly BlockedTensor[]): BlockTable {
  const numbers: number[] = [];
  const places = new Map<Stripe | Mode, number>();
  for (const stripe of tensors.flatMap(({ stripes }) => stripes)) {
    places.set(stripe, 4 * numbers.length);
    for (const block of stripe.blocks) {
      const records = block.modes.map(modeRecord);
      let at = numbers.length + FIELDS_BEFORE_MODES;
      block.modes.forEach((mode, k) => {
        places.set(mode, 4 * at);
        at += records[k]!.length;
      });
      numbers.push(...blockRecord(block, records.flat()));
    }
  }
  return { numbers, places };
}
