// Elementary functions as polynomials: no tables, since kernels hold no data. Scalars so far; all in f64.

// @ts-ignore: decorator
@inline const LOG2_E: f64 = 1.4426950408889634;
// ln 2 in two parts, the first with 32 trailing zero bits, so that n * LN2_HIGH is exact.
// @ts-ignore: decorator
@inline const LN2_HIGH: f64 = 6.93147180369123816490e-1;
// @ts-ignore: decorator
@inline const LN2_LOW: f64 = 1.90821492927058770002e-10;

/**
 * e^x for |x| <= 700, within 1 ulp. x = n ln 2 + r with |r| <= ln(2)/2, and e^r is its Taylor polynomial of degree 13
 * (remainder 4e-18), evaluated in pairs for a short chain of dependent operations.
 */
// @ts-ignore: decorator
@inline
export function exp(x: f64): f64 {
  const n = nearest<f64>(x * LOG2_E);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const r2 = r * r;
  const r4 = r2 * r2;
  const r8 = r4 * r4;
  const p01 = 1.0 + r;
  const p23 = 1.0 / 2 + r * (1.0 / 6);
  const p45 = 1.0 / 24 + r * (1.0 / 120);
  const p67 = 1.0 / 720 + r * (1.0 / 5040);
  const p89 = 1.0 / 40320 + r * (1.0 / 362880);
  const pab = 1.0 / 3628800 + r * (1.0 / 39916800);
  const pcd = 1.0 / 479001600 + r * (1.0 / 6227020800);
  const low = p01 + r2 * p23 + r4 * (p45 + r2 * p67);
  const high = p89 + r2 * pab + r4 * pcd;
  return (low + r8 * high) * reinterpret<f64>((<i64>n + 1023) << 52);
}

/** atanh s for |s| <= 1/3: the odd series to s^33 (remainder 2e-18), in pairs for a short chain as above. */
// @ts-ignore: decorator
@inline
function atanhOf(s: f64): f64 {
  const z = s * s;
  const z2 = z * z;
  const z4 = z2 * z2;
  const p03 = 1.0 / 3 + z * (1.0 / 5) + z2 * (1.0 / 7 + z * (1.0 / 9));
  const p47 = 1.0 / 11 + z * (1.0 / 13) + z2 * (1.0 / 15 + z * (1.0 / 17));
  const p8b = 1.0 / 19 + z * (1.0 / 21) + z2 * (1.0 / 23 + z * (1.0 / 25));
  const pcf = 1.0 / 27 + z * (1.0 / 29) + z2 * (1.0 / 31 + z * (1.0 / 33));
  const sum = p03 + z4 * p47 + z4 * z4 * (p8b + z4 * pcf);
  return s + s * z * sum;
}

/** ln(1 + x) for 0 <= x <= 1, within 2 ulp: 2 atanh(x / (2 + x)). */
// @ts-ignore: decorator
@inline
export function log1p(x: f64): f64 {
  return 2.0 * atanhOf(x / (2.0 + x));
}

/** ln x for normal x > 0, within 2 ulp: x = 2^n m with m in [0.707, 1.414], and ln m = 2 atanh((m - 1) / (m + 1)). */
// @ts-ignore: decorator
@inline
export function log(x: f64): f64 {
  const bits = reinterpret<i64>(x) - 0x3fe6a09e00000000;
  const n = <f64>(bits >> 52);
  const m = reinterpret<f64>((bits & 0x000fffffffffffff) + 0x3fe6a09e00000000);
  return n * LN2_HIGH + (2.0 * atanhOf((m - 1.0) / (m + 1.0)) + n * LN2_LOW);
}
