import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { updateFamilies } from "./families/update.js";
import { below, DTYPES, dtypes, moderate, noSprinkle, pick, seeded } from "./numbers.js";
import { placeOptions } from "./options.js";
import { LONG, sweep } from "./sweep.js";
import { BINARIES, type KernelTable, kernelsOf } from "./variants.js";

sweep(updateFamilies, LONG);

type Update = (...args: number[]) => number;

/** A call with drawn scalars, slots of ones and the given gradients; says what it returned and left. */
function update(
  kernels: KernelTable,
  arena: Arena,
  name: keyof typeof updateFamilies,
  dtype: "f32" | "f64",
  gradients: number[],
  clear: 0 | 1,
) {
  arena.clear();
  const random = seeded(gradients.length);
  const { arrays, scalars, signature } = updateFamilies[name];
  const n = gradients.length;
  const pointers = Object.fromEntries(
    Object.keys(arrays).map((array) => [
      array,
      arena.place(dtype, array === "gradients" ? gradients : gradients.map(() => 1)),
    ]),
  );
  const drawn = Object.fromEntries(Object.entries(scalars).map(([scalar, draw]) => [scalar, draw(random, noSprinkle)]));
  const options = placeOptions(arena, { ...drawn, clear });
  const args = signature.map((argument) => {
    if (argument === "n") return n;
    if (argument === "options") return options;
    return pointers[argument] ?? drawn[argument]!;
  });
  const count = (kernels[`${name}_${dtype}`] as Update)(...args);
  return { count, gradients: [...arena.floats(dtype, pointers.gradients!, n)] };
}

describe.each(BINARIES)("%s", (binary) => {
  const arena = new Arena(2);
  const kernels = kernelsOf(binary, arena.memory);
  const names = Object.keys(updateFamilies) as (keyof typeof updateFamilies)[];

  test.each(names)("%s counts the gradients that are not finite, wherever they stand", (name) => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const dtype of DTYPES) {
      for (let n = 1; n <= 19; n++) {
        for (let i = 0; i < n; i++) {
          const gradients = Array.from({ length: n }, (_, j) => (j === i ? bad[i % 3]! : 1));
          expect(update(kernels, arena, name, dtype, gradients, 0).count).toBe(1);
        }
        expect(update(kernels, arena, name, dtype, Array(n).fill(bad[n % 3]), 1).count).toBe(n);
        expect(update(kernels, arena, name, dtype, Array(n).fill(dtypes[dtype].largest), 0).count).toBe(0);
      }
      const random = seeded(7);
      const gradients = Array.from({ length: 1001 }, () =>
        below(random, 3) === 0 ? pick(random, bad) : moderate(random),
      );
      const expected = gradients.filter((g) => !Number.isFinite(g)).length;
      expect(update(kernels, arena, name, dtype, gradients, 0).count).toBe(expected);
    }
  });

  test.each(names)("%s sets the gradients to +0 if asked to, else leaves them", (name) => {
    for (const dtype of DTYPES) {
      for (let n = 0; n <= 19; n++) {
        const gradients = Array.from({ length: n }, (_, i) => [0.5, -0, Number.NaN, -3][i % 4]!);
        expect(update(kernels, arena, name, dtype, gradients, 1).gradients).toStrictEqual(Array(n).fill(0));
        expect(update(kernels, arena, name, dtype, gradients, 0).gradients).toStrictEqual(gradients);
      }
    }
  });
});

// By hand, in numbers that are exact in f32, so that reference and binaries can't be wrong together.
describe.each(["reference", ...BINARIES] as const)("the rules by hand, %s", (variant) => {
  const arena = new Arena(1);
  const kernels = kernelsOf(variant, arena.memory);

  describe.each(DTYPES)("%s", (dtype) => {
    const place = (value: number) => arena.place(dtype, [value, value, value, value, value]);
    const read = (pointer: number) => new Set(arena.floats(dtype, pointer, 5));
    const call = (name: keyof typeof updateFamilies, ...args: number[]) =>
      (kernels[`${name}_${dtype}`] as Update)(5, ...args);

    test("sgd: gradient 2 * 3 + 0.5 * 4 = 8, parameter 4 - (0.25 * 4 + 0.25 * 8) = 1", () => {
      arena.clear();
      const [p, g] = [place(4), place(3)];
      call("sgd", p, g, placeOptions(arena, { gradientScale: 2, l2: 0.5, shrink: 0.25 }), 0.25);
      expect(read(p)).toStrictEqual(new Set([1]));
    });

    test("momentum: buffer 0.5 * 6 + 0.25 * 8 = 5, direction 1 * 8 + 0.5 * 5 = 10.5, parameter 4 - 0.5 * 10.5", () => {
      arena.clear();
      const [p, g, b] = [place(4), place(8), place(6)];
      call("momentum", p, g, 0, b, 0.5, 0.5, 0.25, 1, 0.5);
      expect(read(b)).toStrictEqual(new Set([5]));
      expect(read(p)).toStrictEqual(new Set([-1.25]));
    });

    test("adagrad: sum 7 + 3 * 3 = 16, root sqrt(16 + 9) + 1 = 6, parameter 4 - 2 * 3 / 6", () => {
      arena.clear();
      const [p, g, s] = [place(4), place(3), place(7)];
      call("adagrad", p, g, 0, s, 2, 9, 1);
      expect(read(s)).toStrictEqual(new Set([16]));
      expect(read(p)).toStrictEqual(new Set([3]));
    });

    test("adam: m 0.5 * 2 + 0.5 * 4 = 3, v 0.75 * 28 + 0.25 * 16 = 25, parameter 4 - 2 * 3 / (0.5 * 5 + 0.5)", () => {
      arena.clear();
      const [p, g, m, v] = [place(4), place(4), place(2), place(28)];
      call("adam", p, g, 0, m, v, 0.5, 0.5, 0.75, 0.25, 2, 0.5, 0.5);
      expect([read(m), read(v), read(p)]).toStrictEqual([new Set([3]), new Set([25]), new Set([2])]);
    });

    test("amsgrad: the same moments, with max(25, 121) under the root: parameter 4 - 2 * 3 / (0.5 * 11 + 0.5)", () => {
      arena.clear();
      const [p, g, m, v, greatest] = [place(4), place(4), place(2), place(28), place(121)];
      call("amsgrad", p, g, 0, m, v, greatest, 0.5, 0.5, 0.75, 0.25, 2, 0.5, 0.5);
      expect([read(v), read(greatest), read(p)]).toStrictEqual([new Set([25]), new Set([121]), new Set([3])]);
      const least = place(1);
      call("amsgrad", p, g, 0, m, v, least, 0.5, 0.5, 0.75, 0.25, 2, 0.5, 0.5);
      expect(read(least)).toStrictEqual(read(v));
    });

    test("adabelief: v 0.5 * 29 + 0.5 * (5 - 1)^2 + 2.5 = 25, m 0.5 * 1 + 0.5 * 5 = 3, parameter 4 - 4 * 3 / (5 + 1)", () => {
      arena.clear();
      const [p, g, m, v] = [place(4), place(5), place(1), place(29)];
      call("adabelief", p, g, 0, m, v, 0.5, 0.5, 0.5, 0.5, 2.5, 4, 1);
      expect([read(m), read(v), read(p)]).toStrictEqual([new Set([3]), new Set([25]), new Set([2])]);
    });

    test("yogi: m 0.5 * 2 + 0.5 * 4 = 3, v 12 + 0.25 * 16 = 16, parameter 4 - 2 * 3 / (0.5 * 4 + 0); v 40 - 4 = 36; v 16 stays", () => {
      arena.clear();
      const [p, g, m, v] = [place(4), place(4), place(2), place(12)];
      call("yogi", p, g, 0, m, v, 0.5, 0.5, 0.25, 2, 0.5, 0);
      expect([read(m), read(v), read(p)]).toStrictEqual([new Set([3]), new Set([16]), new Set([1])]);
      const [q, n, w] = [place(4), place(2), place(40)];
      call("yogi", q, g, 0, n, w, 0.5, 0.5, 0.25, 2, 0.5, 0);
      expect([read(n), read(w), read(q)]).toStrictEqual([new Set([3]), new Set([36]), new Set([2])]);
      const [r, o, same] = [place(4), place(4), place(16)];
      call("yogi", r, g, 0, o, same, 0.5, 0.5, 0.25, 1, 1, 0);
      expect([read(o), read(same), read(r)]).toStrictEqual([new Set([4]), new Set([16]), new Set([3])]);
    });

    test("nadam: m 0.5 * 2 + 0.5 * 4 = 3, v 0.75 * 28 + 0.25 * 16 = 25, parameter 4 - (2 * 3 + 3 * 4) / (5 + 1)", () => {
      arena.clear();
      const [p, g, m, v] = [place(4), place(4), place(2), place(28)];
      call("nadam", p, g, 0, m, v, 0.5, 0.5, 0.75, 0.25, 3, 2, 1);
      expect([read(m), read(v), read(p)]).toStrictEqual([new Set([3]), new Set([25]), new Set([1])]);
    });

    test("adamax: m 0.5 * 2 + 0.5 * 4 = 3, u max(0.5 * 4, 4 + 1) = 5, parameter 4 - 4 * 3 / (5 + 1); then max(0.5 * 16, 5) = 8", () => {
      arena.clear();
      const [p, g, m, u] = [place(4), place(-4), place(-2), place(4)];
      call("adamax", p, g, 0, m, u, 0.5, 0.5, 0.5, 1, 1, 4);
      expect([read(m), read(u), read(p)]).toStrictEqual([new Set([-3]), new Set([5]), new Set([6])]);
      const greater = place(16);
      call("adamax", p, g, 0, m, greater, 0.5, 0.5, 0.5, 1, 0, 4);
      expect([read(m), read(greater), read(p)]).toStrictEqual([new Set([-3.5]), new Set([8]), new Set([7.75])]);
    });

    test("lion: direction 0.75 * 4 - 0.25 * 8 = 1, parameter 4 - 0.5, m 0.5 * 4 - 0.5 * 8 = -2; then 0.75 * -2 - 0.25 * 8 < 0", () => {
      arena.clear();
      const [p, g, m] = [place(4), place(-8), place(4)];
      call("lion", p, g, 0, m, 0.75, 0.25, 0.5, 0.5, 0.5);
      expect([read(m), read(p)]).toStrictEqual([new Set([-2]), new Set([3.5])]);
      call("lion", p, g, 0, m, 0.75, 0.25, 0.5, 0.5, 0.5);
      expect([read(m), read(p)]).toStrictEqual([new Set([-5]), new Set([4])]);
    });

    test("lion: no step along 0, NaN along NaN, and infinities step like others", () => {
      arena.clear();
      const gradients = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const [p, g, m] = [place(4), arena.place(dtype, gradients), place(0)];
      call("lion", p, g, 0, m, 0.75, 0.25, 0.5, 0.5, 0.5);
      expect([...arena.floats(dtype, p, 5)]).toStrictEqual([4, 4, Number.NaN, 3.5, 4.5]);
    });

    test("adadelta: v 0.5 * 14 + 0.5 * 16 = 15, delta sqrt(63 + 1) / sqrt(15 + 1) * 4 = 8, d 0.5 * 63 + 0.5 * 64, parameter 4 - 0.5 * 8", () => {
      arena.clear();
      const [p, g, v, d] = [place(4), place(4), place(14), place(63)];
      call("adadelta", p, g, 0, v, d, 0.5, 0.5, 1, 0.5);
      expect([read(v), read(d), read(p)]).toStrictEqual([new Set([15]), new Set([63.5]), new Set([0])]);
    });

    test("rmsprop: v 0.75 * 20 + 0.25 * 4 = 16, root sqrt(16 + 9) + 1 = 6, parameter 4 - 3 * 2 / 6", () => {
      arena.clear();
      const [p, g, v] = [place(4), place(2), place(20)];
      call("rmsprop", p, g, 0, v, 0.75, 0.25, 9, 1, 3);
      expect([read(v), read(p)]).toStrictEqual([new Set([16]), new Set([3])]);
    });

    test("rmspropMomentum: the same root, velocity 0.5 * 4 + 3 * 2 / 6 = 3, parameter 4 - 0.5 * 3", () => {
      arena.clear();
      const [p, g, v, b] = [place(4), place(2), place(20), place(4)];
      call("rmspropMomentum", p, g, 0, v, b, 0.75, 0.25, 9, 1, 0.5, 3, 0.5);
      expect([read(v), read(b), read(p)]).toStrictEqual([new Set([16]), new Set([3]), new Set([2.5])]);
    });

    test("centeredRmsprop: v 0.5 * 41 + 0.5 * 9 = 25, m 0.5 * 3 + 0.5 * 3 = 3, root sqrt(16) + 2, parameter 4 - 4 * 3 / 6", () => {
      arena.clear();
      const [p, g, v, m] = [place(4), place(3), place(41), place(3)];
      call("centeredRmsprop", p, g, 0, v, m, 0.5, 0.5, 0, 2, 4);
      expect([read(v), read(m), read(p)]).toStrictEqual([new Set([25]), new Set([3]), new Set([2])]);
    });

    test("centeredRmsprop: a variance below 0 is 0: m 0.5 * 2 + 0.5 * 2 = 2, v 0.5 * 1 + 0.5 * 4 < 4, parameter 4 - 1 * 2 / 0.5", () => {
      arena.clear();
      const [p, g, v, m] = [place(4), place(2), place(1), place(2)];
      call("centeredRmsprop", p, g, 0, v, m, 0.5, 0.5, 0, 0.5, 1);
      expect([read(v), read(m), read(p)]).toStrictEqual([new Set([2.5]), new Set([2]), new Set([0])]);
    });

    test("centeredRmspropMomentum: v 29 - m 3 * 3 = 20, root sqrt(20 + 5) + 1 = 6, velocity 0.5 * 4 + 2 * 3 / 6 = 3, parameter 4 - 0.5 * 3", () => {
      arena.clear();
      const [p, g, v, m, b] = [place(4), place(3), place(49), place(3), place(4)];
      call("centeredRmspropMomentum", p, g, 0, v, m, b, 0.5, 0.5, 5, 1, 0.5, 2, 0.5);
      expect([read(v), read(m), read(b), read(p)]).toStrictEqual([29, 3, 3, 2.5].map((value) => new Set([value])));
    });
  });
});
