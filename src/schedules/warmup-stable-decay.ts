import { checkInteger, checkNumber, checkOneOf, checkOptions, nonNegative } from "../check.js";
import { cosineBetween } from "./cosine.js";
import { linearBetween } from "./polynomial.js";
import type { Schedule } from "./schedule.js";
import { warmup } from "./warmup.js";

export interface WarmupStableDecayOptions {
  /** The rate between rise and fall, >= 0. */
  readonly peak: number;
  /** Steps of the rise, >= 0. */
  readonly warmup: number;
  /** Steps at the peak, >= 0. */
  readonly stable: number;
  /** Steps of the fall, >= 1. */
  readonly decay: number;
  /** The rate after the fall, >= 0. Default 0. */
  readonly final?: number;
  /** The fall, over u = 0 ... 1: "linear" is 1 - u, "cosine" (1 + cos(pi u)) / 2, "squareRoot" 1 - sqrt(u). Default "linear". */
  readonly shape?: "linear" | "cosine" | "squareRoot";
}

const shapes = {
  linear: linearBetween,
  cosine: cosineBetween,
  squareRoot: (start: number, end: number, position: number, length: number) =>
    linearBetween(start, end, Math.sqrt(position / length), 1),
};

/**
 * A rise, a plateau, and a fall that can be put off until it is known when training ends:
 *
 * ```math
 * rate(t) = peak (t + 1) / (warmup + 1)       for t < warmup
 * rate(t) = peak                              for t < warmup + stable
 * u = min(1, (t - warmup - stable) / decay)
 * rate(t) = final + (peak - final) shape(u)   afterwards
 * ```
 *
 * @param options see `WarmupStableDecayOptions`
 * @throws TypeError or RangeError for values out of range
 * @example warmupStableDecay({ peak: 0.4, warmup: 10, stable: 50, decay: 20 })(70) // 0.2
 * @see Hu et al., "MiniCPM", 2024; Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training
 *   Durations", 2024, for the square root
 */
export function warmupStableDecay(options: WarmupStableDecayOptions): Schedule {
  const where = "warmupStableDecay";
  checkOptions(where, options, ["peak", "warmup", "stable", "decay", "final", "shape"]);
  const { peak, warmup: rise, stable, decay, final = 0, shape = "linear" } = options;
  checkNumber(where, "peak", peak, nonNegative);
  checkInteger(where, "warmup", rise, 0, Number.MAX_SAFE_INTEGER);
  checkInteger(where, "stable", stable, 0, Number.MAX_SAFE_INTEGER);
  checkInteger(where, "decay", decay, 1, Number.MAX_SAFE_INTEGER);
  checkNumber(where, "final", final, nonNegative);
  const fall = shapes[checkOneOf(where, "shape", shape, ["linear", "cosine", "squareRoot"])];
  return warmup(rise, (step) => (step < stable ? peak : fall(peak, final, Math.min(step - stable, decay), decay)));
}
