// Laws that hold for all data: most of them to the bit, on either binary.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { DTYPES, type Dtype, dtypes, type FloatArray } from "./numbers.js";
import { BINARIES, kernelsOf } from "./variants.js";

fc.configureGlobal({ seed: 20260101, numRuns: 150 });

const REDUCTIONS = ["squaredNorm", "sum", "absoluteSum", "absoluteMaximum", "nonFiniteCount"] as const;

/** The elements of a block, and how many blocks the left part of a longer array takes: assembly/vector/reduction.ts. */
const BLOCK = 4096;

/** Past the unrolled loops and their tails. */
const MOST = 70;

const numbers = (dtype: Dtype, constraints: { noNaN?: boolean; noDefaultInfinity?: boolean } = {}) =>
  dtype === "f32" ? fc.float(constraints) : fc.double(constraints);

const arrays = (dtype: Dtype, constraints?: Parameters<typeof numbers>[1]) =>
  fc.array(numbers(dtype, constraints), { maxLength: MOST, size: "max" });

const finite = { noNaN: true, noDefaultInfinity: true };

/** Pairs of arrays of one length. */
const pairs = (dtype: Dtype, constraints?: Parameters<typeof numbers>[1]) =>
  fc
    .array(fc.tuple(numbers(dtype, constraints), numbers(dtype, constraints)), { maxLength: MOST, size: "max" })
    .map((tuples) => [tuples.map(([x]) => x), tuples.map(([, y]) => y)] as const);

describe.each(BINARIES)("%s", (binary) => {
  describe.each(DTYPES)("%s", (dtype) => {
    const small = new Arena(1);
    const kernels = kernelsOf(binary, small.memory);
    const bits = (array: FloatArray) => [
      ...new Uint8Array(array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength)),
    ];
    const put = (values: readonly number[], shift = 0) => {
      const pointer = small.place(dtype, values, shift);
      return { pointer, array: small.floats(dtype, pointer, values.length) };
    };
    const check = <X>(arbitrary: fc.Arbitrary<X>, law: (x: X) => void) =>
      fc.assert(
        fc.property(arbitrary, (x) => {
          small.clear();
          law(x);
        }),
      );

    test("axpy with alpha 0 leaves y", () => {
      check(pairs(dtype, finite), ([xs, ys]) => {
        const [x, y] = [put(xs), put(ys)];
        const before = [...y.array];
        kernels[`axpy_${dtype}`](xs.length, 0, x.pointer, y.pointer);
        // As numbers: -0 + 0 is 0.
        expect([...y.array].every((value, i) => value === before[i])).toBe(true);
      });
    });

    test("scaling by 1 leaves x to the bit, by -1 turns every sign", () => {
      check(arrays(dtype, { noNaN: true }), (xs) => {
        const x = put(xs);
        const [before, values] = [bits(x.array), [...x.array]];
        kernels[`scale_${dtype}`](xs.length, 1, x.pointer);
        expect(bits(x.array)).toStrictEqual(before);
        kernels[`scale_${dtype}`](xs.length, -1, x.pointer);
        expect([...x.array]).toStrictEqual(values.map((value) => -value));
      });
    });

    test("axpby with 1 and -1 is the difference, and 0 of an array and itself", () => {
      check(pairs(dtype, finite), ([xs, ys]) => {
        const [x, y] = [put(xs), put(ys)];
        const rounded = new dtypes[dtype].array(xs.length).map((_, i) => x.array[i]! - y.array[i]!);
        kernels[`axpby_${dtype}`](xs.length, 1, x.pointer, -1, y.pointer);
        expect([...y.array]).toStrictEqual([...rounded]);
        kernels[`axpby_${dtype}`](xs.length, 1, x.pointer, -1, x.pointer);
        expect([...x.array].every((value) => value === 0)).toBe(true);
      });
    });

    test("copy carries every bit, the payload of NaN too", () => {
      check(fc.uint8Array({ minLength: 8 * MOST, maxLength: 8 * MOST }), (bytes) => {
        const n = bytes.length / dtypes[dtype].bytes;
        const [x, y] = [put(Array(n).fill(0)), put(Array(n).fill(0), 1)];
        new Uint8Array(small.memory.buffer, x.pointer, bytes.length).set(bytes);
        kernels[`copy_${dtype}`](n, x.pointer, y.pointer);
        expect(bits(y.array)).toStrictEqual([...bytes]);
      });
    });

    test("the Hadamard product commutes, and with ones changes nothing", () => {
      check(pairs(dtype, { noNaN: true }), ([xs, ys]) => {
        const [x, y, one, z, other] = [put(xs), put(ys), put(xs.map(() => 1)), put(xs), put(xs)];
        const product = kernels[`hadamardProduct_${dtype}`];
        product(xs.length, x.pointer, y.pointer, z.pointer);
        product(xs.length, y.pointer, x.pointer, other.pointer);
        expect([...z.array]).toStrictEqual([...other.array]);
        product(xs.length, x.pointer, one.pointer, z.pointer);
        expect(bits(z.array)).toStrictEqual(bits(x.array));
      });
    });

    test("flush takes what lies below the threshold and leaves the rest to the bit; twice is once", () => {
      check(fc.tuple(arrays(dtype), numbers(dtype, { noNaN: true }).map(Math.abs)), ([xs, threshold]) => {
        const x = put(xs);
        const expected = [...x.array].map((value) => (Math.abs(value) < threshold ? 0 : value));
        kernels[`flush_${dtype}`](xs.length, threshold, x.pointer);
        expect([...x.array]).toStrictEqual(expected);
        const once = bits(x.array);
        kernels[`flush_${dtype}`](xs.length, threshold, x.pointer);
        expect(bits(x.array)).toStrictEqual(once);
      });
    });

    test("dot is symmetric, and of an array with itself the squared norm", () => {
      check(pairs(dtype), ([xs, ys]) => {
        const [x, y] = [put(xs), put(ys)];
        const dot = kernels[`dot_${dtype}`];
        expect(dot(xs.length, x.pointer, y.pointer)).toBe(dot(xs.length, y.pointer, x.pointer));
        expect(dot(xs.length, x.pointer, x.pointer)).toBe(kernels[`squaredNorm_${dtype}`](xs.length, x.pointer));
      });
    });

    test("dot doubles with one of its arrays", () => {
      // Between 2^-40 and 2^40 no product and no sum leaves the normal range.
      const entry = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).chain((k) => fc.constant(k * 2 ** -10));
      check(fc.array(fc.tuple(entry, entry), { maxLength: MOST, size: "max" }), (tuples) => {
        const [x, y, twice] = [
          put(tuples.map(([a]) => a)),
          put(tuples.map(([, b]) => b)),
          put(tuples.map(([a]) => 2 * a)),
        ];
        const dot = (other: typeof x) => kernels[`dot_${dtype}`](tuples.length, other.pointer, y.pointer);
        expect(dot(twice)).toBe(2 * dot(x));
      });
    });

    test("absoluteMaximum is the greatest magnitude, 0 of nothing, NaN if there is one", () => {
      check(arrays(dtype), (xs) => {
        const x = put(xs);
        expect(kernels[`absoluteMaximum_${dtype}`](xs.length, x.pointer)).toBe(
          Math.max(0, ...[...x.array].map(Math.abs)),
        );
      });
    });

    test("absoluteSum is the sum of magnitudes, nonFiniteCount counts", () => {
      check(arrays(dtype), (xs) => {
        const [x, magnitudes] = [put(xs), put(xs.map(Math.abs))];
        const sum = kernels[`sum_${dtype}`](xs.length, magnitudes.pointer);
        expect(kernels[`absoluteSum_${dtype}`](xs.length, x.pointer)).toBe(sum);
        const count = [...x.array].filter((value) => !Number.isFinite(value)).length;
        expect(kernels[`nonFiniteCount_${dtype}`](xs.length, x.pointer)).toBe(count);
      });
    });

    // The magnitudes add up to less than 2^24, so nothing is rounded whatever the order.
    test("sums of integers are exact in every order", () => {
      const integers = fc.array(fc.integer({ min: -200000, max: 200000 }), { maxLength: MOST, size: "max" });
      const shuffled = integers.chain((xs) =>
        fc.tuple(fc.constant(xs), fc.shuffledSubarray(xs, { minLength: xs.length })),
      );
      check(shuffled, ([xs, permuted]) => {
        const [x, y] = [put(xs), put(permuted)];
        const exact = xs.reduce((total, value) => total + value, 0);
        expect(kernels[`sum_${dtype}`](xs.length, x.pointer)).toBe(exact);
        expect(kernels[`sum_${dtype}`](xs.length, y.pointer)).toBe(exact);
      });
    });

    test.each(REDUCTIONS)("%s does not depend on where the array lies", (reduction) => {
      check(arrays(dtype), (xs) => {
        const results = [0, 1, 2, 3].map((shift) =>
          kernels[`${reduction}_${dtype}`](xs.length, put(xs, shift).pointer),
        );
        results.push(kernels[`${reduction}_${dtype}`](xs.length, small.placeLast(dtype, xs)));
        expect(new Set(results).size).toBe(1);
      });
    });

    describe("arrays of several blocks", () => {
      const large = new Arena(5);
      const wide = kernelsOf(binary, large.memory);
      const capacity = 7 * BLOCK;
      const values = new dtypes[dtype].array(capacity).map((_, i) => Math.sin(i * i) * 2 ** (i % 23));
      const x = large.place(dtype, values);

      /** The left part: the greatest power-of-two count of blocks that leaves a right part. */
      function leftOf(n: number): number {
        let left = BLOCK;
        while (2 * left < n) left *= 2;
        return left;
      }

      const lengths = fc.oneof(
        fc.integer({ min: BLOCK + 1, max: capacity }),
        fc
          .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: -1, max: 1 }))
          .map(([blocks, by]) => blocks * BLOCK + by),
      );

      test.each(REDUCTIONS)("%s is that of the left blocks joined with that of the right", (reduction) => {
        const reduce = wide[`${reduction}_${dtype}`];
        const join = (a: number, b: number) => (reduction === "absoluteMaximum" ? Math.max(a, b) : a + b);
        fc.assert(
          fc.property(lengths, (n) => {
            const left = leftOf(n);
            const right = reduce(n - left, x + left * dtypes[dtype].bytes);
            expect(reduce(n, x)).toBe(join(reduce(left, x), right));
          }),
          { numRuns: 40 },
        );
      });

      // By hand: 8,193 beside 2^30 would be lost in f32, where numbers are 128 apart there.
      test("sum joins blocks in f64", () => {
        const ones = large.floats(dtype, x, 2 * BLOCK + 1).fill(1);
        ones[0] = 2;
        ones[2 * BLOCK] = 2 ** 30;
        expect(wide[`sum_${dtype}`](2 * BLOCK + 1, x)).toBe(2 ** 30 + 8193);
        large.floats(dtype, x, capacity).set(values);
      });
    });
  });
});
