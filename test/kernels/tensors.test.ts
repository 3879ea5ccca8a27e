// The kernels that look at whole tensors: against the reference, to the bit on strict, and by hand.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { columnsOf, rowsOf, type Shape, shapeOf, signatures } from "./families/tensors.js";
import {
  DTYPES,
  type Dtype,
  dtypes,
  type FloatArray,
  moderate,
  noSprinkle,
  type Random,
  seeded,
  signed,
  sprinkle,
} from "./numbers.js";
import { placeOptions } from "./options.js";
import { BINARIES, type KernelTable, kernelsOf } from "./variants.js";

type Kernel = (...args: number[]) => number;

/** Sets of tensors: small ones, vectors among them; rows that fill no vector; more than a block of 4,096. */
const tables: readonly (readonly (readonly number[])[])[] = [
  [[5]],
  [[]],
  [[0], [3]],
  [[3, 5], [7], [1], [2, 3, 11]],
  [
    [1, 9],
    [9, 1],
    [4, 4],
  ],
  [[2, 4, 3], [17], [6, 16]],
  [[4100]],
  [[2, 4100], [33]],
];

const settings = [
  {},
  { gradientScale: -0.5, l2: 0.1 },
  { shrink: 0.01, clear: 1 },
  { clipValue: 0.75, averageWeight: 0.25, l2: 0.5, shrink: 0.01, box: 2 },
];

/** What a call leaves behind, one array after the other, and what it returns. */
function run(
  kernels: KernelTable,
  arena: Arena,
  name: keyof typeof signatures,
  dtype: Dtype,
  shapes: readonly Shape[],
  options: object,
  random: Random,
  special: boolean,
): { arrays: FloatArray[]; count: number; overwritten: number | undefined } {
  arena.clear();
  const chosen = special ? { ...sprinkle(dtype), share: 0.02 } : noSprinkle;
  const n = shapes.reduce((sum, { length }) => sum + length, 0);
  const count = (of: (shape: Shape) => number) => shapes.reduce((sum, shape) => sum + of(shape), 0);
  const draw = (length: number, of: () => number) => new dtypes[dtype].array(length).map(of);
  /** With zeros in the padding. */
  const padded = (of: () => number) => {
    const values = draw(n, of);
    let at = 0;
    for (const { length, elements } of shapes) {
      values.fill(0, at + elements, at + length);
      at += length;
    }
    return values;
  };
  const one = () => signed(random, chosen);
  const square = () => Math.abs(moderate(random));
  const arrays = [padded(() => signed(random, noSprinkle)), padded(one)];
  for (const slot of signatures[name].slots) {
    if (slot === "signed") arrays.push(padded(() => moderate(random)));
    else if (slot === "square") arrays.push(padded(square));
    else if (slot === "rows") arrays.push(draw(count(rowsOf), square));
    else arrays.push(draw(count(columnsOf), slot === "zeros" ? () => 0 : square));
  }
  const averaged = "averageWeight" in options;
  if (averaged) arrays.push(padded(one));
  const pointers = arrays.map((array, k) => arena.place(dtype, array, k % 3));
  const tensors = shapes.map((shape, k) => ({
    length: shape.length,
    rate: k === 1 ? 0 : 1 / (k + 1),
    gradientScale: 1 + k,
    l2: 2 - k / 2,
    matrix: [shape.rows, shape.columns, shape.matrices, rowsOf(shape), columnsOf(shape)] as const,
  }));
  const record = placeOptions(arena, { ...options, tensors, ...(averaged && { averages: pointers.at(-1)! }) });
  const slots = pointers.slice(2, 2 + signatures[name].slots.length);
  const { scalars } = signatures[name];
  const returned = (kernels[`${name}_${dtype}`] as unknown as Kernel)(
    n,
    pointers[0]!,
    pointers[1]!,
    record,
    ...slots,
    ...scalars,
  );
  return {
    arrays: arrays.map(({ length }, k) => arena.floats(dtype, pointers[k]!, length).slice()),
    count: returned,
    overwritten: arena.firstOverwritten(),
  };
}

const names = Object.keys(signatures) as (keyof typeof signatures)[];

describe.each(BINARIES)("%s", (binary) => {
  const [actualArena, expectedArena] = [new Arena(8), new Arena(8)];
  const actual = kernelsOf(binary, actualArena.memory);
  const expected = kernelsOf("reference", expectedArena.memory);

  describe.each(DTYPES)("%s", (dtype) => {
    test.each(names)("%s agrees with the reference, tensor by tensor", (name) => {
      for (const [t, sizes] of tables.entries()) {
        for (const padded of [true, false]) {
          // Of the long ones, once.
          for (const [s, options] of (t < 6 ? settings : settings.slice(-1)).entries()) {
            // What a special value does to a norm is decided by the order of additions: strict only.
            for (const special of binary === "strict" ? [false, true] : [false]) {
              const shapes = sizes.map((size) => shapeOf(dtype, size, padded));
              const args = [name, dtype, shapes, options] as const;
              const got = run(actual, actualArena, ...args, seeded(10 * t + s), special);
              const wanted = run(expected, expectedArena, ...args, seeded(10 * t + s), special);
              const where = `${name}_${dtype} ${JSON.stringify(sizes)} ${JSON.stringify(options)}`;
              expect(got.overwritten, where).toBeUndefined();
              expect(got.count, where).toBe(wanted.count);
              const roundoff = binary === "strict" ? 0 : dtypes[dtype].roundoff;
              expect(difference(got.arrays, wanted.arrays, roundoff), where).toBeUndefined();
            }
          }
        }
      }
    });

    test("without options all elements are one vector", () => {
      for (const name of names) {
        actualArena.clear();
        expectedArena.clear();
        const places = (arena: Arena) => {
          const random = seeded(3);
          return [0, 1, ...signatures[name].slots].map((slot) =>
            arena.place(
              dtype,
              Array.from({ length: slot === "zeros" || slot === "columns" ? 0 : 9 }, () => Math.abs(moderate(random))),
            ),
          );
        };
        const call = (kernels: KernelTable, [p, g, ...slots]: number[]) =>
          (kernels[`${name}_${dtype}`] as unknown as Kernel)(9, p!, g!, 0, ...slots, ...signatures[name].scalars);
        const [at, same] = [places(actualArena), places(expectedArena)];
        call(actual, at);
        call(expected, same);
        const unit = binary === "strict" ? 0 : dtypes[dtype].roundoff;
        expect(
          difference([actualArena.floats(dtype, at[0]!, 9)], [expectedArena.floats(dtype, same[0]!, 9)], unit),
          name,
        ).toBeUndefined();
      }
    });

    test.each(["prepareGradients", "moveAlong"] as const)(
      "%s of a tensor piece by piece is that of the whole",
      (name) => {
        const [length, pieces] = [23, [8, 4, 11]];
        const walk = (kernels: KernelTable, arena: Arena, parts: readonly number[]) => {
          arena.clear();
          const random = seeded(8);
          const draw = () => Array.from({ length }, () => moderate(random));
          const places = [draw(), draw(), draw()].map((numbers) => arena.place(dtype, numbers));
          const tensors = [{ length, rate: 0.5, gradientScale: 3, l2: 2, shrink: 0.1 }];
          const record = placeOptions(arena, { clipValue: 2, l2: 0.5, shrink: 0.01, box: 2, tensors });
          let [start, count] = [0, 0];
          for (const part of parts) {
            const [p, g, d] = places.map((place) => place + start * dtypes[dtype].bytes);
            const { scalars } = signatures[name];
            count += (kernels[`${name}_${dtype}`] as unknown as Kernel)(part, p!, g!, record, d!, ...scalars);
            start += part;
          }
          expect(arena.firstOverwritten()).toBeUndefined();
          return { count, arrays: places.map((place) => [...arena.floats(dtype, place, length)]) };
        };
        for (const [kernels, arena] of [
          [actual, actualArena],
          [expected, expectedArena],
        ] as const) {
          expect(walk(kernels, arena, pieces)).toEqual(walk(kernels, arena, [length]));
        }
      },
    );

    test("preparedSquaredNorms", () => {
      for (const [t, sizes] of tables.entries()) {
        for (const options of settings) {
          const norms = [actual, expected].map((kernels) => {
            const arena = kernels === actual ? actualArena : expectedArena;
            arena.clear();
            const random = seeded(t);
            const shapes = sizes.map((size) => shapeOf(dtype, size, true));
            const n = shapes.reduce((sum, { length }) => sum + length, 0);
            const [p, g] = [0, 1].map(() =>
              arena.place(
                dtype,
                Array.from({ length: n }, () => moderate(random)),
              ),
            );
            const record = placeOptions(arena, { ...options, tensors: shapes });
            const place = arena.place(
              "f64",
              shapes.map(() => 0),
            );
            (kernels[`preparedSquaredNorms_${dtype}`] as unknown as Kernel)(n, p!, g!, record, place);
            expect(arena.firstOverwritten()).toBeUndefined();
            return [...arena.floats("f64", place, shapes.length)];
          });
          const unit = binary === "strict" ? 0 : dtypes[dtype].roundoff;
          norms[0]!.forEach((norm, k) => {
            expect(Math.abs(norm - norms[1]![k]!)).toBeLessThanOrEqual(40 * unit * norms[1]![k]!);
          });
        }
      }
    });
  });
});

/**
 * The first difference, beyond some roundings of the greatest number of the array: a step is relative to norms and to
 * roots. Without roundings, to the bit.
 */
function difference(got: readonly FloatArray[], wanted: readonly FloatArray[], roundoff: number): string | undefined {
  for (const [k, array] of got.entries()) {
    const expected = wanted[k]!;
    let greatest = 0;
    for (const x of expected) greatest = Math.max(greatest, Math.abs(x));
    for (const [i, x] of array.entries()) {
      if (Object.is(x, expected[i]) || Math.abs(x - expected[i]!) <= 100 * roundoff * greatest) continue;
      return `array ${k} has ${x} at ${i}, expected ${expected[i]}`;
    }
  }
  return undefined;
}

// By hand, in numbers that are exact in f32, so that reference and binaries can't be wrong together.
describe.each(["reference", ...BINARIES] as const)("by hand, %s", (variant) => {
  const arena = new Arena(1);
  const kernels = kernelsOf(variant, arena.memory);

  test.each(DTYPES)(
    "lamb_%s: |p| = 5 and u = (1, 1, 1, 1): ratio 2.5; the same for a tensor of zeros is 1",
    (dtype) => {
      arena.clear();
      const p = arena.place(dtype, [3, 0, 4, 0, 0, 0]);
      const g = arena.place(dtype, [1, 2, 3, 4, 5, 6]);
      const [m, v] = [arena.place(dtype, Array(6).fill(0)), arena.place(dtype, Array(6).fill(0))];
      const options = placeOptions(arena, { tensors: [{ length: 4 }, { length: 2 }] });
      (kernels[`lamb_${dtype}`] as Kernel)(6, p, g, options, m, v, 0, 1, 0, 1, 1, 1, 0, 0.5);
      expect([...arena.floats(dtype, p, 6)]).toStrictEqual([1.75, -1.25, 2.75, -1.25, -0.5, -0.5]);
    },
  );

  test.each(DTYPES)("lamb_%s: without a gradient there is no step, epsilon or not", (dtype) => {
    arena.clear();
    const p = arena.place(dtype, [3, 4, 0]);
    const [g, m, v] = [0, 1, 2].map(() => arena.place(dtype, [0, 0, 0])) as [number, number, number];
    (kernels[`lamb_${dtype}`] as Kernel)(3, p, g, 0, m, v, 0.9, 0.1, 0.9, 0.1, 1, 1, 0, 0.5);
    expect([...arena.floats(dtype, p, 3)]).toStrictEqual([3, 4, 0]);
  });

  test.each(DTYPES)(
    "normalizedMomentum_%s: b = 0.5 (6, 8) + 0.5 (0, 0), |p| = 10, |b| = 5: p - 0.25 * 2 b",
    (dtype) => {
      arena.clear();
      const [p, g, b] = [arena.place(dtype, [8, 6]), arena.place(dtype, [6, 8]), arena.place(dtype, [0, 0])];
      (kernels[`normalizedMomentum_${dtype}`] as Kernel)(2, p, g, 0, b, 0.5, 0.5, 0.25, 1, 0);
      expect([...arena.floats(dtype, b, 2)]).toStrictEqual([3, 4]);
      expect([...arena.floats(dtype, p, 2)]).toStrictEqual([6.5, 4]);
    },
  );

  test.each(DTYPES)("sm3_%s: s = min(R, C) + g g: (1 + 3, 0 + 9; 4 + 0, 0 + 16)", (dtype) => {
    arena.clear();
    const [p, g] = [arena.place(dtype, [0, 0, 0, 0]), arena.place(dtype, [Math.sqrt(3), 3, 0, 4])];
    const [R, C, next] = [arena.place(dtype, [1, 4]), arena.place(dtype, [5, 0]), arena.place(dtype, [0, 0])];
    const options = placeOptions(arena, { tensors: [{ length: 4, matrix: [2, 2, 1, 2, 2] }] });
    (kernels[`sm3_${dtype}`] as Kernel)(4, p, g, options, R, C, next, 0, 1);
    const round = dtype === "f32" ? Math.fround : (x: number) => x;
    const root = round(Math.sqrt(3));
    expect(arena.floats(dtype, p, 4)[0]).toBeCloseTo(-root / 2, 6);
    expect([...arena.floats(dtype, p, 4)].slice(1)).toStrictEqual([-1, 0, -1]);
    expect([...arena.floats(dtype, R, 2)]).toStrictEqual([9, 16]);
    expect(arena.floats(dtype, C, 2)[0]).toBeCloseTo(4, 6);
    expect(arena.floats(dtype, C, 2)[1]).toBe(16);
    expect([...arena.floats(dtype, next, 2)]).toStrictEqual([0, 0]);
  });

  test.each(DTYPES)("adafactor_%s: R = (4, 16), C = (4, 16), mean 10: v = R C / 10", (dtype) => {
    arena.clear();
    // Squares 0, 8; 8, 24: row means 4, 16, column means 4, 16.
    const [a, b] = [Math.sqrt(8), Math.sqrt(24)];
    const [p, g] = [arena.place(dtype, [0, 0, 0, 0]), arena.place(dtype, [0, a, a, b])];
    const [R, C] = [arena.place(dtype, [0, 0]), arena.place(dtype, [0, 0])];
    const options = placeOptions(arena, { tensors: [{ length: 4, matrix: [2, 2, 1, 2, 2] }] });
    (kernels[`adafactor_${dtype}`] as Kernel)(
      4,
      p,
      g,
      options,
      R,
      C,
      0,
      1,
      0,
      0,
      0,
      Number.POSITIVE_INFINITY,
      1,
      0,
      0.5,
    );
    const near = (values: FloatArray, expected: number[]) =>
      expected.forEach((x, i) => {
        expect(values[i]).toBeCloseTo(x, 5);
      });
    near(arena.floats(dtype, R, 2), [4, 16]);
    near(arena.floats(dtype, C, 2), [4, 16]);
    const step = (x: number, v: number) => (-0.5 * x) / Math.sqrt(v);
    near(arena.floats(dtype, p, 4), [0, step(a, 6.4), step(a, 6.4), step(b, 25.6)]);
  });
});
