import { nonNegative } from "../check.js";
import { checkEstimatorOptions, numberOption, type SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";

export interface LassoOptions extends SolverOptions {
  /** alpha >= 0 as scikit-learn has it: l1 = alpha. Default 1. */
  readonly regularization?: number;
}

/**
 * Least squares with an absolute penalty, which leaves columns out.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2 + l1 ||w||_1
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link LassoOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new Lasso({ regularization: 0.1, passes: 1000 });
 * await model.fit([[0, 5], [1, 4], [2, 5], [3, 4]], [1, 3, 5, 7]);
 * model.weights[1]; // 0
 * @see Tibshirani, "Regression Shrinkage and Selection via the Lasso", 1996
 */
export class Lasso extends Regressor {
  constructor(options: LassoOptions = {}) {
    const where = "Lasso";
    checkEstimatorOptions(where, options, ["regularization"]);
    const alpha = numberOption(where, options, "regularization", nonNegative, 1);
    super({ estimator: where, options, terms: () => ({ loss: "squared", l1: alpha, l2: 0 }) });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): Lasso {
    return new Lasso(optionsOf("Lasso", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `Lasso`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: LassoOptions): Lasso {
    return new Lasso(options).adopt(json);
  }
}
