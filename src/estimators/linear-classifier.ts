import { Classifier, type ClassifierOptions } from "./classifier.js";
import type { Features } from "./features.js";
import { checkEstimatorOptions } from "./options.js";
import { optionsOf } from "./saved.js";
import { PROBLEM_OPTIONS, type ProblemOptions, termsOf } from "./terms.js";

export interface LinearClassifierOptions extends ClassifierOptions, ProblemOptions {}

/**
 * A linear classifier in the terms of `minimize`: any loss for classes, with `l1` and `l2` as they stand in the formula, whatever the
 * number of rows. More than two classes are one problem each against the rest, except with `"softmax"`, which is one problem.
 *
 * ```math
 * min_(w, b) (sum_i s_i loss(dot(x_i, w) + b, y_i)) / (sum_i s_i) + l2 / 2 ||w||^2 + l1 ||w||_1
 * ```
 *
 * @param options `loss`, default `"logistic"`; `l1`, default 0; `l2`, default 1 / n, or 0 with an `l1`; these and
 *   `scaleColumns`, default `false`, as in `Problem`; and {@link ClassifierOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new LinearClassifier({ loss: "squaredHinge", l2: 1e-4 });
 * await model.fit([[0], [1], [2], [3]], ["no", "no", "yes", "yes"]);
 */
export class LinearClassifier extends Classifier {
  constructor(options: LinearClassifierOptions = {}) {
    const where = "LinearClassifier";
    checkEstimatorOptions(where, options, [...PROBLEM_OPTIONS, "classWeights"]);
    const terms = termsOf(where, options, "logistic", "classes");
    super({ estimator: where, options, terms: () => terms });
  }

  /**
   * P(y = k | x) of every row and class.
   * @param features n rows with the columns of the fit
   * @returns n * k numbers for k classes in the order of `classes`, those of a row side by side; they sum to 1
   * @throws RangeError for another loss than logistic, sigmoid and softmax; Error before the first fit; TypeError or RangeError
   *   for features that are no rows of so many finite numbers
   */
  predictProbability(features: Features): Float64Array {
    return this.probabilities(features);
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearClassifier {
    return new LinearClassifier(optionsOf("LinearClassifier", json)).restore(json);
  }
}
