import { nonNegative } from "../check.js";
import type { Problem } from "../finite-sum/problem.js";
import { checkEstimatorOptions, numberOption, type SolverOptions, type Terms } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";

export interface LinearRegressorOptions extends SolverOptions {
  /** As `minimize` has it. Default `"squared"`. */
  readonly loss?: Problem["loss"];
  /** >= 0. Default 1/n. */
  readonly l2?: number;
}

/**
 * A linear model of numbers in the terms of `minimize`: any loss, with penalties that don't depend on the count of rows.
 *
 *     min over w, b of  1/n sum_i s_i loss(x_i.w + b, y_i) + l2/2 |w|^2
 *
 * @param options see {@link LinearRegressorOptions}
 * @throws TypeError or RangeError for options that are none, saying which
 *
 * @example
 * const model = new LinearRegressor({ loss: "squared", l2: 1e-4 });
 * await model.fit([[0], [1], [2], [3]], [1, 3, 5, 7]);
 */
export class LinearRegressor extends Regressor {
  constructor(options: LinearRegressorOptions = {}) {
    const where = "LinearRegressor";
    checkEstimatorOptions(where, options, ["loss", "l2"]);
    const terms: Terms = {
      loss: options.loss ?? "squared",
      ...(options.l2 !== undefined && { l2: numberOption(where, options, "l2", nonNegative, 0) }),
    };
    super({ estimator: where, options, terms: () => terms });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearRegressor {
    return new LinearRegressor(optionsOf("LinearRegressor", json)).restore(json);
  }
}
