// SDCA and Finito on dense rows: coordinates of the dual, one a row.
//
// The residual of a row is s_i g_i, its weight times its dual variable, with the sign of a derivative; the weights follow
// from all of them:
//   z = - scale sum_i s_i g_i x_i,  scale = 1 / (l2 n);   w = z less what lies of it within `thresholds`, l1 / l2
//
// For each row i of `order`:   p = x_i.w + b;   q = s_i (scale |x_i|^2 + interceptScale)
//   SDCA (relaxation 0):  g' = what maximises the dual along this coordinate, see ./loss.ts
//   Finito:               g' = (1 - relaxation) g_i + relaxation l'(p)
//   g_i <- g';  z <- z - scale s_i (g' - g_i) x_i;  b <- b - interceptScale s_i (g' - g_i)
//
// Shalev-Shwartz, Zhang 2013 and 2014; Defazio, Domke, Caetano 2014, whose table is this one for linear models. interceptScale
// is that of a quadratic around the intercept that the caller moves along.

import { QUAD, VECTOR, bytes, checkArray, multiplyAdd, splat, sumLanes, zero } from "../simd/lanes";
import { rowAt, touchRows } from "./dense-rows";
import { derivative, dualStep } from "./loss";
import { INTERCEPT, INTERCEPT_GRADIENT, label, nextFactors, record, residual, setResidual, weightOf } from "./state";

/** z less what lies of it within the threshold. */
// @ts-ignore: decorator
@inline
function shrunk<T>(z: v128, threshold: v128): v128 {
  // @ts-ignore: T is f32 or f64, which TypeScript can't be told
  return v128.sub<T>(z, v128.pmax<T>(v128.pmin<T>(z, threshold), v128.neg<T>(threshold)));
}

// @ts-ignore: decorator
@inline
function weightLanes<T>(z: usize, thresholds: usize, shrinks: bool): v128 {
  const free = v128.load(z);
  return shrinks ? shrunk<T>(free, v128.load(thresholds)) : free;
}

/** x.w, as `product` of ./dense-rows.ts has it. */
function prediction<T>(columns: i32, x: usize, z: usize, thresholds: usize): f64 {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  const end = x + bytes<T>(columns);
  const shrinks = thresholds != 0;
  if (x < end) do {
    a0 = multiplyAdd<T>(v128.load(x), weightLanes<T>(z, thresholds, shrinks), a0);
    a1 = multiplyAdd<T>(v128.load(x + VECTOR), weightLanes<T>(z + VECTOR, thresholds + VECTOR, shrinks), a1);
    a2 = multiplyAdd<T>(v128.load(x + 2 * VECTOR), weightLanes<T>(z + 2 * VECTOR, thresholds + 2 * VECTOR, shrinks), a2);
    a3 = multiplyAdd<T>(v128.load(x + 3 * VECTOR), weightLanes<T>(z + 3 * VECTOR, thresholds + 3 * VECTOR, shrinks), a3);
    x += QUAD;
    z += QUAD;
    thresholds += QUAD;
  } while (x < end);
  return sumLanes<T>(v128.add<T>(v128.add<T>(a0, a1), v128.add<T>(a2, a3)));
}

// @ts-ignore: decorator
@inline
function squaredNorm<T>(columns: i32, x: usize): f64 {
  let a0 = zero(), a1 = zero();
  const end = x + bytes<T>(columns);
  if (x < end) do {
    const x0 = v128.load(x), x1 = v128.load(x + VECTOR), x2 = v128.load(x + 2 * VECTOR), x3 = v128.load(x + 3 * VECTOR);
    a0 = multiplyAdd<T>(x0, x0, multiplyAdd<T>(x2, x2, a0));
    a1 = multiplyAdd<T>(x1, x1, multiplyAdd<T>(x3, x3, a1));
    x += QUAD;
  } while (x < end);
  return sumLanes<T>(v128.add<T>(a0, a1));
}

/** z <- z + change x */
// @ts-ignore: decorator
@inline
function add<T>(columns: i32, x: usize, z: usize, change: T): void {
  const c = splat<T>(change);
  const end = x + bytes<T>(columns);
  if (x < end) do {
    v128.store(z, multiplyAdd<T>(c, v128.load(x), v128.load(z)));
    v128.store(z + VECTOR, multiplyAdd<T>(c, v128.load(x + VECTOR), v128.load(z + VECTOR)));
    v128.store(z + 2 * VECTOR, multiplyAdd<T>(c, v128.load(x + 2 * VECTOR), v128.load(z + 2 * VECTOR)));
    v128.store(z + 3 * VECTOR, multiplyAdd<T>(c, v128.load(x + 3 * VECTOR), v128.load(z + 3 * VECTOR)));
    x += QUAD;
    z += QUAD;
  } while (x < end);
}

// @ts-ignore: decorator
@inline
function sdcaDense<T>(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  z: usize, thresholds: usize, loss: i32, parameter: f64, scale: f64, interceptScale: f64, relaxation: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<T>(columns, z);
  assert((bytes<T>(columns) & (QUAD - 1)) == 0, "columns must fill whole lines of 64 bytes");
  assert(burst >= 0, "burst must not be negative");
  let intercept = load<f64>(state, INTERCEPT);
  let interceptSum = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0;) {
    const count = burst ? min(burst, left) : left;
    left -= count;
    if (burst) touchRows<T>(count, order, rows, columns, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const x = rowAt<T>(rows, columns, row);
      const own = record<T>(table, row);
      const weight = weightOf(factors);
      const p = prediction<T>(columns, x, z, thresholds) + intercept;
      const stored = residual<T>(own);
      const g = weight > 0.0 ? stored / weight : 0.0;
      const next = relaxation > 0.0
        ? g + relaxation * (derivative(loss, p, label<T>(own), parameter) - g)
        : dualStep(loss, g, p, label<T>(own), weight * (scale * squaredNorm<T>(columns, x) + interceptScale), parameter);
      setResidual<T>(own, <T>(weight * next));
      const change = residual<T>(own) - stored;
      add<T>(columns, x, z, <T>(-scale * change));
      intercept -= interceptScale * change;
      interceptSum += change;
      factors = nextFactors(factors);
    }
  }
  store<f64>(state, intercept, INTERCEPT);
  store<f64>(state, interceptSum, INTERCEPT_GRADIENT);
}

export function sdcaDense_f32(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  z: usize, thresholds: usize, loss: i32, parameter: f64, scale: f64, interceptScale: f64, relaxation: f64,
): void {
  sdcaDense<f32>(
    steps, order, factors, burst, rows, columns, table, state, z, thresholds, loss, parameter, scale, interceptScale,
    relaxation,
  );
}

export function sdcaDense_f64(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  z: usize, thresholds: usize, loss: i32, parameter: f64, scale: f64, interceptScale: f64, relaxation: f64,
): void {
  sdcaDense<f64>(
    steps, order, factors, burst, rows, columns, table, state, z, thresholds, loss, parameter, scale, interceptScale,
    relaxation,
  );
}
