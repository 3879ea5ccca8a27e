import { checkArray, checkInteger, checkNumber, checkOptions, nonNegative, unitAboveZero } from "../check.js";
import { cosineBetween } from "./cosine.js";
import { power } from "./power.js";
import type { Schedule } from "./schedule.js";

export interface CosineRestartsOptions {
  /** The steps of each phase, >= 1, or of the first of phases without end. */
  readonly lengths: number | readonly number[];
  /** How many times as long as the one before each of the phases without end is, an integer >= 1. Default 1. */
  readonly growth?: number;
  /** Where each phase comes down from, >= 0: one rate for all, or one each for listed lengths. */
  readonly peaks: number | readonly number[];
  /** Where each phase goes down to, >= 0: one rate for all, or one each for listed lengths. Default 0. */
  readonly finals?: number | readonly number[];
  /** Multiplies the peak at every restart, in (0, 1], but never takes it below `finals`. Default 1. */
  readonly peakDecay?: number;
  /** What t is at the first step of a phase. Default 1. */
  readonly firstT?: 0 | 1;
}

const known = ["lengths", "growth", "peaks", "finals", "peakDecay", "firstT"];

/**
 * Half a cosine again and again, each phase with its own length, peak and end:
 *
 * ```math
 * rate = final_i + (peak_i - final_i) (1 + cos(pi t / length_i)) / 2    for t = firstT, firstT + 1, ... in phase i = 0, 1, ...
 * ```
 *
 * With t from 1 the last step of a phase takes exactly `final_i`, and none takes `peak_i`. With t from 0, as in `cosine`
 * and in PyTorch, the first step takes `peak_i`, and none `final_i`. Listed phases end; after them the rate stays at the
 * last one's end. A number goes on without end: a first length of 10 and a growth of 2 make phases of 10, 20, 40, ...
 *
 * The loss jumps up at every restart, so keep the parameters from the end of the last phase that was completed.
 *
 * @param options see `CosineRestartsOptions`
 * @throws TypeError or RangeError for values out of range, and for a growth of lengths that are listed
 * @example cosineRestarts({ lengths: [4, 8], peaks: [0.2, 0.1] })(7) // 0.05
 * @see Loshchilov, Hutter, "SGDR", 2017; PyTorch's CosineAnnealingWarmRestarts with `firstT: 0`
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const where = "cosineRestarts";
  checkOptions(where, options, known);
  const { lengths, growth, peaks, finals = 0, peakDecay = 1, firstT = 1 } = options;
  checkNumber(where, "peakDecay", peakDecay, unitAboveZero);
  checkInteger(where, "firstT", firstT, 0, 1);
  const locate = typeof lengths === "number" ? endless(where, lengths, growth ?? 1) : listed(where, lengths, growth);
  const count = typeof lengths === "number" ? undefined : lengths.length;
  const peak = perPhase(where, "peaks", peaks, count);
  const final = perPhase(where, "finals", finals, count);
  return (step) => {
    const { phase, position, length } = locate(step);
    const end = final(phase);
    const start = Math.max(end, peak(phase) * power(peakDecay, phase));
    return position === length ? end : cosineBetween(start, end, position + firstT, length);
  };
}

/** Where a step lies; a position equal to the length is after the end of everything. */
type Locate = (step: number) => { readonly phase: number; readonly position: number; readonly length: number };

function endless(where: string, first: number, growth: number): Locate {
  checkInteger(where, "lengths", first, 1, Number.MAX_SAFE_INTEGER);
  checkInteger(where, "growth", growth, 1, Number.MAX_SAFE_INTEGER);
  if (growth === 1) return (step) => ({ phase: Math.floor(step / first), position: step % first, length: first });
  return (step) => {
    let phase = 0;
    let position = step;
    let length = first;
    for (; position >= length; length *= growth) {
      position -= length;
      phase++;
    }
    return { phase, position, length };
  };
}

function listed(where: string, lengths: readonly number[], growth: number | undefined): Locate {
  checkArray(where, "lengths", lengths);
  if (lengths.length === 0) throw new RangeError(`${where}: lengths must have at least one element`);
  for (const [i, length] of lengths.entries()) {
    checkInteger(where, `lengths[${i}]`, length, 1, Number.MAX_SAFE_INTEGER);
  }
  if (growth !== undefined) throw new RangeError(`${where}: growth is for a first length, and lengths are listed`);
  const all = [...lengths];
  return (step) => {
    let position = step;
    for (const [phase, length] of all.entries()) {
      if (position < length) return { phase, position, length };
      position -= length;
    }
    const length = all.at(-1)!;
    return { phase: all.length - 1, position: length, length };
  };
}

/** A rate of the phase. */
function perPhase(
  where: string,
  name: string,
  rates: number | readonly number[],
  count: number | undefined,
): (phase: number) => number {
  if (typeof rates === "number" || count === undefined) {
    const rate = checkNumber(where, name, rates, nonNegative);
    return () => rate;
  }
  checkArray(where, name, rates, count, "as many as lengths");
  const all = rates.map((rate, i) => checkNumber(where, `${name}[${i}]`, rate, nonNegative));
  return (phase) => all[phase]!;
}
