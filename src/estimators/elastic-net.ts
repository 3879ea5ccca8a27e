import { nonNegative } from "../check.js";
import { checkEstimatorOptions, numberOption, ratio, type SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";
import { elasticNet } from "./terms.js";

export interface ElasticNetOptions extends SolverOptions {
  /** alpha >= 0 as scikit-learn has it: l1 = alpha l1Ratio, l2 = alpha (1 - l1Ratio). Default 1. */
  readonly regularization?: number;
  /** In [0, 1]. Default 0.5. */
  readonly l1Ratio?: number;
}

/**
 * Least squares with both penalties.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2 + l1 ||w||_1 + l2 / 2 ||w||^2
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link ElasticNetOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new ElasticNet({ regularization: 0.1, l1Ratio: 0.7, passes: 1000 });
 * await model.fit([[0, 5], [1, 4], [2, 5], [3, 4]], [1, 3, 5, 7]);
 * @see Zou, Hastie, "Regularization and Variable Selection via the Elastic Net", 2005
 */
export class ElasticNet extends Regressor {
  constructor(options: ElasticNetOptions = {}) {
    const where = "ElasticNet";
    checkEstimatorOptions(where, options, ["regularization", "l1Ratio"]);
    const alpha = numberOption(where, options, "regularization", nonNegative, 1);
    const l1Ratio = numberOption(where, options, "l1Ratio", ratio, 0.5);
    super({ estimator: where, options, terms: () => ({ loss: "squared", ...elasticNet(alpha, l1Ratio) }) });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): ElasticNet {
    return new ElasticNet(optionsOf("ElasticNet", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `ElasticNet`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: ElasticNetOptions): ElasticNet {
    return new ElasticNet(options).adopt(json);
  }
}
