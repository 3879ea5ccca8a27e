/**
 * base^exponent. Integer exponents >= 0 go by squaring: that is multiplication only and gives the same bits on every
 * engine, where `**` may differ in the last places.
 */
export function power(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || exponent < 0) return base ** exponent;
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
