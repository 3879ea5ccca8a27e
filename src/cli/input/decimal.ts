const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const UPPER_E = 69;
const LOWER_E = 101;

/** Below this, one more digit leaves an integer that a double holds exactly. */
const EXACT = 2 ** 53 / 10 - 1;

/** 10^0 to 10^22: the powers that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/**
 * The decimal number in bytes[start], ..., bytes[end - 1], correctly rounded; NaN if there is none. Where the digits
 * without the point and the power of ten are both exact, one division or product rounds once (Clinger 1990); all else
 * goes through `Number`.
 */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  let k = start;
  const negative = bytes[k] === MINUS;
  if (negative || bytes[k] === PLUS) k++;
  let digits = 0;
  let mantissa = 0;
  let exponent = 0;
  let exact = true;
  for (let seen = false; k < end; k++) {
    const byte = bytes[k]!;
    if (byte >= ZERO && byte <= NINE) {
      exact &&= mantissa <= EXACT;
      mantissa = 10 * mantissa + (byte - ZERO);
      digits++;
      if (seen) exponent--;
    } else if (byte === POINT && !seen) seen = true;
    else break;
  }
  if (digits === 0) return Number.NaN;
  if (k < end) {
    const byte = bytes[k]!;
    if (byte !== LOWER_E && byte !== UPPER_E) return Number.NaN;
    const power = integer(bytes, k + 1, end);
    if (Number.isNaN(power)) return Number.NaN;
    exponent += power;
  }
  if (!exact || exponent < -22 || exponent > 22) return Number(text(bytes, start, end));
  const size = exponent < 0 ? mantissa / POWERS[-exponent]! : mantissa * POWERS[exponent]!;
  return negative ? -size : size;
}

/** An integer with or without a sign; NaN if there is none. */
export function integer(bytes: Uint8Array, start: number, end: number): number {
  let k = start;
  const negative = bytes[k] === MINUS;
  if (negative || bytes[k] === PLUS) k++;
  if (k >= end) return Number.NaN;
  let value = 0;
  for (; k < end; k++) {
    const byte = bytes[k]!;
    if (byte < ZERO || byte > NINE) return Number.NaN;
    value = 10 * value + (byte - ZERO);
  }
  return negative ? -value : value;
}

/** The bytes as characters, for the errors and for `Number`. */
export function text(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}
