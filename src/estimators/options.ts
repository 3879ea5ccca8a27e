import { checkBoolean, checkNames, checkNumber, checkOneOf, given, type Interval, unit } from "../check.js";
import type { MinimizeOptions, SolverName } from "../finite-sum/index.js";
import { checkOptions } from "../finite-sum/options.js";
import { standardPasses } from "../finite-sum/passes.js";
import type { Matrix } from "./features.js";

/**
 * What all estimators take: whether there is an intercept, and how to solve, as of `minimize`, whose defaults hold; those that learn by
 * stochastic gradient descent make at most 1000 `passes` by default, as scikit-learn does, and have no `method`.
 */
export interface SolverOptions
  extends Pick<MinimizeOptions, "method" | "passes" | "tolerance" | "stepSize" | "sampling" | "seed" | "engine"> {
  /** Whether there is an intercept, which is never penalised; scikit-learn's `fit_intercept`. Default `true`. */
  readonly intercept?: boolean;
}

const SOLVER_OPTIONS = ["intercept", "method", "passes", "tolerance", "stepSize", "sampling", "seed", "engine"];

/** What scikit-learn calls some of the options, and of their values. */
const SCIKIT_LEARN: Readonly<Record<string, string>> = {
  C: "inverseRegularization",
  Cs: "inverseRegularizations",
  alpha: "regularization",
  alphas: "regularizations",
  class_weight: "classWeights",
  cv: "folds",
  fit_intercept: "intercept",
  l1_ratio: "l1Ratio",
  epsilon_insensitive: "epsilonInsensitive",
  eta0: "stepSize",
  log_loss: "logistic",
  max_iter: "passes",
  modified_huber: "modifiedHuber",
  multi_class: "multiClass",
  n_alphas: "regularizations",
  ovr: "oneVsRest",
  random_state: "seed",
  sample_weight: "sampleWeights",
  solver: "method",
  squared_error: "squared",
  squared_hinge: "squaredHinge",
  tol: "tolerance",
};

/** Refuses names that are not known, and says how those of scikit-learn are called. */
export function checkKnownNames(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(options)}`);
  }
  for (const name of Object.keys(options)) refuseScikitLearns(where, name, known);
  checkNames(where, "option", options, known);
}

function refuseScikitLearns(where: string, name: string, known: readonly string[]): void {
  const ours = SCIKIT_LEARN[name];
  if (ours === undefined || !known.includes(ours) || known.includes(name)) return;
  throw new RangeError(`${where}: scikit-learn's ${name} is called ${ours} here`);
}

/** One of several names, or the default where there is none. */
export function choiceOption<Choice extends string>(
  where: string,
  name: string,
  value: string | undefined,
  allowed: readonly Choice[],
  otherwise: Choice,
): Choice {
  if (value === undefined) return otherwise;
  refuseScikitLearns(where, value, allowed);
  return checkOneOf(where, name, value, allowed);
}

/** Checks the options that all estimators have, and refuses those that this one doesn't. */
export function checkEstimatorOptions(
  where: string,
  options: SolverOptions,
  own: readonly string[],
  without: readonly string[] = [],
): void {
  const known = [...own, ...SOLVER_OPTIONS].filter((name) => !without.includes(name));
  checkKnownNames(where, options, known);
  for (const [name, value] of Object.entries(options)) {
    if (value !== null) continue;
    const instead = name === "penalty" ? '; no penalty is "none"' : "; leave it out for its default";
    throw new TypeError(`${where}: ${name} must not be null${instead}`);
  }
  if (options.intercept !== undefined) checkBoolean(where, "intercept", options.intercept);
  checkOptions(where, solverOf({ options }));
}

/** A number among the options, or its default. */
export function numberOption<Name extends string>(
  where: string,
  options: Readonly<Partial<Record<Name, number>>>,
  name: Name,
  interval: Interval,
  otherwise: number,
): number {
  return checkNumber(where, name, options[name] ?? otherwise, interval);
}

/** The passes of stochastic gradient descent where nothing else is said, at most: scikit-learn's `max_iter`. */
const SGD_PASSES = 1000;

/** The same for rows that are at hand: methods that never meet a tolerance don't make all passes that there might be. */
export function solverFor(
  recipe: { options: SolverOptions; method?: SolverName },
  rows: Pick<Matrix, "features" | "rows">,
): MinimizeOptions {
  const solver = solverOf(recipe);
  return recipe.method === "sgd" ? { passes: Math.min(standardPasses(rows), SGD_PASSES), ...solver } : solver;
}

/** The options that go to `minimize`, those that are given, and the method if there is no choice. */
export function solverOf({ options, method }: { options: SolverOptions; method?: SolverName }): MinimizeOptions {
  const given = Object.entries(options).filter(
    ([name, value]) => name !== "intercept" && SOLVER_OPTIONS.includes(name) && value !== undefined,
  );
  return { ...Object.fromEntries(given), ...(method && { method }) };
}

/** The options as they are saved: all but the engine, which belongs to the process. */
export function savedOptions({ engine: _, ...options }: SolverOptions): object {
  return options;
}

export const ratio = unit;
