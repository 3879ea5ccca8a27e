import type { Solver } from "../solver.js";
import { difference, dot } from "../vectors.js";
import { type BatchContext, Evaluations, mappingNorm, progressOf } from "./batch.js";

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
    let smoothness = firstSmoothness(plan.stepSize, oracle.smoothness + regularizer.greatestL2, accelerated);
    for (let step = 0; ; step++) {
      const here = yield* evaluations.at(y);
      const norm = mappingNorm(oracle, y, here.gradient);
      const objective = here.value + regularizer.value(y) - halfSquares(oracle, y);
      yield progressOf(evaluations.count, objective, norm);
      if (norm <= plan.tolerance || evaluations.count >= plan.passes || !Number.isFinite(here.value)) {
        return yield* evaluations.finish(y, evaluations.count, plan);
      }
      const checks = plan.stepSize === undefined && (step < CHECKED || step % RARELY === 0);
      let next = proximalStep(oracle, y, here.gradient, smoothness);
      if (checks) {
        if (step >= CHECKED) smoothness *= 0.7;
        next = proximalStep(oracle, y, here.gradient, smoothness);
        for (;;) {
          const tried = difference(next, y);
          const model = here.value + dot(here.gradient, tried) + (smoothness / 2) * dot(tried, tried);
          const there = yield* evaluations.at(next);
          if (there.value <= model + 1e-14 * Math.abs(model) || evaluations.count >= plan.passes) break;
          smoothness *= 2;
          next = proximalStep(oracle, y, here.gradient, smoothness);
        }
      }
      const moved = difference(next, w);
      const uphill = dot(difference(y, next), moved) > 0;
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

function proximalStep(
  { regularizer }: BatchContext["oracle"],
  y: Float64Array,
  gradient: Float64Array,
  smoothness: number,
): Float64Array {
  const next = new Float64Array(y.length);
  for (let k = 0; k < y.length; k++) next[k] = y[k]! - gradient[k]! / smoothness;
  regularizer.prox(next, 1 / smoothness);
  return next;
}

/** l2/2 |w|^2, which is in the smooth part already. */
function halfSquares({ regularizer }: BatchContext["oracle"], w: Float64Array): number {
  const gradient = new Float64Array(w.length);
  regularizer.addGradient(w, gradient);
  return dot(gradient, w) / 2;
}
