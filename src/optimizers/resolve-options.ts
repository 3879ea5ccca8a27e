import { checkBoolean, checkInteger, checkNames, checkNumber, checkOneOf, given, positive } from "../check.js";
import { checkAdaptiveClip } from "./adaptive-clip.js";
import { checkAverage } from "./average.js";
import type { CommonOptions, Convention, ResolvedCommon } from "./common-options.js";
import { checkLookahead } from "./lookahead.js";
import { checkLossScale } from "./loss-scale.js";
import { checkMultiplier } from "./multiplier.js";
import { checkProjection } from "./projection.js";
import { checkRate } from "./rate.js";
import type { Resolved } from "./resolved.js";
import type { Rule } from "./rule.js";
import { checkSharpness } from "./sharpness.js";

const CONVENTIONS: readonly Convention[] = ["torch", "optax", "tfjs", "keras"];

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
  projection: undefined,
  lookahead: undefined,
  sharpness: undefined,
  stateStorage: undefined,
} as const;

const limits = ["clipValue", "clipTensorNorm", "clipNorm"] as const;

/** The given options over the convention's over the rule's over the common defaults. `undefined` counts as not given. */
export function resolveOptions<Own extends object>(
  rule: Rule<Own>,
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
  checkAdaptiveClip(where, resolved.adaptiveClip);
  checkLossScale(where, resolved.lossScale);
  checkInteger(where, "accumulate", resolved.accumulate, 1, Number.MAX_SAFE_INTEGER);
  checkAverage(where, resolved.average);
  checkProjection(where, resolved.projection);
  checkLookahead(where, resolved.lookahead);
  checkSharpness(where, resolved.sharpness);
  if (resolved.stateStorage !== undefined && typeof resolved.stateStorage?.encode !== "function") {
    const got = given(resolved.stateStorage);
    throw new TypeError(`${where}: stateStorage must be bfloat16 or int8 as imported from schuss, got ${got}`);
  }
  rule.validate(where, resolved);
  return resolved;
}
