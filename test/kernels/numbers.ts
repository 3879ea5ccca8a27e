// Element types, random numbers that are the same in every run, and the values that break floating-point code.

export type Dtype = "f32" | "f64";

export type FloatArray = Float32Array | Float64Array;

interface DtypeInfo {
  readonly bytes: 4 | 8;
  readonly array: Float32ArrayConstructor | Float64ArrayConstructor;
  /** Half the distance from 1 to the next number: one rounding changes a normal result by at most this share. */
  readonly roundoff: number;
  readonly leastSubnormal: number;
  readonly leastNormal: number;
  readonly largest: number;
}

export const dtypes: Record<Dtype, DtypeInfo> = {
  f32: {
    bytes: 4,
    array: Float32Array,
    roundoff: 2 ** -24,
    leastSubnormal: 2 ** -149,
    leastNormal: 2 ** -126,
    largest: (2 - 2 ** -23) * 2 ** 127,
  },
  f64: {
    bytes: 8,
    array: Float64Array,
    roundoff: 2 ** -53,
    leastSubnormal: Number.MIN_VALUE,
    leastNormal: 2 ** -1022,
    largest: Number.MAX_VALUE,
  },
};

export const DTYPES: readonly Dtype[] = ["f32", "f64"];

/** Uniform in [0, 1). */
export type Random = () => number;

/** Two steps of a 32-bit linear congruential generator a draw, so that all 53 bits of the significand vary. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  for (let i = 0; i < 4; i++) next();
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
}

/** A whole number in [0, n). */
export const below = (random: Random, n: number): number => Math.floor(random() * n);

export const pick = <X>(random: Random, from: readonly X[]): X => from[below(random, from.length)]!;

/** In +-[2^-8, 2^8), every binade alike: products and squares stay far from overflow and underflow. */
export function moderate(random: Random): number {
  const magnitude = (1 + random()) * 2 ** (below(random, 16) - 8);
  return random() < 0.5 ? -magnitude : magnitude;
}

/** Values without an overflow in a product with a moderate one. */
function tame(dtype: Dtype): readonly number[] {
  const { leastSubnormal, leastNormal } = dtypes[dtype];
  const small = [0, leastSubnormal, leastNormal - leastSubnormal, leastNormal, 3 * leastNormal];
  return [Number.NaN, ...[...small, 1, Number.POSITIVE_INFINITY].flatMap((x) => [x, -x])];
}

/** NaN, the infinities, zeros of both signs, the edges of the subnormal range, and the largest finite numbers. */
export function specials(dtype: Dtype): readonly number[] {
  const { largest } = dtypes[dtype];
  return [...tame(dtype), largest, -largest, largest / 2, -largest / 2];
}

/** How often special values stand among moderate ones, and which. */
export interface Sprinkle {
  readonly share: number;
  readonly values: readonly number[];
}

export const noSprinkle: Sprinkle = { share: 0, values: [] };

export const sprinkle = (dtype: Dtype): Sprinkle => ({ share: 0.15, values: specials(dtype) });

/** Without the largest numbers: where a product overflows, a fused multiply-add may rightly differ by more than rounding. */
export const tameSprinkle = (dtype: Dtype): Sprinkle => ({ share: 0.15, values: tame(dtype) });

export const signed = (random: Random, { share, values }: Sprinkle): number =>
  random() < share ? pick(random, values) : moderate(random);

export const nonNegative = (random: Random, chosen: Sprinkle): number => Math.abs(signed(random, chosen));

/** The distance between a number and its neighbours of greater magnitude, in f64. */
export function ulp(x: number): number {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  const power = 2 ** exponent;
  // log2 rounds: next to a power of two it may be off by one.
  const exact = power > Math.abs(x) ? power / 2 : 2 * power <= Math.abs(x) ? 2 * power : power;
  return Math.max(exact * 2 ** -52, Number.MIN_VALUE);
}

export const isSubnormal = (dtype: Dtype, x: number): boolean => x !== 0 && Math.abs(x) < dtypes[dtype].leastNormal;
