import { checkEstimatorOptions, numberOption, ratio } from "./options.js";
import { RegressorCV, type RegressorCVOptions } from "./regressor-cv.js";
import { optionsOf } from "./saved.js";
import { elasticNet } from "./terms.js";

export interface ElasticNetCVOptions extends RegressorCVOptions {
  /**
   * The alphas to try, as scikit-learn has them, or how many: then from the least for which all weights are 0 down to a
   * thousandth of it, each the same factor from the one before. Default 100.
   */
  readonly regularizations?: number | readonly number[];
  /** In [0, 1]. Default 0.5. */
  readonly l1Ratio?: number;
}

/**
 * An `ElasticNet` that finds its penalty by cross-validation, as `LassoCV` does.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2 + l1 ||w||_1 + l2 / 2 ||w||^2
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link ElasticNetCVOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const x = Array.from({ length: 20 }, (_, k) => [k, (k * 7) % 5, (k * 3) % 4]);
 * const model = new ElasticNetCV({ l1Ratio: 0.7, regularizations: [10, 1, 0.1], folds: 4 });
 * await model.fit(x, x.map(([a, b]) => 2 * a - b));
 * model.regularization; // 0.1
 * @see Zou, Hastie, "Regularization and Variable Selection via the Elastic Net", 2005
 */
export class ElasticNetCV extends RegressorCV {
  constructor(options: ElasticNetCVOptions = {}) {
    const where = "ElasticNetCV";
    checkEstimatorOptions(where, options, ["regularizations", "folds", "l1Ratio"]);
    const l1Ratio = numberOption(where, options, "l1Ratio", ratio, 0.5);
    super({
      estimator: where,
      options,
      candidate: "ElasticNet",
      penalties: options.regularizations ?? 100,
      l1Ratio,
      terms: (_, alpha) => ({ loss: "squared", ...elasticNet(alpha, l1Ratio) }),
    });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): ElasticNetCV {
    return new ElasticNetCV(optionsOf("ElasticNetCV", json)).restore(json);
  }
}
