import type { Solver } from "../solver.js";
import { difference, dot } from "../vectors.js";
import { type BatchContext, Evaluations, mappingNorm, type Place, progressOf } from "./batch.js";
import { Metric } from "./metric.js";

/** How many steps are checked at first, and every how many later: a check costs a pass. */
const CHECKED = 6;
const RARELY = 10;

/**
 * Proximal gradient descent, and the accelerated kind (Beck, Teboulle 2009) that starts anew where its momentum points uphill
 * (O'Donoghue, Candes 2015), with L found by backtracking: w <- prox(y - gradient(y) / L), y = w + momentum (w - w before).
 */
export function proximalGradient(accelerated: boolean) {
  return function* ({ oracle, plan }: BatchContext): Solver {
    const { regularizer } = oracle;
    const evaluations = new Evaluations(oracle);
    let w = oracle.point();
    regularizer.prox(w, 0);
    let y = w;
    let momentum = 1;
    let before: Place | undefined;
    const even = accelerated && plan.stepSize === undefined && regularizer.separable;
    const metric = even ? Metric.even(oracle) : Metric.plain(oracle);
    let smoothness = firstSmoothness(plan.stepSize, metric.smoothness, accelerated);
    for (let step = 0; ; step++) {
      const here = yield* evaluations.at(y);
      smoothness = Math.max(smoothness, seen(metric, here, before));
      before = here;
      const norm = mappingNorm(oracle, y, here.gradient);
      const objective = here.value + regularizer.value(y) - halfSquares(oracle, y);
      yield progressOf(evaluations.count, objective, norm);
      if (norm <= plan.tolerance || evaluations.count >= plan.passes || !Number.isFinite(here.value)) {
        return yield* evaluations.finish(y, evaluations.count, plan);
      }
      const checks = plan.stepSize === undefined && (step < CHECKED || step % RARELY === 0);
      let next = metric.step(y, here.gradient, smoothness);
      if (checks) {
        if (step >= CHECKED) smoothness *= 0.7;
        next = metric.step(y, here.gradient, smoothness);
        for (;;) {
          const tried = difference(next, y);
          const model = here.value + dot(here.gradient, tried) + (smoothness / 2) * metric.dot(tried, tried);
          const there = yield* evaluations.at(next);
          if (there.value <= model + 1e-14 * Math.abs(model) || evaluations.count >= plan.passes) break;
          smoothness *= 2;
          next = metric.step(y, here.gradient, smoothness);
        }
      }
      const moved = difference(next, w);
      const uphill = metric.dot(difference(y, next), moved) > 0;
      const after = uphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
      const carried = accelerated && !uphill ? (momentum - 1) / after : 0;
      momentum = after;
      y = next.slice();
      for (let k = 0; k < y.length; k++) y[k]! += carried * moved[k]!;
      w = next;
    }
  };
}

/** The bound is what the trace says; the true L of many columns is far below it, and backtracking finds it from there. */
function firstSmoothness(stepSize: number | undefined, bound: number, accelerated: boolean): number {
  if (stepSize !== undefined) return 1 / stepSize;
  if (!Number.isFinite(bound)) return 1;
  return bound > 0 ? bound / (accelerated ? 8 : 4) : 1;
}

/** The curvature between two points: L is at least that. */
function seen(metric: Metric, here: Place, before: Place | undefined): number {
  if (before === undefined) return 0;
  const moved = difference(here.point, before.point);
  const squares = metric.dot(moved, moved);
  return squares > 0 ? dot(difference(here.gradient, before.gradient), moved) / squares : 0;
}

/** l2/2 |w|^2, which is in the smooth part already. */
function halfSquares({ regularizer }: BatchContext["oracle"], w: Float64Array): number {
  const gradient = new Float64Array(w.length);
  regularizer.addGradient(w, gradient);
  return dot(gradient, w) / 2;
}
