import { checkEstimatorOptions, type SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import { PROBLEM_OPTIONS, type ProblemOptions, termsOf } from "./terms.js";

export interface LinearRegressorOptions extends SolverOptions, ProblemOptions {}

/**
 * A linear model of numbers in the terms of `minimize`: any loss for numbers, with `l1` and `l2` as they stand in the formula, whatever
 * the number of rows.
 *
 * ```math
 * min_(w, b) (sum_i s_i loss(dot(x_i, w) + b, y_i)) / (sum_i s_i) + l2 / 2 ||w||^2 + l1 ||w||_1
 * ```
 *
 * @param options `loss`, default `"squared"`; `l1`, default 0; `l2`, default 1 / n, or 0 with an `l1`; these and
 *   `scaleColumns`, default `false`, as in `Problem`; and {@link SolverOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new LinearRegressor({ loss: { kind: "huber", delta: 1 }, l2: 1e-4 });
 * await model.fit([[0], [1], [2], [3]], [1, 3, 5, 7]);
 */
export class LinearRegressor extends Regressor {
  constructor(options: LinearRegressorOptions = {}) {
    const where = "LinearRegressor";
    checkEstimatorOptions(where, options, PROBLEM_OPTIONS);
    const terms = termsOf(where, options, "squared", "numbers");
    super({ estimator: where, options, terms: () => terms });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearRegressor {
    return new LinearRegressor(optionsOf("LinearRegressor", json)).restore(json);
  }
}
