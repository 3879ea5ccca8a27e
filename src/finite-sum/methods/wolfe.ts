import type { Oracle } from "../oracle.js";
import { dot, sumOf } from "../vectors.js";
import type { Evaluations, Place } from "./batch.js";

const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;
const MOST_TRIALS = 30;

/**
 * A step along a descent direction that meets the weak Wolfe conditions, by bisection (Lewis, Overton 2013); the last that
 * brought the value down where the passes run out before, undefined where none did, or none of the first `trials`.
 */
export function* searchLine(
  evaluations: Evaluations,
  here: Place,
  direction: Float64Array,
  first: number,
  passesLeft: () => number,
  trials = MOST_TRIALS,
): Generator<undefined, Place | undefined, void> {
  const slope = dot(direction, here.gradient);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let step = first;
  let found: Place | undefined;
  for (let trial = 0; trial < (found ? MOST_TRIALS : trials) && passesLeft() > 0; trial++) {
    const there = yield* evaluations.at(sumOf(here.point, step, direction));
    // Near the minimum the values differ by rounding alone; then the slopes decide.
    const level = here.value + SUFFICIENT * step * slope + 1e-15 * Math.abs(here.value);
    const falls = there.value <= level;
    if (falls) found = there;
    if (!falls) high = step;
    else if (dot(direction, there.gradient) < CURVATURE * slope) low = step;
    else break;
    step = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * step;
  }
  return found;
}

/** A first step for a direction that bounds each column alone, not all of them together: it is cautious. */
export function firstStep({ smoothness }: Oracle, direction: Float64Array): number {
  return Number.isFinite(smoothness) ? 1 : Math.min(1, 1 / Math.sqrt(dot(direction, direction)));
}
