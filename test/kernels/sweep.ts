import { describe, expect, test } from "vitest";
import { Comparison, type Placement } from "./differential.js";
import type { Family } from "./families/family.js";
import {
  DTYPES,
  type Dtype,
  noSprinkle,
  type Random,
  type Sprinkle,
  seeded,
  sprinkle,
  tameSprinkle,
} from "./numbers.js";
import { BINARIES } from "./variants.js";

export const SHORT: readonly number[] = Array.from({ length: 41 }, (_, n) => n);

/** On both sides of the unrolled loops' ends (32, 64 and 128 bytes) once more, and of a block of the reductions. */
export const LONG: readonly number[] = [63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 4095, 4096, 4097];

/** All arrays on cache lines, all one element behind one, each somewhere else. */
const SHIFTS: readonly Placement["shift"][] = [() => 0, () => 1, (k) => (3 * k + 1) % 4];

/** A page of 64 KiB holds five arrays of 127 f64 with their guards; six hold two of 20,481. */
const PAGES = { short: 1, long: 6 };

type Run = (comparison: Comparison, dtype: Dtype, random: Random, sprinkle: Sprinkle) => string | undefined;

/** Every kernel of the families, f32 and f64, strict and relaxed, against the reference. */
export function sweep(families: Readonly<Record<string, Family>>, lengths: readonly number[]): void {
  describe.each(BINARIES)("%s", (binary) => {
    const small = new Comparison(binary, PAGES.short);
    const large = new Comparison(binary, PAGES.long);

    /** Once with moderate values and once with special ones among them. */
    function both(seed: number, dtype: Dtype, comparison: Comparison, run: Run): void {
      const random = seeded(seed);
      const special = binary === "strict" ? sprinkle(dtype) : tameSprinkle(dtype);
      for (const chosen of [noSprinkle, special]) {
        expect(run(comparison, dtype, random, chosen)).toBeUndefined();
      }
    }

    for (const [name, family] of Object.entries(families)) {
      for (const dtype of DTYPES) {
        test(`${name}_${dtype} agrees with the reference at every length and alignment`, () => {
          for (const n of SHORT) {
            for (const shift of SHIFTS) {
              both(n, dtype, small, (c, t, r, s) => c.run(name, family, t, n, { shift }, r, s));
            }
          }
          for (const n of lengths) {
            const shift = SHIFTS[n % SHIFTS.length]!;
            both(n, dtype, large, (c, t, r, s) => c.run(name, family, t, n, { shift }, r, s));
          }
        });

        test(`${name}_${dtype} stays inside the memory when an array ends with it`, () => {
          for (const last of Object.keys(family.arrays)) {
            for (const n of SHORT) {
              both(n, dtype, small, (c, t, r, s) => c.run(name, family, t, n, { shift: () => 0, last }, r, s));
            }
          }
        });

        for (const alias of family.aliases ?? []) {
          test(`${name}_${dtype} takes the same array for ${alias.join(" and ")}`, () => {
            for (const n of [...SHORT, 64, 127]) {
              both(n, dtype, small, (c, t, r, s) => c.run(name, family, t, n, { shift: () => n % 2, alias }, r, s));
            }
          });
        }
      }
    }
  });
}
