import { Classifier, type ClassifierOptions } from "./classifier.js";
import type { Features } from "./features.js";
import { checkEstimatorOptions } from "./options.js";
import { optionsOf } from "./saved.js";
import { PROBLEM_OPTIONS, type ProblemOptions, termsOf } from "./terms.js";

export interface LinearClassifierOptions extends ClassifierOptions, ProblemOptions {}

/**
 * A linear classifier in the terms of `minimize`: any loss for classes, with penalties that don't depend on the count of
 * rows. More than two classes are one problem each against the rest, but for `"softmax"`.
 *
 * ```math
 * min_(w, b) (sum_i s_i loss(dot(x_i, w) + b, y_i)) / (sum_i s_i) + l2 / 2 ||w||^2 + l1 ||w||_1
 * ```
 *
 * @param options `loss`, default `"logistic"`; `l1`, `l2` and `scaleColumns` as in `Problem`; see {@link ClassifierOptions}
 * @throws TypeError or RangeError for options that are none, saying which
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

  /** P(y = k | x) of every row and class, the classes side by side; with the losses logistic, sigmoid and softmax. */
  predictProbability(features: Features): Float64Array {
    return this.probabilities(features);
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearClassifier {
    return new LinearClassifier(optionsOf("LinearClassifier", json)).restore(json);
  }
}
