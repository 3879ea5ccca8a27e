import { nonNegative, positive } from "../check.js";
import { checkEstimatorOptions, numberOption, type SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";

export interface LinearSVROptions extends SolverOptions {
  /** What a prediction may be off for nothing, >= 0. Default 0. */
  readonly epsilon?: number;
  /** C > 0 as scikit-learn has it: l2 = 1 / (C n) for n rows or the sum of their weights. Default 1. */
  readonly inverseRegularization?: number;
}

/**
 * Linear support vector regression.
 *
 * ```math
 * min_(w, b) 1 / n sum_i s_i max(0, |dot(x_i, w) + b - y_i| - epsilon) + l2 / 2 ||w||^2
 * n = sum_i s_i
 * ```
 *
 * which is scikit-learn's objective divided by C n, except that the intercept is not penalised here.
 *
 * @param options see {@link LinearSVROptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new LinearSVR({ epsilon: 0.1 });
 * await model.fit([[0], [1], [2], [3]], [1, 3, 5, 7]);
 */
export class LinearSVR extends Regressor {
  constructor(options: LinearSVROptions = {}) {
    const where = "LinearSVR";
    checkEstimatorOptions(where, options, ["epsilon", "inverseRegularization"]);
    const epsilon = numberOption(where, options, "epsilon", nonNegative, 0);
    const c = numberOption(where, options, "inverseRegularization", positive, 1);
    super({
      estimator: where,
      options,
      terms: (total) => ({ loss: { kind: "epsilonInsensitive", epsilon }, l2: 1 / (c * total) }),
    });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearSVR {
    return new LinearSVR(optionsOf("LinearSVR", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `LinearSVR`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: LinearSVROptions): LinearSVR {
    return new LinearSVR(options).adopt(json);
  }
}
