// By hand, in numbers that are exact in f32, so that reference and binaries can't be wrong together; and Prodigy, whose
// sums no table knows.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { DTYPES, dtypes, seeded } from "./numbers.js";
import { placeOptions, type Tensor } from "./options.js";
import { BINARIES, kernelsOf } from "./variants.js";

type Kernel = (...args: number[]) => number;

describe.each(["reference", ...BINARIES] as const)("the rules by hand, %s", (variant) => {
  const arena = new Arena(1);
  const kernels = kernelsOf(variant, arena.memory);

  describe.each(DTYPES)("%s", (dtype) => {
    const place = (value: number) => arena.place(dtype, Array(5).fill(value));
    const read = (pointer: number) => [...new Set(arena.floats(dtype, pointer, 5))];

    test("scheduleFreeSgd: z 8 - 0.25 * 4 - 0.5 * (3 + 0.25 * 4) = 5, x 0.75 * 4 + 0.25 * 5 = 4.25, y half of each", () => {
      arena.clear();
      const [y, g, x, z] = [place(4), place(3), place(4), place(8)];
      kernels[`scheduleFreeSgd_${dtype}`](
        5,
        y,
        g,
        placeOptions(arena, { l2: 0.25, shrink: 0.25 }),
        x,
        z,
        0.5,
        0.75,
        0.25,
        0.5,
        0.5,
      );
      expect([read(z), read(x), read(y)]).toStrictEqual([[5], [4.25], [4.625]]);
    });

    test("scheduleFreeSgd: a tensor's factor is one on the step along the gradient", () => {
      arena.clear();
      const [y, g, x, z] = [place(4), place(4), place(4), place(8)];
      const tensors = [{ length: 5, rate: 2, shrink: 0.5 }];
      kernels[`scheduleFreeSgd_${dtype}`](
        5,
        y,
        g,
        placeOptions(arena, { shrink: 0.5, tensors }),
        x,
        z,
        0.5,
        0.5,
        0.5,
        0.5,
        0.5,
      );
      // 8 - 0.25 * 4 - 2 * 0.5 * 4, 2 + 1.5, 1.75 + 1.5
      expect([read(z), read(x), read(y)]).toStrictEqual([[3], [3.5], [3.25]]);
    });

    test("scheduleFreeAdamw: v 0.75 * 28 + 0.25 * 16 = 25, z 8 - 3 * 4 / (5 + 1) = 6, x 5, y 5.5", () => {
      arena.clear();
      const [y, g, x, z, v] = [place(4), place(4), place(4), place(8), place(28)];
      kernels[`scheduleFreeAdamw_${dtype}`](5, y, g, 0, x, z, v, 3, 0.5, 0.5, 0.5, 0.5, 0.75, 0.25, 1);
      expect([read(v), read(z), read(x), read(y)]).toStrictEqual([[25], [6], [5], [5.5]]);
    });

    test("optimistic: 8 - 0.5 * (3 + 1 * (3 - 1)), and the gradient is remembered", () => {
      arena.clear();
      const [p, g, h] = [place(8), place(3), place(1)];
      kernels[`optimistic_${dtype}`](5, p, g, 0, h, 0.5, 1);
      expect([read(p), read(h)]).toStrictEqual([[5.5], [3]]);
    });

    test("prodigy: m 3, v 25, S 0.5 * 4 - 0.25 * 12 = -1; parameter 4 - 2 * 3 / (5 + 1) - 0.25 * 4; sums of 4 (6 - 4) and |S|", () => {
      arena.clear();
      const [p, g, m, v, start, s] = [place(4), place(4), place(2), place(28), place(6), place(-12)];
      const sums = arena.reserve(64);
      const options = placeOptions(arena, { shrink: 0.25 });
      const scalars = [0.5, 0.5, 0.75, 0.25, 0.25, 0.5, 2, 1];
      (kernels[`prodigy_${dtype}`] as Kernel)(5, p, g, options, m, v, start, s, ...scalars, sums);
      expect([read(m), read(v), read(s), read(p)]).toStrictEqual([[3], [25], [-1], [2]]);
      const totals = new Float64Array(arena.memory.buffer, sums, 8);
      expect([totals[0], totals[4]]).toStrictEqual([40, 5]);
    });
  });
});

describe.each(DTYPES)("prodigy_%s", (dtype) => {
  const arenas = { strict: new Arena(8), relaxed: new Arena(8), reference: new Arena(8) };
  const tables = {
    strict: kernelsOf("strict", arenas.strict.memory),
    relaxed: kernelsOf("relaxed", arenas.relaxed.memory),
    reference: kernelsOf("reference", arenas.reference.memory),
  };

  function call(variant: keyof typeof arenas, n: number, shift: number, everything: boolean) {
    const arena = arenas[variant];
    arena.clear();
    const random = seeded(n);
    const draw = () => 2 * random() - 1;
    const positive = () => 0.1 + random();
    const arrays = [draw, draw, draw, positive, draw, draw].map((next) =>
      arena.place(dtype, Array.from({ length: n }, next), shift),
    );
    const [p, g, ...slots] = arrays as [number, number, ...number[]];
    const sums = arena.reserve(64);
    const averages = arena.place(dtype, Array.from({ length: n }, draw), shift);
    const tensors: Tensor[] = [];
    for (let left = n; left > 0; left -= tensors.at(-1)!.length) {
      tensors.push({
        length: Math.min(left, 1 + Math.floor(30 * random())),
        rate: [0, 1, 0.5][Math.floor(3 * random())]!,
      });
    }
    const all = {
      gradientScale: -0.5,
      l2: 0.1,
      shrink: 0.01,
      clipValue: 0.4,
      clear: 1,
      averages,
      averageWeight: 0.3,
      tensors,
    };
    const options = placeOptions(arena, everything ? all : {});
    const scalars = [0.9, 0.05, 0.99, 0.01, 0.995, 0.25, 0.1, 1e-6];
    const count = (tables[variant][`prodigy_${dtype}`] as Kernel)(n, p, g, options, ...slots, ...scalars, sums);
    return {
      count,
      arrays: [...arrays, averages].map((pointer) => [...arena.floats(dtype, pointer, n)]),
      sums: [...new Float64Array(arena.memory.buffer, sums, 8)],
      overwritten: arena.firstOverwritten(),
    };
  }

  const lengths = [...Array(23).keys(), 63, 64, 65, 1000, 4097];

  test.each([false, true])("strict agrees with the reference to the bit, every option %s", (everything) => {
    for (const n of lengths) {
      for (const shift of [0, 1]) {
        const expected = call("reference", n, shift, everything);
        expect(call("strict", n, shift, everything)).toStrictEqual(expected);
        expect(expected.overwritten).toBeUndefined();
      }
    }
  });

  test.each([false, true])("relaxed stays near, every option %s", (everything) => {
    const { roundoff } = dtypes[dtype];
    for (const n of lengths) {
      const expected = call("reference", n, 0, everything);
      const actual = call("relaxed", n, 0, everything);
      expect([actual.count, actual.overwritten]).toStrictEqual([expected.count, undefined]);
      actual.arrays.forEach((array, k) => {
        array.forEach((x, i) => {
          expect(Math.abs(x - expected.arrays[k]![i]!)).toBeLessThan(40 * roundoff);
        });
      });
      for (const k of [0, 4])
        expect(Math.abs(actual.sums[k]! - expected.sums[k]!)).toBeLessThan(8 * roundoff * (n + 1));
    }
  });

  test("its sums are those of exact arithmetic, up to the rounding of their terms", () => {
    const { arrays, sums } = call("strict", 1000, 0, false);
    const random = seeded(1000);
    const draw = () => 2 * random() - 1;
    const round = dtype === "f32" ? Math.fround : (x: number) => x;
    const numbers = (next: () => number) => Array.from({ length: 1000 }, () => round(next()));
    const [p, g] = [numbers(draw), numbers(draw)];
    numbers(draw);
    numbers(() => 0.1 + random());
    const start = numbers(draw);
    const dot = p.reduce((sum, value, i) => sum + g[i]! * (start[i]! - value), 0);
    expect(Math.abs(sums[0]! - dot)).toBeLessThan(1000 * 4 * dtypes[dtype].roundoff);
    const norm = arrays[5]!.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(Math.abs(sums[4]! - norm)).toBeLessThan(1e-12 * norm);
  });
});
