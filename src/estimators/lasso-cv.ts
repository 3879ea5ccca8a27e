import { checkEstimatorOptions } from "./options.js";
import { RegressorCV, type RegressorCVOptions } from "./regressor-cv.js";
import { optionsOf } from "./saved.js";

export interface LassoCVOptions extends RegressorCVOptions {
  /**
   * The alphas to try, as scikit-learn has them, or how many: then from the least for which all weights are 0 down to a
   * thousandth of it, each the same factor from the one before. Default 100.
   */
  readonly regularizations?: number | readonly number[];
}

/**
 * A `Lasso` that finds its penalty by cross-validation: every penalty is tried on every fold, with warm starts from the
 * strongest to the weakest; that with the least mean squared error of the rows held out, the stronger of two alike, fits all rows
 * in the end.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2 + l1 ||w||_1
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link LassoCVOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const x = Array.from({ length: 20 }, (_, k) => [k, (k * 7) % 5, (k * 3) % 4]);
 * const model = new LassoCV({ regularizations: [10, 1, 0.1], folds: 4 });
 * await model.fit(x, x.map(([a, b]) => 2 * a - b));
 * model.regularization; // 0.1
 * @see Friedman, Hastie, Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent", 2010
 */
export class LassoCV extends RegressorCV {
  constructor(options: LassoCVOptions = {}) {
    const where = "LassoCV";
    checkEstimatorOptions(where, options, ["regularizations", "folds"]);
    super({
      estimator: where,
      options,
      candidate: "Lasso",
      penalties: options.regularizations ?? 100,
      l1Ratio: 1,
      terms: (_, alpha) => ({ loss: "squared", l1: alpha, l2: 0 }),
    });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LassoCV {
    return new LassoCV(optionsOf("LassoCV", json)).restore(json);
  }
}
