import { nonNegative } from "../check.js";
import { checkEstimatorOptions, numberOption, type SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";

export interface RidgeOptions extends SolverOptions {
  /** alpha >= 0 as scikit-learn has it: l2 = alpha / n for n rows, or over the sum of their weights. Default 1. */
  readonly regularization?: number;
}

/**
 * Least squares with a squared penalty.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2 + l2 / 2 ||w||^2
 * n = sum_i s_i
 * ```
 *
 * which is scikit-learn's objective divided by 2 n.
 *
 * @param options see {@link RidgeOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new Ridge({ regularization: 0.1 });
 * await model.fit([[0], [1], [2], [3]], [1, 3, 5, 7]);
 * model.predict([[4]]); // near 9
 */
export class Ridge extends Regressor {
  constructor(options: RidgeOptions = {}) {
    const where = "Ridge";
    checkEstimatorOptions(where, options, ["regularization"]);
    const alpha = numberOption(where, options, "regularization", nonNegative, 1);
    super({ estimator: where, options, terms: (total) => ({ loss: "squared", l2: alpha / total }) });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): Ridge {
    return new Ridge(optionsOf("Ridge", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `Ridge`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: RidgeOptions): Ridge {
    return new Ridge(options).adopt(json);
  }
}
