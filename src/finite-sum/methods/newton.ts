import { SampledHessian } from "../hessian.js";
import type { LinearModel } from "../model.js";
import type { Solver } from "../solver.js";
import { addTo, dot, norm } from "../vectors.js";
import { type BatchContext, Evaluations, type Place, progressOf } from "./batch.js";
import { Damping } from "./damping.js";
import { firstStep, searchLine } from "./wolfe.js";

/** How far the conjugate gradients bring the residual down: further, and most would go into a Hessian that changes anyway. */
const ACCURACY = 0.15;
const FINEST = 1e-3;
const MOST_PRODUCTS = 100;

/** Where flat rows leave equations without a solution the residual grows without end; the way so far leads down. */
const LOST = 100;

/** Steps that leave more of the gradient than this ask for a Hessian of more rows. */
const SLOW = 0.7;

/** A step of which not even a quarter brings the value down is from rows that are unlike the rest. */
const TRIALS = 3;

/** From here on the model of a step is right, and it is the equations that have been solved too roughly. */
const RIGHT = 0.75;

/** Decreases below this share of the value are rounding. */
const ROUNDING = 1e-12;

/**
 * Newton's method: gradients of all rows, Hessians of a part of them (Byrd, Chin, Neveitt, Nocedal 2011), whose equations
 * conjugate gradients solve approximately, preconditioned by the diagonal. What steps bring beside what they promise says
 * whether to take more rows, to damp or to solve more exactly.
 */
export function* newton({ oracle, plan }: BatchContext): Solver {
  // Several outputs have been refused: see `obstacle` in ../choose.ts.
  const hessian = new SampledHessian(oracle as LinearModel);
  const damping = new Damping(oracle);
  const evaluations = new Evaluations(oracle, "curvatures");
  const passes = () => Math.ceil(evaluations.count + hessian.passes);
  const passesLeft = () => plan.passes - passes();
  let accuracy = ACCURACY;
  try {
    let here = yield* evaluations.at(oracle.point());
    for (;;) {
      const gradientNorm = norm(here.gradient);
      yield progressOf(passes(), here.value, gradientNorm);
      if (gradientNorm <= plan.tolerance || passesLeft() <= 0) {
        return yield* evaluations.finish(here.point, passes(), plan);
      }
      const { direction, flat } = yield* descent(hessian, damping, here.gradient, accuracy, passesLeft);
      evaluations.forget();
      const found = yield* searchLine(
        evaluations,
        here,
        direction,
        flat ? firstStep(oracle, direction) : 1,
        passesLeft,
        hessian.whole ? undefined : TRIALS,
      );
      if (found === undefined) {
        if (hessian.whole || passesLeft() <= 0) return yield* evaluations.finish(here.point, passes(), plan);
        hessian.takeAll();
        // The curvatures that the rows have kept are those of the last trial.
        here = yield* evaluations.at(here.point);
        continue;
      }
      const agreement = flat ? 1 : agreementOf(here, direction, found);
      damping.adapt(agreement);
      if (norm(found.gradient) > SLOW * gradientNorm) {
        if (!hessian.whole) hessian.grow();
        else if (agreement > RIGHT) accuracy = Math.max(accuracy / 2, FINEST);
      }
      here = found;
    }
  } finally {
    hessian.dispose();
  }
}

/** The decrease that a step has brought over the one that the model promised: half the slope, as the direction is from its equations. */
function agreementOf(here: Place, direction: Float64Array, found: Place): number {
  const promised = -dot(direction, here.gradient) / 2;
  return promised > ROUNDING * Math.abs(here.value) ? (here.value - found.value) / promised : 1;
}

/** About minus the inverse of the Hessian times the gradient; `flat` where the Hessian is 0 along the gradient. */
function* descent(
  hessian: SampledHessian,
  damping: Damping,
  gradient: Float64Array,
  accuracy: number,
  passesLeft: () => number,
): Generator<undefined, { direction: Float64Array; flat: boolean }, void> {
  const diagonal = yield* hessian.diagonal();
  damping.addProduct(new Float64Array(diagonal.length).fill(1), diagonal);
  const inverse = diagonal.map((d) => (d > 0 ? 1 / d : 1));
  const direction = new Float64Array(gradient.length);
  const residual = gradient.map((g) => -g);
  const scaled = residual.map((r, k) => r * inverse[k]!);
  const search = scaled.slice();
  let square = dot(residual, scaled);
  const first = square;
  const goal = accuracy * accuracy * first;
  for (let round = 0; round < MOST_PRODUCTS; round++) {
    const product = yield* hessian.times(search);
    damping.addProduct(search, product);
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
