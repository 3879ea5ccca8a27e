import { AliasTable } from "./alias.js";

/** A source of 32-bit integers, uniform in [0, 2^32), and its state: four 32-bit integers. */
export interface RandomBits {
  (): number;
  state(): [number, number, number, number];
  setState(state: readonly number[]): void;
}

/** xoshiro128** (Blackman, Vigna 2018), its state filled from the seed by SplitMix32. */
export function randomBits(seed: number): RandomBits {
  let z = seed | 0;
  const mix = () => {
    z = (z + 0x9e3779b9) | 0;
    let t = z ^ (z >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return t ^ (t >>> 15);
  };
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix();
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  return Object.assign(next, {
    state: (): [number, number, number, number] => [a, b, c, d],
    setState: (state: readonly number[]) => {
      [a, b, c, d] = state as [number, number, number, number];
    },
  });
}

/** Fills the rows to visit in a pass, counted from 0. Each must be an integer from 0 to `order.length - 1`. */
export type Sampler = (order: Int32Array, pass: number) => void;

/** Every step any row, with replacement. */
export function uniform(bits: RandomBits): Sampler {
  return (order) => {
    const n = order.length;
    for (let k = 0; k < n; k++) order[k] = (bits() * n) / 2 ** 32;
  };
}

/** Every row once a pass, in a fresh random order (Fisher, Yates). */
export function permutation(bits: RandomBits): Sampler {
  return (order) => {
    const n = order.length;
    for (let k = 0; k < n; k++) {
      const j = Math.floor((bits() * (k + 1)) / 2 ** 32);
      order[k] = order[j]!;
      order[j] = k;
    }
  };
}

/**
 * Every row once a pass. Blocks of so many neighbours come in a fresh random order; some of them are open at a time, and a row is the
 * next one of an open block, any of them alike likely.
 *
 * @param size rows of a block
 * @param open blocks that are open at a time, up to 256
 */
export function blocks(bits: RandomBits, size: number, open: number): Sampler {
  const shuffle = permutation(bits);
  const next = new Int32Array(open);
  const end = new Int32Array(open);
  return (order, pass) => {
    const n = order.length;
    const queue = new Int32Array(Math.ceil(n / size));
    shuffle(queue, pass);
    let taken = 0;
    const begin = (k: number) => {
      const first = size * queue[taken++]!;
      next[k] = first;
      end[k] = Math.min(first + size, n);
    };
    let left = Math.min(open, queue.length);
    for (let k = 0; k < left; k++) begin(k);
    let step = 0;
    let word = 0;
    while (left > 1) {
      // Eight bits a row: exact for eight blocks, and to a twentieth for the last seven.
      if (step % 4 === 0) word = bits();
      const k = ((word & 255) * left) >> 8;
      word >>>= 8;
      const row = next[k]!;
      order[step++] = row;
      next[k] = row + 1;
      if (row + 1 < end[k]!) continue;
      if (taken < queue.length) begin(k);
      else {
        left--;
        next[k] = next[left]!;
        end[k] = end[left]!;
      }
    }
    for (;;) {
      for (let row = next[0]!; row < end[0]!; row++) order[step++] = row;
      if (taken === queue.length) return;
      begin(0);
    }
  };
}

/** Every row once a pass, in the order in which they stand. */
export const inOrder: Sampler = (order) => {
  for (let k = 0; k < order.length; k++) order[k] = k;
};

/**
 * Half of the draws uniform, half proportional to the masses, so that no row is drawn less than half as often as uniformly:
 * without the uniform half SAGA took 84 passes where it takes 29, since rows of small mass stayed out of date.
 */
export function mixed(bits: RandomBits, masses: Float64Array): { sampler: Sampler; importance: Float64Array } {
  const n = masses.length;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += masses[k]!;
  const share = new Float64Array(n);
  for (let k = 0; k < n; k++) share[k] = sum > 0 ? 0.5 + (0.5 * n * masses[k]!) / sum : 1;
  const table = new AliasTable(share);
  const importance = share;
  for (let k = 0; k < n; k++) importance[k] = 1 / share[k]!;
  return { sampler: (order) => table.fill(order, bits), importance };
}

/** A sampler of the caller's. What it puts into `order` is checked where it is used. */
export function filling(where: string, sampler: Sampler): Sampler {
  return (order, pass) => {
    const returned: unknown = sampler(order, pass);
    if (returned !== undefined && returned !== order)
      throw new TypeError(`${where}: order must fill the array that it is given`);
  };
}
