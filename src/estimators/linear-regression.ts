import { checkEstimatorOptions, type SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";

/** Those of all estimators: nothing is penalised. */
export type LinearRegressionOptions = SolverOptions;

/**
 * Least squares.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link SolverOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new LinearRegression();
 * await model.fit([[0], [1], [2], [3]], [1, 3, 5, 7]);
 * model.predict([[4]]); // near 9
 */
export class LinearRegression extends Regressor {
  constructor(options: LinearRegressionOptions = {}) {
    const where = "LinearRegression";
    checkEstimatorOptions(where, options, []);
    super({ estimator: where, options, terms: () => ({ loss: "squared", l2: 0 }) });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearRegression {
    return new LinearRegression(optionsOf("LinearRegression", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `LinearRegression`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: LinearRegressionOptions): LinearRegression {
    return new LinearRegression(options).adopt(json);
  }
}
