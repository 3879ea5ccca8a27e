// perceptronEpoch against its reference, which is the loop of @nlpjs/neural: to the bit, in both binaries, since all of its
// arithmetic is scalar.

import { describe, expect, test } from "vitest";
import { Arena } from "../kernels/arena.js";
import { DTYPES, moderate, seeded } from "../kernels/numbers.js";
import { BINARIES, kernelsOf, type Variant } from "../kernels/variants.js";

describe.each(BINARIES)("%s", (binary) => {
  test.each(DTYPES)("an epoch over sparse rows, %s", (dtype) => {
    for (const rows of [0, 1, 7, 40]) {
      const run = (variant: Variant) => {
        const random = seeded(rows);
        const arena = new Arena(2);
        const kernels = kernelsOf(variant, arena.memory);
        const offsets = [0];
        const keys: number[] = [];
        for (let i = 0; i < rows; i++) {
          for (let k = 0; k < 12; k++) if (random() < 0.3) keys.push(k);
          offsets.push(keys.length);
        }
        const draw = (length: number) => Array.from({ length }, () => moderate(random));
        const [O, K] = [arena.placeIntegers(offsets), arena.placeIntegers(keys)];
        const [X, Y] = [
          arena.place("f64", draw(keys.length)),
          arena.place(
            "f64",
            draw(rows).map((y) => (y > 0 ? 1 : 0)),
          ),
        ];
        const [W, C, B] = [arena.place(dtype, draw(12), 1), arena.place(dtype, draw(12), 1), arena.place("f64", [0.1])];
        const error = kernels[`perceptronEpoch_${dtype}`](rows, O, K, X, Y, W, C, B, 0.07, 0.5, 0.6);
        expect(arena.firstOverwritten()).toBeUndefined();
        return [error, ...arena.floats(dtype, W, 12), ...arena.floats(dtype, C, 12), ...arena.floats("f64", B, 1)];
      };
      expect(run(binary)).toStrictEqual(run("reference"));
    }
  });
});
