/** Uniform in [0, 1) from a seed: xorshift32 (Marsaglia 2003). Every run measures the same numbers. */
export function uniformFrom(seed) {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Standard normal, by the polar method. */
export function gaussianFrom(seed) {
  const uniform = uniformFrom(seed);
  return () => {
    for (;;) {
      const a = 2 * uniform() - 1;
      const b = 2 * uniform() - 1;
      const square = a * a + b * b;
      if (square > 0 && square < 1) return a * Math.sqrt((-2 * Math.log(square)) / square);
    }
  };
}
