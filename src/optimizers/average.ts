import { checkInteger, checkNumber, checkOneOf, checkOptions, given, nonNegative, unit } from "../check.js";
import type { Memory } from "./memory.js";

/**
 * An average a of the parameters p_1, p_2, ... after each step, made in the pass of the step.
 *
 * - `exponential`: a <- decay a + (1 - decay) p, from the parameters before the first step on.
 * - `uniform`: the mean of p_from, ..., p_t; with `from` beyond 1 the suffix average. Before step `from` it is p_t.
 * - `polynomial`: a <- (1 - w) a + w p with w = (gamma + 1) / (t + gamma): weights that grow like t^gamma.
 * - `stepWeighted`: sum_t eta_t p_t / sum_t eta_t with the learning rates eta_t.
 * - `randomIterate`: one of p_1, ..., p_t, each with probability 1 / t: what bounds for nonconvex functions are about.
 * - `last` (LAWA): the mean of the last `count` checkpoints, one every `every` steps. Before the first it is p_t.
 */
export type AverageOptions =
  | { readonly kind: "exponential" /** In [0, 1]. Default 0.999. */; readonly decay?: number }
  | { readonly kind: "uniform" /** A step >= 1. Default 1. */; readonly from?: number }
  | { readonly kind: "polynomial" /** >= 0. Default 8. */; readonly gamma?: number }
  | { readonly kind: "stepWeighted" }
  | { readonly kind: "randomIterate" /** An integer. Default 0. */; readonly seed?: number }
  | {
      readonly kind: "last";
      /** >= 1. Default 5. */ readonly count?: number;
      /** >= 1. Default 100. */ readonly every?: number;
    };

const known: Record<AverageOptions["kind"], readonly string[]> = {
  exponential: ["kind", "decay"],
  uniform: ["kind", "from"],
  polynomial: ["kind", "gamma"],
  stepWeighted: ["kind"],
  randomIterate: ["kind", "seed"],
  last: ["kind", "count", "every"],
};

export function checkAverage(where: string, average: AverageOptions | undefined): void {
  if (average === undefined) return;
  if (typeof average !== "object" || average === null) {
    throw new TypeError(`${where}: average must be an object with a kind, got ${given(average)}`);
  }
  const kinds = Object.keys(known) as AverageOptions["kind"][];
  const kind = checkOneOf(where, "average.kind", average.kind, kinds);
  checkOptions(`${where}: average`, average, known[kind]);
  const { MAX_SAFE_INTEGER } = Number;
  if (average.kind === "exponential") checkNumber(where, "average.decay", average.decay ?? 0.999, unit);
  if (average.kind === "uniform") checkInteger(where, "average.from", average.from ?? 1, 1, MAX_SAFE_INTEGER);
  if (average.kind === "polynomial") checkNumber(where, "average.gamma", average.gamma ?? 8, nonNegative);
  if (average.kind === "randomIterate") {
    checkInteger(where, "average.seed", average.seed ?? 0, -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER);
  }
  if (average.kind === "last") {
    checkInteger(where, "average.count", average.count ?? 5, 1, 1024);
    checkInteger(where, "average.every", average.every ?? 100, 1, MAX_SAFE_INTEGER);
  }
}

/** How many checkpoints a `last` average keeps, and how far apart; undefined for the other kinds. */
export function checkpoints(average: AverageOptions | undefined): { count: number; every: number } | undefined {
  if (average?.kind !== "last") return undefined;
  return { count: average.count ?? 5, every: average.every ?? 100 };
}

/** What the average adds to the memory of the state. */
export function averageMemory(average: AverageOptions | undefined): Memory {
  return average?.kind === "stepWeighted" ? { learningRateSum: 0 } : {};
}

/** w in a <- (1 - w) a + w p at step t = 1, 2, ... */
export function averageWeight(average: AverageOptions, t: number, learningRate: number, memory: Memory): number {
  switch (average.kind) {
    case "exponential":
      return 1 - (average.decay ?? 0.999);
    case "uniform":
      return 1 / Math.max(1, t - (average.from ?? 1) + 1);
    case "polynomial": {
      const gamma = average.gamma ?? 8;
      return (gamma + 1) / (t + gamma);
    }
    case "stepWeighted": {
      const sum = memory.learningRateSum! + learningRate;
      memory.learningRateSum = sum;
      return sum === 0 ? 1 : learningRate / sum;
    }
    case "randomIterate":
      return uniformOf(average.seed ?? 0, t) * t < 1 ? 1 : 0;
    case "last":
      return 0;
  }
}

/** A number in [0, 1) that looks random, of seed and step alone, so that nothing need be saved: the finaliser of MurmurHash3. */
function uniformOf(seed: number, t: number): number {
  let h = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(t | 0, 0x85ebca6b) ^ Math.floor(t / 2 ** 32);
  for (let round = 0; round < 2; round++) {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
    h = (h + t) | 0;
  }
  return (h >>> 0) / 2 ** 32;
}
