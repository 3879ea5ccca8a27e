import {
  checkBoolean,
  checkInteger,
  checkNames,
  checkNumber,
  checkOneOf,
  given,
  nonNegative,
  positive,
} from "../check.js";
import type { Schedule } from "../schedules/index.js";
import { type AverageOptions, checkAverage } from "./average.js";
import { checkLookahead, type LookaheadOptions } from "./lookahead.js";
import { checkLossScale, type LossScaleOptions } from "./loss-scale.js";
import { checkMultiplier, type Multiplier } from "./multiplier.js";
import type { Resolved, UpdateRule } from "./rule.js";
import { checkSharpness, type SharpnessOptions } from "./sharpness.js";

/** Whose defaults and conventions a rule follows, where libraries disagree. */
export type Convention = "torch" | "optax" | "tfjs" | "keras";

const CONVENTIONS: readonly Convention[] = ["torch", "optax", "tfjs", "keras"];

/** The options that every rule has. */
export interface CommonOptions {
  /** A rate >= 0, or a schedule of the step, counted from 0. Default: the convention's. */
  readonly learningRate?: number | Schedule;
  /** Coefficient lambda >= 0 of the decay, or a schedule of it. Default 0, but for `adamw`. */
  readonly weightDecay?: number | Schedule;
  /**
   * `true`: parameters shrink by the factor 1 - learningRate * lambda beside the step (AdamW's way). `false`: lambda
   * times the parameter is added to the gradient (l2). Default `false`, but for `adamw`.
   */
  readonly decoupledWeightDecay?: boolean;
  /** Decoupled decay by the factor 1 - lambda instead, whatever the learning rate is. Default `false`. */
  readonly independentWeightDecay?: boolean;
  /**
   * Factors >= 0 on the learning rate of single parameters: a record by name, where what is missing counts as 1, or a
   * function of the name. 0 or `false` freezes a parameter together with its state. Default: 1 for all.
   */
  readonly learningRateMultiplier?: Multiplier;
  /** The same for the weight decay; 0 or `false` for what is not to decay: biases, norms. Default: 1 for all. */
  readonly weightDecayMultiplier?: Multiplier;
  /** Ascend rather than descend. Default `false`. */
  readonly maximize?: boolean;
  /** Hold every gradient between this and its negative. Default: no clipping. */
  readonly clipValue?: number;
  /** Scale the gradient of a tensor down to this norm where it is greater. Default: no clipping. */
  readonly clipTensorNorm?: number;
  /** Scale the gradient down to this norm, taken over all its tensors, where it is greater. Default: no clipping. */
  readonly clipNorm?: number;
  /**
   * Adaptive gradient clipping: the norm of a tensor's gradient is held below this times the norm of the tensor, which
   * counts as 1e-3 where it is less. Default: no clipping.
   */
  readonly adaptiveClip?: number;
  /**
   * What the loss was multiplied by, and so the gradients: they are divided by it. A number, or `{ initial, ... }` for one
   * that falls when a gradient overflows, whose step is skipped, and rises again. Default 1.
   */
  readonly lossScale?: number | LossScaleOptions;
  /**
   * One update for so many calls of `step`, from the mean of their gradients. Add to the gradients of a parameter set;
   * arrays that are handed in are added up. Default 1.
   */
  readonly accumulate?: number;
  /** Set the gradients to 0 in the pass of the step. Default `false`. */
  readonly clearGradients?: boolean;
  /**
   * What to do about NaN and infinities among the gradients. `"propagate"` (default) updates all the same and counts
   * them in `nonFiniteCount`; `"skip"` leaves parameters and state as they are, clears the gradients if they are to be
   * cleared, and counts the step in `skippedSteps`; `"throw"` leaves everything as it is and throws. The last two take a
   * pass over the gradients of their own.
   */
  readonly nonFinite?: "propagate" | "skip" | "throw";
  /** Keep an average of the parameters, see {@link AverageOptions} and `withAverages`. Default: none. */
  readonly average?: AverageOptions;
  /** Every so many steps go back a part of the way, see {@link LookaheadOptions}. Default: not. */
  readonly lookahead?: LookaheadOptions;
  /** Sharpness-aware minimisation (SAM), see {@link SharpnessOptions}: `step` takes a closure then. Default: not. */
  readonly sharpness?: SharpnessOptions;
  /** Whose defaults to take for everything not given. Default `"torch"`. */
  readonly convention?: Convention;
}

/** The common options, all decided. Infinity and undefined stand for what is not wanted. */
export type ResolvedCommon = Resolved<
  Omit<
    CommonOptions,
    "learningRateMultiplier" | "weightDecayMultiplier" | "lossScale" | "average" | "lookahead" | "sharpness"
  >
> & {
  readonly learningRateMultiplier: Multiplier | undefined;
  readonly weightDecayMultiplier: Multiplier | undefined;
  readonly lossScale: number | LossScaleOptions;
  readonly average: AverageOptions | undefined;
  readonly lookahead: LookaheadOptions | undefined;
  readonly sharpness: SharpnessOptions | undefined;
};

const commonDefaults = {
  independentWeightDecay: false,
  learningRateMultiplier: undefined,
  weightDecayMultiplier: undefined,
  maximize: false,
  clipValue: Number.POSITIVE_INFINITY,
  clipTensorNorm: Number.POSITIVE_INFINITY,
  clipNorm: Number.POSITIVE_INFINITY,
  adaptiveClip: Number.POSITIVE_INFINITY,
  lossScale: 1,
  accumulate: 1,
  clearGradients: false,
  nonFinite: "propagate",
  average: undefined,
  lookahead: undefined,
  sharpness: undefined,
} as const;

const limits = ["clipValue", "clipTensorNorm", "clipNorm", "adaptiveClip"] as const;

/** The given options over the convention's over the rule's over the common defaults. `undefined` counts as not given. */
export function resolveOptions<Own extends object>(
  rule: UpdateRule<Own>,
  options: CommonOptions & Partial<Own>,
): ResolvedCommon & Resolved<Own> {
  const where = rule.name;
  const convention = checkOneOf(where, "convention", options.convention ?? "torch", CONVENTIONS);
  const defaults = { ...commonDefaults, convention, ...rule.defaults, ...rule.conventions?.[convention] };
  const present = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  checkNames(where, "option", present, Object.keys(defaults));
  const resolved = { ...defaults, ...present } as unknown as ResolvedCommon & Resolved<Own>;
  checkRate(where, "learningRate", resolved.learningRate);
  checkRate(where, "weightDecay", resolved.weightDecay);
  checkBoolean(where, "decoupledWeightDecay", resolved.decoupledWeightDecay);
  checkBoolean(where, "independentWeightDecay", resolved.independentWeightDecay);
  if (resolved.independentWeightDecay && !resolved.decoupledWeightDecay) {
    throw new RangeError(`${where}: independentWeightDecay needs decoupledWeightDecay`);
  }
  checkMultiplier(where, "learningRateMultiplier", resolved.learningRateMultiplier);
  checkMultiplier(where, "weightDecayMultiplier", resolved.weightDecayMultiplier);
  checkBoolean(where, "maximize", resolved.maximize);
  checkBoolean(where, "clearGradients", resolved.clearGradients);
  checkOneOf(where, "nonFinite", resolved.nonFinite, ["propagate", "skip", "throw"]);
  for (const name of limits) {
    if (resolved[name] !== Number.POSITIVE_INFINITY) checkNumber(where, name, resolved[name], positive);
  }
  checkLossScale(where, resolved.lossScale);
  checkInteger(where, "accumulate", resolved.accumulate, 1, Number.MAX_SAFE_INTEGER);
  checkAverage(where, resolved.average);
  checkLookahead(where, resolved.lookahead);
  checkSharpness(where, resolved.sharpness);
  rule.validate(where, resolved);
  return resolved;
}

/** A number >= 0, or a schedule. */
export function checkRate(where: string, name: string, rate: unknown): number | Schedule {
  if (typeof rate === "function") return rate as Schedule;
  if (typeof rate !== "number")
    throw new TypeError(`${where}: ${name} must be a number or a schedule, got ${given(rate)}`);
  return checkNumber(where, name, rate, nonNegative);
}

/** What a rate is at a step, counted from 0. */
export function rateAt(where: string, name: string, rate: number | Schedule, step: number): number {
  return typeof rate === "number" ? rate : checkNumber(where, name, rate(step), nonNegative);
}
