import { checkArray } from "../check.js";
import { checkEstimatorOptions } from "./options.js";
import { RegressorCV, type RegressorCVOptions } from "./regressor-cv.js";
import { optionsOf } from "./saved.js";

export interface RidgeCVOptions extends RegressorCVOptions {
  /** The alphas >= 0 to try, as scikit-learn has them: l2 = alpha / n. Default [0.1, 1, 10]. */
  readonly regularizations?: readonly number[];
}

/**
 * A `Ridge` that finds its penalty by cross-validation on folds, as `LassoCV` does; scikit-learn's leaves out one row at a
 * time unless it is given folds.
 *
 * ```math
 * min_(w, b) 1 / (2 n) sum_i s_i (dot(x_i, w) + b - y_i)^2 + l2 / 2 ||w||^2
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link RidgeCVOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const x = Array.from({ length: 20 }, (_, k) => [k, (k * 7) % 5, (k * 3) % 4]);
 * const model = new RidgeCV({ folds: 4 });
 * await model.fit(x, x.map(([a, b]) => 2 * a - b));
 * model.regularization; // 0.1
 */
export class RidgeCV extends RegressorCV {
  constructor(options: RidgeCVOptions = {}) {
    const where = "RidgeCV";
    checkEstimatorOptions(where, options, ["regularizations", "folds"]);
    if (options.regularizations !== undefined) checkArray(where, "regularizations", options.regularizations);
    super({
      estimator: where,
      options,
      candidate: "Ridge",
      penalties: options.regularizations ?? [0.1, 1, 10],
      l1Ratio: 0,
      terms: (total, alpha) => ({ loss: "squared", l2: alpha / total }),
    });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): RidgeCV {
    return new RidgeCV(optionsOf("RidgeCV", json)).restore(json);
  }
}
