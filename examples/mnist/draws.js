// Random rows. A sampler made from the same seed draws the same rows, so that two runs can be compared step by step.

/** @typedef {(order: Int32Array) => void} Sampler fills `order` with numbers from 0 to `order.length - 1` */

/**
 * Every step any row.
 * @param {number} seed
 * @returns {Sampler}
 */
export function withReplacement(seed) {
  const below = integers(seed);
  return (order) => {
    for (let k = 0; k < order.length; k++) order[k] = below(order.length);
  };
}

/**
 * Every row once, shuffled.
 * @param {number} seed
 * @returns {Sampler}
 */
export function shuffled(seed) {
  const below = integers(seed);
  return (order) => {
    for (let k = 0; k < order.length; k++) {
      const j = below(k + 1);
      order[k] = order[j];
      order[j] = k;
    }
  };
}

/**
 * Random integers from 0 to `bound - 1`.
 * @param {number} seed not 0
 * @returns {(bound: number) => number}
 */
function integers(seed) {
  const real = reals(seed);
  return (bound) => Math.floor(real() * bound);
}

/**
 * Random numbers from 0 to 1, without 1: xorshift32 (Marsaglia 2003).
 * @param {number} seed not 0
 * @returns {() => number}
 */
export function reals(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
