// What a pass does beside its rule: tensors treated each in its own way, values clipped, averages kept.

import { describe, expect, test } from "vitest";

import { Arena } from "./arena.js";
import { updateFamilies } from "./families/update.js";
import { DTYPES, type Dtype, dtypes, noSprinkle, pick, type Random, seeded } from "./numbers.js";
import { placeOptions, type Tensor } from "./options.js";
import { BINARIES, type KernelTable, kernelsOf } from "./variants.js";

type Update = (...args: number[]) => number;

function drawTensors(random: Random, n: number): Tensor[] {
  const tensors: Tensor[] = [];
  for (let left = n; left > 0; left -= tensors.at(-1)!.length) {
    tensors.push({
      length: Math.min(left, Math.floor(20 * random())),
      gradientScale: 0.5 + random(),
      l2: pick(random, [0, 1]),
      shrink: pick(random, [0, 1, 0.5]),
      rate: pick(random, [0, 1, 2]),
    });
  }
  return tensors;
}

/** Calls an update with everything that a pass offers; returns what is in all its arrays, and the count. */
function call(kernels: KernelTable, arena: Arena, name: keyof typeof updateFamilies, dtype: Dtype, n: number) {
  arena.clear();
  const random = seeded(n);
  const { arrays, scalars, signature } = updateFamilies[name];
  const pointers = Object.fromEntries(
    Object.entries(arrays).map(([array, draw]) => [
      array,
      arena.place(
        dtype,
        Array.from({ length: n }, () => draw(random, noSprinkle)),
      ),
    ]),
  );
  const averages = arena.place(
    dtype,
    Array.from({ length: n }, () => random()),
  );
  const drawn = Object.fromEntries(Object.entries(scalars).map(([scalar, draw]) => [scalar, draw(random, noSprinkle)]));
  const tensors = drawTensors(random, n);
  const options = placeOptions(arena, {
    ...drawn,
    averages,
    averageWeight: 0.1 + 0.8 * random(),
    box: 0.5 + random(),
    tensors,
  });
  const args = signature.map((argument) => {
    if (argument === "n") return n;
    return argument === "options" ? options : (pointers[argument] ?? drawn[argument]!);
  });
  const count = (kernels[`${name}_${dtype}`] as Update)(...args);
  const contents = Object.entries({ ...pointers, averages }).map(
    ([array, pointer]) => [array, [...arena.floats(dtype, pointer, n)]] as const,
  );
  return { count, contents, overwritten: arena.firstOverwritten() };
}

const names = Object.keys(updateFamilies) as (keyof typeof updateFamilies)[];

describe.each(DTYPES)("%s", (dtype) => {
  const arenas = { strict: new Arena(2), relaxed: new Arena(2), reference: new Arena(2) };
  const tables = Object.fromEntries(
    Object.entries(arenas).map(([variant, arena]) => [variant, kernelsOf(variant as "strict", arena.memory)]),
  ) as Record<keyof typeof arenas, KernelTable>;

  test.each(names)("%s: strict agrees with the reference to the bit, tensor by tensor", (name) => {
    for (let n = 1; n <= 90; n += 1 + (n >> 3)) {
      const expected = call(tables.reference, arenas.reference, name, dtype, n);
      expect(call(tables.strict, arenas.strict, name, dtype, n)).toStrictEqual(expected);
      expect(expected.overwritten).toBeUndefined();
    }
  });

  test.each(names)("%s: relaxed counts and clears as the reference does", (name) => {
    const expected = call(tables.reference, arenas.reference, name, dtype, 57);
    const actual = call(tables.relaxed, arenas.relaxed, name, dtype, 57);
    expect(actual.count).toBe(expected.count);
    expect(actual.contents.find(([array]) => array === "gradients")).toStrictEqual(
      expected.contents.find(([array]) => array === "gradients"),
    );
  });
});

describe.each(["reference", ...BINARIES] as const)("by hand, %s", (variant) => {
  const arena = new Arena(1);
  const kernels = kernelsOf(variant, arena.memory);

  describe.each(DTYPES)("%s", (dtype) => {
    const array = dtypes[dtype].array;
    const read = (pointer: number, n: number) => new array(arena.memory.buffer as ArrayBuffer, pointer, n);

    test("values are clipped after scaling and before l2", () => {
      arena.clear();
      const [p, g] = [arena.place(dtype, [4, 4, 4]), arena.place(dtype, [8, -8, 1])];
      kernels[`sgd_${dtype}`](3, p, g, placeOptions(arena, { gradientScale: 0.5, clipValue: 3, l2: 0.25 }), 1);
      // 4 - (1 + 3), 4 - (1 - 3), 4 - (1 + 0.5)
      expect([...read(p, 3)]).toStrictEqual([0, 6, 2.5]);
    });

    test("NaN passes the clipping, an infinity does not", () => {
      arena.clear();
      const [p, g] = [arena.place(dtype, [4, 4]), arena.place(dtype, [Number.NaN, Number.POSITIVE_INFINITY])];
      expect(kernels[`sgd_${dtype}`](2, p, g, placeOptions(arena, { clipValue: 3 }), 1)).toBe(2);
      expect([...read(p, 2)]).toStrictEqual([Number.NaN, 1]);
    });

    test("parameters stay in the box, and averages take them from there; NaN stays NaN", () => {
      arena.clear();
      const [p, g] = [arena.place(dtype, [1, -1, 1, 1]), arena.place(dtype, [-8, 8, 0.5, Number.NaN])];
      const a = arena.place(dtype, [4, 4, 4, 4]);
      kernels[`sgd_${dtype}`](4, p, g, placeOptions(arena, { box: 2, averages: a, averageWeight: 0.5 }), 1);
      expect([...read(p, 4)]).toStrictEqual([2, -2, 0.5, Number.NaN]);
      expect([...read(a, 4)]).toStrictEqual([3, 1, 2.25, Number.NaN]);
    });

    test("averages follow the updated parameters: 0.75 * 8 + 0.25 * (4 - 2)", () => {
      arena.clear();
      const [p, g, a] = [
        arena.place(dtype, [4, 4, 4, 4, 4]),
        arena.place(dtype, [2, 2, 2, 2, 2]),
        arena.place(dtype, [8, 8, 8, 8, 8]),
      ];
      kernels[`sgd_${dtype}`](5, p, g, placeOptions(arena, { averages: a, averageWeight: 0.25 }), 1);
      expect([...read(a, 5)]).toStrictEqual([6.5, 6.5, 6.5, 6.5, 6.5]);
    });

    test("a weight of 1 takes the parameters as they are, 0 leaves the averages as they are", () => {
      arena.clear();
      const [p, g, a] = [arena.place(dtype, [0.1]), arena.place(dtype, [0]), arena.place(dtype, [1e10])];
      kernels[`sgd_${dtype}`](1, p, g, placeOptions(arena, { averages: a, averageWeight: 0 }), 1);
      expect(read(a, 1)[0]).toBe(1e10);
      kernels[`sgd_${dtype}`](1, p, g, placeOptions(arena, { averages: a, averageWeight: 1 }), 1);
      expect(read(a, 1)[0]).toBe(read(p, 1)[0]);
    });

    test("a tensor with rate 0 stays, with its state, and its gradients are cleared", () => {
      arena.clear();
      const [p, g, b] = [
        arena.place(dtype, [1, 1, 1]),
        arena.place(dtype, [2, Number.NaN, 2]),
        arena.place(dtype, [0, 0, 0]),
      ];
      const tensors = [
        { length: 1, rate: 3 },
        { length: 1, rate: 0 },
        { length: 1, gradientScale: 2 },
      ];
      const count = kernels[`momentum_${dtype}`](
        3,
        p,
        g,
        placeOptions(arena, { clear: 1, tensors }),
        b,
        1,
        0.5,
        1,
        0,
        1,
      );
      expect(count).toBe(0);
      expect([...read(p, 3)]).toStrictEqual([-5, 1, -3]);
      expect([...read(b, 3)]).toStrictEqual([2, 0, 4]);
      expect([...read(g, 3)]).toStrictEqual([0, 0, 0]);
    });

    test("norms of single tensors", () => {
      arena.clear();
      const x = arena.place(dtype, [3, 4, 5, 12, 0, 1]);
      const tensors = [{ length: 2 }, { length: 0 }, { length: 2 }, { length: 2 }];
      const record = placeOptions(arena, { tensors });
      const table = new DataView(arena.memory.buffer).getUint32(record + 48, true);
      const norms = arena.reserve(32);
      kernels[`tensorSquaredNorms_${dtype}`](4, table, x, norms);
      expect([...new Float64Array(arena.memory.buffer, norms, 4)]).toStrictEqual([25, 0, 169, 1]);
    });

    /** The factors on gradient and l2 that a kernel leaves in a table of three tensors, of which the second is frozen. */
    const factorsOf = (call: (table: number) => void) => {
      const tensors = [{ length: 2 }, { length: 2, rate: 0 }, { length: 2 }];
      const view = new DataView(arena.memory.buffer);
      const table = view.getUint32(placeOptions(arena, { tensors }) + 48, true);
      call(table);
      return tensors.flatMap((_, k) => [8, 16].map((byte) => view.getFloat64(table + 64 * k + byte, true)));
    };

    test("factors of LARS, by hand", () => {
      arena.clear();
      const [penalties, parameters, gradients] = [
        [2, 5, 0],
        [16, 0, 9],
        [36, 4, 0],
      ].map((numbers) => arena.place("f64", numbers));
      const factors = factorsOf((table) =>
        kernels[`larsFactors_${dtype}`](3, table, penalties!, parameters!, gradients!, 0.5, 0.25, 3, 1),
      );
      // 3 * 4 / (0.5 * 6 + 0.25 * 2 * 4 + 1) = 2, and 1 where the parameters or the rest are 0.
      expect(factors).toStrictEqual([2, 4, 1, 5, 1, 0]);
    });

    test("factors of NovoGrad, by hand", () => {
      for (const [epsilon, last] of [
        [2, 0.5],
        [0, 0],
      ] as const) {
        arena.clear();
        const averages = arena.place(dtype, [4, 7, 9, 7, 0, 7]);
        const squares = arena.place("f64", [8, 8, 0]);
        const factors = factorsOf((table) =>
          kernels[`novogradFactors_${dtype}`](3, table, squares, averages, 2, 0.5, 0.25, epsilon),
        );
        // 0.5 * 4 + 0.25 * 8 = 4
        expect([...arena.floats(dtype, averages, 6)]).toStrictEqual([4, 7, 9, 7, 0, 7]);
        expect(factors).toStrictEqual([1 / (2 + epsilon), 1, 1, 1, last, 1]);
      }
    });
  });
});
