import type { Oracle } from "../oracle.js";
import type { Solver } from "../solver.js";
import { type BatchContext, difference, dot, Evaluations, finish, progressOf } from "./batch.js";

/** How many steps are remembered. */
const MEMORY = 10;

const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;
const MOST_TRIALS = 30;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/**
 * The limited-memory quasi-Newton method (Nocedal 1980; Nocedal, Wright, algorithms 7.4 and 7.5), from a diagonal that is the
 * inverse of the mean squares of the columns: columns in any units make no difference. The line search bisects for the weak
 * Wolfe conditions (Lewis, Overton 2013).
 */
export function* lbfgs({ oracle, plan }: BatchContext): Solver {
  const evaluations = new Evaluations(oracle);
  const diagonal = oracle.inverseCurvatures();
  const pairs: Pair[] = [];
  let w = oracle.point();
  let here = yield* evaluations.at(w);
  for (;;) {
    const norm = Math.sqrt(dot(here.gradient, here.gradient));
    yield progressOf(evaluations.count, here.value, norm);
    if (norm <= plan.tolerance || evaluations.count >= plan.passes) {
      return yield* finish(oracle, w, evaluations.count, plan);
    }
    const direction = descent(pairs, diagonal, here.gradient);
    const slope = dot(direction, here.gradient);
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let step = pairs.length === 0 ? firstStep(oracle, direction) : 1;
    let found: { point: Float64Array; value: number; gradient: Float64Array } | undefined;
    for (let trial = 0; trial < MOST_TRIALS && evaluations.count < plan.passes; trial++) {
      const point = w.slice();
      for (let k = 0; k < point.length; k++) point[k]! += step * direction[k]!;
      const there = yield* evaluations.at(point);
      // Near the minimum the values differ by rounding alone; then the slopes decide.
      const level = here.value + SUFFICIENT * step * slope + 1e-15 * Math.abs(here.value);
      const onward = dot(direction, there.gradient);
      if (!(there.value <= level)) high = step;
      else if (onward < CURVATURE * slope) low = step;
      else {
        found = { point, ...there };
        break;
      }
      if (there.value <= level) found = { point, ...there };
      step = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * step;
    }
    if (found === undefined) {
      if (pairs.length === 0) return yield* finish(oracle, w, evaluations.count, plan);
      pairs.length = 0;
      continue;
    }
    const moved = difference(found.point, w);
    const change = difference(found.gradient, here.gradient);
    const product = dot(moved, change);
    if (product > 1e-14 * Math.sqrt(dot(moved, moved) * dot(change, change))) {
      pairs.push({ step: moved, change, product });
      if (pairs.length > MEMORY) pairs.shift();
    }
    w = found.point;
    here = found;
  }
}

/** Minus the quasi-Newton matrix times the gradient, by the two loops. */
function descent(pairs: readonly Pair[], diagonal: Float64Array, gradient: Float64Array): Float64Array {
  const q = gradient.slice();
  const weights = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, product } = pairs[k]!;
    weights[k] = dot(step, q) / product;
    for (let j = 0; j < q.length; j++) q[j]! -= weights[k]! * change[j]!;
  }
  const last = pairs.at(-1);
  let scale = 1;
  if (last !== undefined) {
    let curved = 0;
    for (let j = 0; j < q.length; j++) curved += last.change[j]! * diagonal[j]! * last.change[j]!;
    scale = last.product / curved;
  }
  for (let j = 0; j < q.length; j++) q[j]! *= scale * diagonal[j]!;
  for (let k = 0; k < pairs.length; k++) {
    const { step, change, product } = pairs[k]!;
    const weight = weights[k]! - dot(change, q) / product;
    for (let j = 0; j < q.length; j++) q[j]! += weight * step[j]!;
  }
  for (let j = 0; j < q.length; j++) q[j] = -q[j]!;
  return q;
}

/** The diagonal bounds each column alone, not all of them together: the first step is cautious. */
function firstStep({ smoothness }: Oracle, direction: Float64Array): number {
  return Number.isFinite(smoothness) ? 1 : Math.min(1, 1 / Math.sqrt(dot(direction, direction)));
}
