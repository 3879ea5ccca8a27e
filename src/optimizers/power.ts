/**
 * base^exponent for a whole exponent >= 0, by repeated squaring. Multiplication rounds alike on every engine, and `**`
 * does not: 0.9 ** 100 differs by 18 units in the last place between V8 and JavaScriptCore, and with it Adam's steps.
 */
export function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}
