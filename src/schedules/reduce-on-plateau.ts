import {
  belowOne,
  checkInteger,
  checkNames,
  checkNumber,
  checkOneOf,
  checkOptions,
  given,
  insideUnit,
  nonNegative,
} from "../check.js";
import type { Schedule } from "./schedule.js";

export interface PlateauOptions {
  /** The rate until the first reduction, >= 0. */
  readonly initial: number;
  /** What a reduction multiplies the rate by, in (0, 1). Default 0.1. */
  readonly factor?: number;
  /** How many observations in a row may fail to improve before the next one reduces, >= 0. Default 10. */
  readonly patience?: number;
  /** How much better than the best an improvement must be, >= 0, and < 1 if relative. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a part of the best metric or a difference from it. Default "relative". */
  readonly thresholdMode?: "relative" | "absolute";
  /** For how many observations after a reduction none is held against the rate, >= 0. Default 0. */
  readonly cooldown?: number;
  /** The least rate, >= 0. Default 0. */
  readonly minimum?: number;
  /** A reduction that would change the rate by no more than this is not made, >= 0. Default 1e-8. */
  readonly minimumChange?: number;
  /** Whether a smaller or a greater metric is better. Default "min". */
  readonly mode?: "min" | "max";
}

/** What `toJSON` gives: the options, and where things stand. */
export interface PlateauState extends Required<PlateauOptions> {
  readonly learningRate: number;
  /** The best metric so far; the infinities as text, which JSON has no number for. */
  readonly best: number | "Infinity" | "-Infinity";
  /** Observations without improvement since the last one with, or since the last reduction. */
  readonly badObservations: number;
  /** Observations left of the cooldown. */
  readonly cooldownLeft: number;
}

const defaults = {
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: "relative",
  cooldown: 0,
  minimum: 0,
  minimumChange: 1e-8,
  mode: "min",
} as const;

const optionNames = ["initial", ...Object.keys(defaults)];
const stateNames = [...optionNames, "learningRate", "best", "badObservations", "cooldownLeft"];

function resolve(where: string, options: PlateauOptions): Required<PlateauOptions> {
  const present = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...defaults, ...(present as unknown as PlateauOptions) };
  checkNumber(where, "initial", resolved.initial, nonNegative);
  checkNumber(where, "factor", resolved.factor, insideUnit);
  checkInteger(where, "patience", resolved.patience, 0, Number.MAX_SAFE_INTEGER);
  checkOneOf(where, "thresholdMode", resolved.thresholdMode, ["relative", "absolute"]);
  checkNumber(where, "threshold", resolved.threshold, resolved.thresholdMode === "relative" ? belowOne : nonNegative);
  checkInteger(where, "cooldown", resolved.cooldown, 0, Number.MAX_SAFE_INTEGER);
  checkNumber(where, "minimum", resolved.minimum, nonNegative);
  checkNumber(where, "minimumChange", resolved.minimumChange, nonNegative);
  checkOneOf(where, "mode", resolved.mode, ["min", "max"]);
  return resolved;
}

/** A rate that falls when a metric stops improving. Made by `reduceOnPlateau` and `resumePlateau`. */
export class ReduceOnPlateau {
  readonly #options: Required<PlateauOptions>;
  #learningRate: number;
  #best: number;
  #badObservations = 0;
  #cooldownLeft = 0;

  /** @internal */
  constructor(options: Required<PlateauOptions>, state?: PlateauState) {
    this.#options = options;
    this.#learningRate = state?.learningRate ?? options.initial;
    this.#best = Number(state?.best ?? (options.mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY));
    this.#badObservations = state?.badObservations ?? 0;
    this.#cooldownLeft = state?.cooldownLeft ?? 0;
  }

  /** The rate after the observations so far. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /**
   * Takes a metric, of an epoch, say, and returns the rate from now on. NaN is no improvement.
   * @throws TypeError for a metric that is not a number
   */
  observe(metric: number): number {
    if (typeof metric !== "number") {
      throw new TypeError(`reduceOnPlateau: metric must be a number, got ${given(metric)}`);
    }
    const { patience, cooldown } = this.#options;
    if (this.#improves(metric)) {
      this.#best = metric;
      this.#badObservations = 0;
    } else {
      this.#badObservations++;
    }
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--;
      this.#badObservations = 0;
    }
    if (this.#badObservations > patience) {
      this.#reduce();
      this.#cooldownLeft = cooldown;
      this.#badObservations = 0;
    }
    return this.#learningRate;
  }

  /** A function that gives the present rate whatever the step: unlike the other schedules, it changes. */
  schedule(): Schedule {
    return () => this.#learningRate;
  }

  /** For `JSON.stringify`; `resumePlateau` goes on from it. */
  toJSON(): PlateauState {
    const best = Number.isFinite(this.#best) ? this.#best : this.#best > 0 ? "Infinity" : "-Infinity";
    return {
      ...this.#options,
      learningRate: this.#learningRate,
      best,
      badObservations: this.#badObservations,
      cooldownLeft: this.#cooldownLeft,
    };
  }

  #improves(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const best = this.#best;
    if (mode === "min") return metric < (thresholdMode === "relative" ? best * (1 - threshold) : best - threshold);
    return metric > (thresholdMode === "relative" ? best * (1 + threshold) : best + threshold);
  }

  #reduce(): void {
    const { factor, minimum, minimumChange } = this.#options;
    const reduced = Math.max(this.#learningRate * factor, minimum);
    if (this.#learningRate - reduced > minimumChange) this.#learningRate = reduced;
  }
}

/**
 * A rate that is multiplied by `factor` when a metric has not improved for more than `patience` observations. An
 * improvement, in mode "min", is a metric with
 *
 * ```math
 * metric < best (1 - threshold)      relative
 * metric < best - threshold          absolute
 * ```
 *
 * and with > and + in mode "max". A reduction takes effect with the next step, and is followed by the cooldown. Relative
 * thresholds are meant for metrics > 0: below 0 the bar is easier than the best, not harder.
 *
 * This one has a state, the observations; `schedule()` gives what an optimizer takes.
 *
 * @param options see `PlateauOptions`
 * @throws TypeError or RangeError for values out of range
 * @example
 * const plateau = reduceOnPlateau({ initial: 0.1, factor: 0.5, patience: 1 });
 * [3, 2, 2, 2, 1].map((loss) => plateau.observe(loss)) // [0.1, 0.1, 0.1, 0.05, 0.05]
 * @see PyTorch's ReduceLROnPlateau, whose semantics and defaults these are
 */
export function reduceOnPlateau(options: PlateauOptions): ReduceOnPlateau {
  checkOptions("reduceOnPlateau", options, optionNames);
  return new ReduceOnPlateau(resolve("reduceOnPlateau", options));
}

/**
 * Goes on from what `toJSON` gave, as if there had been no break.
 *
 * @param state the object, parsed if it was text
 * @throws TypeError or RangeError for a state that `toJSON` doesn't give
 * @example
 * const saved = JSON.stringify(reduceOnPlateau({ initial: 0.1 }));
 * resumePlateau(JSON.parse(saved)).learningRate // 0.1
 */
export function resumePlateau(state: PlateauState): ReduceOnPlateau {
  const where = "resumePlateau";
  if (typeof state !== "object" || state === null) {
    throw new TypeError(`${where}: state must be an object, got ${given(state)}`);
  }
  checkNames(where, "field", state, stateNames);
  const { learningRate, best, badObservations, cooldownLeft, ...options } = state;
  const resolved = resolve(where, options);
  checkNumber(where, "learningRate", learningRate, nonNegative);
  if (typeof best !== "number" || !Number.isFinite(best)) {
    checkOneOf(where, "best", best, ["Infinity", "-Infinity"]);
  }
  checkInteger(where, "badObservations", badObservations, 0, resolved.patience);
  checkInteger(where, "cooldownLeft", cooldownLeft, 0, resolved.cooldown);
  return new ReduceOnPlateau(resolved, state);
}
