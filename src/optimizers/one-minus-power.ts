/**
 * 1 - base^exponent for base in [0, 1) and a whole exponent >= 0, as bias corrections need it.
 *
 * Powers are repeated products, since these round alike on every engine and `**` does not: 0.9 ** 100 differs by 18
 * units in the last place between V8 and JavaScriptCore. And the difference is never taken of numbers near 1:
 * with q = 1 - p, squaring p turns q into q (1 + p), and one more factor turns it into q base + (1 - base).
 */
export function oneMinusPower(base: number, exponent: number): number {
  let p = 1;
  let q = 0;
  for (let bit = 2 ** Math.floor(Math.log2(exponent + 1)); bit >= 1; bit /= 2) {
    q *= 1 + p;
    p *= p;
    if (Math.floor(exponent / bit) % 2 === 1) {
      q = q * base + (1 - base);
      p *= base;
    }
  }
  return q;
}
