// By hand, in numbers that are exact in f32, so that reference and binaries can't be wrong together.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import type { updateMomentumFamilies } from "./families/update-momentum.js";
import { DTYPES } from "./numbers.js";
import { placeOptions } from "./options.js";
import { BINARIES, kernelsOf } from "./variants.js";

describe.each(["reference", ...BINARIES] as const)("the rules by hand, %s", (variant) => {
  const arena = new Arena(1);
  const kernels = kernelsOf(variant, arena.memory);

  describe.each(DTYPES)("%s", (dtype) => {
    const place = (...values: number[]) => arena.place(dtype, values);
    const read = (pointer: number, n = 5) => [...arena.floats(dtype, pointer, n)];
    const five = (value: number) => Array<number>(5).fill(value);
    const call = (name: keyof typeof updateMomentumFamilies, ...args: number[]) =>
      (kernels[`${name}_${dtype}`] as (...args: number[]) => number)(5, ...args);

    test("signSgd: a step of 0.5 against the sign, none along 0, NaN along NaN", () => {
      arena.clear();
      const [p, g] = [place(4, 4, 4, 4, 4), place(3, -1e-30, 0, Number.NaN, Number.NEGATIVE_INFINITY)];
      expect(call("signSgd", p, g, 0, 0.5)).toBe(2);
      expect(read(p)).toStrictEqual([3.5, 4.5, 4, Number.NaN, 4.5]);
    });

    test("frequencyAwareSgd: 3 seen and one more, parameter 4 - 0.5 * 8 / sqrt(4); what never had a gradient stays", () => {
      arena.clear();
      const [p, g, c] = [place(4, 4, 4, 4, 4), place(8, -8, 0, 0, 8), place(3, 0, 3, 0, 15)];
      call("frequencyAwareSgd", p, g, 0, c, 0.5);
      expect(read(c)).toStrictEqual([4, 1, 3, 0, 16]);
      expect(read(p)).toStrictEqual([2, 8, 4, 4, 3]);
    });

    test("frequencyAwareSgd counts the gradients that the rule sees: 0.5 * 4 - 2 is 0", () => {
      arena.clear();
      const [p, g, c] = [place(...five(4)), place(...five(-2)), place(...five(3))];
      call("frequencyAwareSgd", p, g, placeOptions(arena, { l2: 0.5 }), c, 0.5);
      expect(read(c)).toStrictEqual(five(3));
    });

    test("windowedMomentum inside a turn: new 5 + 4, old 7 - 3, parameter 4 - 0.25 * 13", () => {
      arena.clear();
      const [p, g, n, o, r] = [4, 4, 5, 7, 3].map((value) => place(...five(value))) as [number, ...number[]];
      call("windowedMomentum", p, g!, 0, n!, o!, r!, 0, 0.25);
      expect([n!, o!, r!, p].map((pointer) => read(pointer))).toStrictEqual([9, 4, 4, 0.75].map(five));
    });

    test("windowedMomentum where one begins: new 4, old 5 - 3, whatever the old sum was, parameter 4 - 0.25 * 6", () => {
      arena.clear();
      const [p, g, n, o, r] = [4, 4, 5, Number.NaN, 3].map((value) => place(...five(value))) as [number, ...number[]];
      call("windowedMomentum", p, g!, 0, n!, o!, r!, 1, 0.25);
      expect([n!, o!, r!, p].map((pointer) => read(pointer))).toStrictEqual([4, 2, 4, 2.5].map(five));
    });
  });
});
