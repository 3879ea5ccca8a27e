// Rows of any width on lines of their own. Copies are exact; the expected norms are sums in plain order, of the numbers as given.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { DTYPES, dtypes, moderate, seeded } from "./numbers.js";
import { BINARIES, kernelsOf } from "./variants.js";

const LINE = 64;
const WIDTHS = [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100];

const cases = [...BINARIES, "reference" as const].flatMap((variant) =>
  DTYPES.flatMap((dtype) => [0, 1, 5].map((rows) => [variant, dtype, rows] as const)),
);

describe.each(cases)("%s, %s, %d rows", (variant, dtype, rows) => {
  const { bytes, array, suffix } = { suffix: dtype, ...dtypes[dtype] };

  function pad(columns: number, inPlace: boolean) {
    const random = seeded(columns);
    const numbers = new array(Array.from({ length: rows * columns }, () => moderate(random)));
    const padded = Math.ceil((columns * bytes) / LINE) * LINE;
    const arena = new Arena(2);
    const target = Math.ceil(arena.reserve(rows * padded + LINE) / LINE) * LINE;
    const norms = arena.reserve(8 * rows);
    const source = inPlace ? target + rows * (padded - columns * bytes) : arena.place(dtype, numbers, 1);
    arena.floats(dtype, source, numbers.length).set(numbers);
    kernelsOf(variant, arena.memory)[`padDense_${suffix}`](rows, columns, source, target, norms);
    const placed = Array.from(arena.floats(dtype, target, (rows * padded) / bytes));
    const squaredNorms = Array.from(new Float64Array(arena.memory.buffer, norms, rows));
    return { numbers, padded: padded / bytes, placed, squaredNorms, arena };
  }

  test.each(WIDTHS.flatMap((columns) => [false, true].map((inPlace) => [columns, inPlace] as const)))(
    "%d columns, from the end of the target: %s",
    (columns, inPlace) => {
      const { numbers, padded, placed, squaredNorms, arena } = pad(columns, inPlace);
      for (let i = 0; i < rows; i++) {
        const row = Array.from(numbers.subarray(i * columns, (i + 1) * columns));
        expect(placed.slice(i * padded, (i + 1) * padded)).toStrictEqual([
          ...row,
          ...new Array(padded - columns).fill(0),
        ]);
        const norm = row.reduce((sum, x) => sum + x * x, 0);
        expect(Math.abs(squaredNorms[i]! - norm)).toBeLessThanOrEqual(1e-14 * norm);
      }
      expect(arena.firstOverwritten()).toBeUndefined();
    },
  );

  test("the norm of a row is finite if and only if its numbers and their squares are", () => {
    const arena = new Arena(2);
    const large = dtype === "f64" ? 1e154 : 3e38;
    const last = [1, large, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const source = arena.place(
      dtype,
      last.flatMap((x) => [1, 2, x]),
    );
    const target = Math.ceil(arena.reserve(last.length * LINE + LINE) / LINE) * LINE;
    const norms = arena.reserve(8 * last.length);
    kernelsOf(variant, arena.memory)[`padDense_${suffix}`](last.length, 3, source, target, norms);
    const finite = Array.from(new Float64Array(arena.memory.buffer, norms, last.length), Number.isFinite);
    expect(finite).toStrictEqual([true, true, false, false, false]);
  });
});
