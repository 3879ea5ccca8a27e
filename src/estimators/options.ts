import { checkNames, checkNumber, given, type Interval, unit } from "../check.js";
import type { MinimizeOptions, SolverName } from "../finite-sum/index.js";

/** What all estimators take. */
export interface SolverOptions
  extends Pick<MinimizeOptions, "method" | "passes" | "tolerance" | "stepSize" | "sampling" | "seed" | "engine"> {
  /** Whether there is an intercept, which is never penalised; scikit-learn's `fit_intercept`. Default `true`. */
  readonly intercept?: boolean;
}

const SOLVER_OPTIONS = ["intercept", "method", "passes", "tolerance", "stepSize", "sampling", "seed", "engine"];

/** What scikit-learn calls some of the options. */
const SCIKIT_LEARN: Readonly<Record<string, string>> = {
  C: "inverseRegularization",
  Cs: "inverseRegularizations",
  alpha: "regularization",
  alphas: "regularizations",
  class_weight: "classWeights",
  cv: "folds",
  fit_intercept: "intercept",
  l1_ratio: "l1Ratio",
  max_iter: "passes",
  multi_class: "multiClass",
  random_state: "seed",
  solver: "method",
  tol: "tolerance",
};

/** Refuses options that the estimator doesn't have, and says how those of scikit-learn are called. */
export function checkEstimatorOptions(
  where: string,
  options: object,
  own: readonly string[],
  without: readonly string[] = [],
): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(options)}`);
  }
  const known = [...own, ...SOLVER_OPTIONS].filter((name) => !without.includes(name));
  for (const name of Object.keys(options)) {
    const ours = SCIKIT_LEARN[name];
    if (ours !== undefined && known.includes(ours)) {
      throw new RangeError(`${where}: scikit-learn's ${name} is called ${ours} here`);
    }
  }
  checkNames(where, "option", options, known);
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
