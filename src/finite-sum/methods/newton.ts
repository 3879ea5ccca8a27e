import { SampledHessian } from "../hessian.js";
import type { LinearModel } from "../model.js";
import type { Solver } from "../solver.js";
import { addTo, dot, norm } from "../vectors.js";
import { type BatchContext, Evaluations, progressOf } from "./batch.js";
import { firstStep, searchLine } from "./wolfe.js";

/** How far the conjugate gradients bring the residual down: further, and most would go into a Hessian that changes anyway. */
const ACCURACY = 0.15;
const MOST_PRODUCTS = 100;

/** Where flat rows leave equations without a solution the residual grows without end; the way so far leads down. */
const LOST = 100;

/** Steps that leave more of the gradient than this ask for a Hessian of more rows. */
const SLOW = 0.7;

/**
 * Newton's method: gradients of all rows, Hessians of a part of them (Byrd, Chin, Neveitt, Nocedal 2011), whose equations
 * conjugate gradients solve approximately, preconditioned by the diagonal.
 */
export function* newton({ oracle, plan }: BatchContext): Solver {
  // Several outputs have been refused: see `obstacle` in ../choose.ts.
  const hessian = new SampledHessian(oracle as LinearModel);
  const evaluations = new Evaluations(oracle, "curvatures");
  const passes = () => Math.ceil(evaluations.count + hessian.passes);
  const passesLeft = () => plan.passes - passes();
  try {
    let here = yield* evaluations.at(oracle.point());
    for (;;) {
      const gradientNorm = norm(here.gradient);
      yield progressOf(passes(), here.value, gradientNorm);
      if (gradientNorm <= plan.tolerance || passesLeft() <= 0) {
        return yield* evaluations.finish(here.point, passes(), plan);
      }
      const { direction, flat } = yield* descent(hessian, here.gradient, passesLeft);
      evaluations.forget();
      const found = yield* searchLine(
        evaluations,
        here,
        direction,
        flat ? firstStep(oracle, direction) : 1,
        passesLeft,
      );
      if (found === undefined) return yield* evaluations.finish(here.point, passes(), plan);
      if (norm(found.gradient) > SLOW * gradientNorm) hessian.grow();
      here = found;
    }
  } finally {
    hessian.dispose();
  }
}

/** About minus the inverse of the Hessian times the gradient; `flat` where the Hessian is 0 along the gradient. */
function* descent(
  hessian: SampledHessian,
  gradient: Float64Array,
  passesLeft: () => number,
): Generator<undefined, { direction: Float64Array; flat: boolean }, void> {
  const inverse = (yield* hessian.diagonal()).map((d) => (d > 0 ? 1 / d : 1));
  const direction = new Float64Array(gradient.length);
  const residual = gradient.map((g) => -g);
  const scaled = residual.map((r, k) => r * inverse[k]!);
  const search = scaled.slice();
  let square = dot(residual, scaled);
  const first = square;
  const goal = ACCURACY * ACCURACY * first;
  for (let round = 0; round < MOST_PRODUCTS; round++) {
    const product = yield* hessian.times(search);
    const curvature = dot(search, product);
    if (!(curvature > 0)) return round === 0 ? { direction: search, flat: true } : { direction, flat: false };
    const step = square / curvature;
    addTo(direction, step, search);
    addTo(residual, -step, product);
    for (let k = 0; k < scaled.length; k++) scaled[k] = residual[k]! * inverse[k]!;
    const before = square;
    square = dot(residual, scaled);
    if (square <= goal || square > LOST * first || passesLeft() <= 0) break;
    for (let k = 0; k < search.length; k++) search[k] = scaled[k]! + (square / before) * search[k]!;
  }
  return { direction, flat: false };
}
