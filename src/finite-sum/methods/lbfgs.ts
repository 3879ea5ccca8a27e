import type { Solver } from "../solver.js";
import { difference, dot, norm } from "../vectors.js";
import { type BatchContext, Evaluations, progressOf } from "./batch.js";
import { firstStep, searchLine } from "./wolfe.js";

/** How many steps are remembered. */
const MEMORY = 10;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/**
 * The limited-memory quasi-Newton method (Nocedal 1980; Nocedal, Wright, algorithms 7.4 and 7.5), from a diagonal that is the
 * inverse of the mean squares of the columns: columns in any units make no difference.
 */
export function* lbfgs({ oracle, plan }: BatchContext): Solver {
  const evaluations = new Evaluations(oracle);
  const passesLeft = () => plan.passes - evaluations.count;
  const diagonal = oracle.inverseCurvatures();
  const pairs: Pair[] = [];
  let here = yield* evaluations.at(oracle.point());
  for (;;) {
    const gradientNorm = norm(here.gradient);
    yield progressOf(evaluations.count, here.value, gradientNorm);
    if (gradientNorm <= plan.tolerance || passesLeft() <= 0) {
      return yield* evaluations.finish(here.point, evaluations.count, plan);
    }
    const direction = descent(pairs, diagonal, here.gradient);
    const step = pairs.length === 0 ? firstStep(oracle, direction) : 1;
    const found = yield* searchLine(evaluations, here, direction, step, passesLeft);
    if (found === undefined) {
      if (pairs.length === 0) return yield* evaluations.finish(here.point, evaluations.count, plan);
      pairs.length = 0;
      continue;
    }
    const moved = difference(found.point, here.point);
    const change = difference(found.gradient, here.gradient);
    const product = dot(moved, change);
    if (product > 1e-14 * norm(moved) * norm(change)) {
      pairs.push({ step: moved, change, product });
      if (pairs.length > MEMORY) pairs.shift();
    }
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
