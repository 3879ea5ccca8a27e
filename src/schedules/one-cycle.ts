import {
  atLeastOne,
  belowOne,
  checkBoolean,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  type Interval,
  nonNegative,
} from "../check.js";
import { cosineBetween } from "./cosine.js";
import { linearBetween } from "./polynomial.js";
import type { Schedule } from "./schedule.js";

export interface OneCycleOptions {
  /** The greatest rate, >= 0. */
  readonly peak: number;
  /** The length of the cycle, >= 1: the last rate belongs to step `steps - 1` and is kept after it. */
  readonly steps: number;
  /** The part of the steps that the rise takes, in [0, 1), with three phases in [0, 0.5]. Default 0.3. */
  readonly riseFraction?: number;
  /** The first rate is `peak / initialDivisor`, >= 1. Default 25. */
  readonly initialDivisor?: number;
  /** The last rate is the first one over `finalDivisor`, >= 1. Default 10000. */
  readonly finalDivisor?: number;
  /** The curve of every phase. Default "cosine". */
  readonly annealing?: "cosine" | "linear";
  /** Whether to fall as fast as it rose, to the first rate, before going to the last. Default false. */
  readonly threePhase?: boolean;
}

interface Phase {
  /** Where the phase ends, not always a whole step; it starts where the one before ends, the first one at 0. */
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

const known = ["peak", "steps", "riseFraction", "initialDivisor", "finalDivisor", "annealing", "threePhase"];
const upToHalf: Interval = { from: 0, to: 0.5 };

/**
 * One rise to a great rate and one long fall far below the first:
 *
 * ```math
 * first = peak / initialDivisor
 * last = first / finalDivisor
 * rise = riseFraction steps - 1
 * rate(t) = first -> peak       for t in [0, rise]
 * rate(t) = peak -> last        for t in [rise, steps - 1]
 * ```
 *
 * each along half a cosine or a line; with three phases from first to peak and back to first for t in [0, rise, 2 rise], then
 * to last. A rise of less than a step is
 * left out: the cycle then starts near the peak.
 *
 * @param options see `OneCycleOptions`
 * @throws TypeError or RangeError for values out of range
 * @example oneCycle({ peak: 0.1, steps: 100 })(29) // 0.1
 * @see Smith, Topin, "Super-Convergence", 2018; the conventions and defaults are those of PyTorch's OneCycleLR without
 *   its cycling of the momentum
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const where = "oneCycle";
  checkOptions(where, options, known);
  const { peak, steps, riseFraction = 0.3, initialDivisor = 25, finalDivisor = 1e4 } = options;
  const { annealing = "cosine", threePhase = false } = options;
  checkNumber(where, "peak", peak, nonNegative);
  checkInteger(where, "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkBoolean(where, "threePhase", threePhase);
  checkNumber(where, "riseFraction", riseFraction, threePhase ? upToHalf : belowOne);
  checkNumber(where, "initialDivisor", initialDivisor, atLeastOne);
  checkNumber(where, "finalDivisor", finalDivisor, atLeastOne);
  const curve =
    checkOneOf(where, "annealing", annealing, ["cosine", "linear"]) === "cosine" ? cosineBetween : linearBetween;

  const first = peak / initialDivisor;
  const last = steps - 1;
  const rise = riseFraction * steps - 1;
  const fall: Phase[] = threePhase ? [{ end: 2 * rise, from: peak, to: first }] : [];
  const phases = [
    { end: rise, from: first, to: peak },
    ...fall,
    { end: last, from: threePhase ? first : peak, to: first / finalDivisor },
  ];
  return (step) => {
    const t = Math.min(step, last);
    let start = 0;
    for (const { end, from, to } of phases) {
      if (t <= end && end > start) return curve(from, to, t - start, end - start);
      start = end;
    }
    return first / finalDivisor;
  };
}
