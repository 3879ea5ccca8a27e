// Powers with real exponents, of sums and products only: these round alike on every engine, which `**`, `Math.exp` and
// `Math.log` don't. Within a few units in the last place.

/** e^x for x <= 0. */
export function exponential(x: number): number {
  if (x < -745) return 0;
  // exp(y)^(2^10) for y = x / 2^10, by the series of exp(y) - 1: q -> q (2 + q) squares 1 + q.
  const y = x / 1024;
  let q = 0;
  for (let k = 12; k >= 1; k--) q = (y / k) * (1 + q);
  for (let k = 0; k < 10; k++) q *= 2 + q;
  return 1 + q;
}

/** ln x for x > 0: x = m 2^k with m next to 1, and ln m = 2 artanh((m - 1) / (m + 1)). */
export function logarithm(x: number): number {
  let m = x;
  let k = 0;
  for (; m > Math.SQRT2; k++) m /= 2;
  for (; m < Math.SQRT1_2; k--) m *= 2;
  const z = (m - 1) / (m + 1);
  let sum = 0;
  for (let j = 23; j >= 1; j -= 2) sum = 1 / j + z * z * sum;
  return k * Math.LN2 + 2 * z * sum;
}

/** t^-exponent for t >= 1 and an exponent >= 0. */
export function negativePower(t: number, exponent: number): number {
  return exponential(-exponent * logarithm(t));
}
