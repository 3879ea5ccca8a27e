import { nonNegative } from "../check.js";
import type { Label } from "./classes.js";
import { Classifier, type ClassifierOptions, type PartialFitOptions } from "./classifier.js";
import type { Features } from "./features.js";
import { checkEstimatorOptions, choiceOption, numberOption, ratio } from "./options.js";
import { l1RatioOf, PENALTIES, type PenaltyName } from "./penalties.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";
import { elasticNet } from "./terms.js";

export interface SGDClassifierOptions extends Omit<ClassifierOptions, "method"> {
  /** Default `"hinge"`, a support vector machine; `"logistic"` gives probabilities. */
  readonly loss?: "hinge" | "logistic" | "squaredHinge" | "smoothedHinge" | "modifiedHuber" | "perceptron";
  /** Default `"l2"`. */
  readonly penalty?: PenaltyName;
  /** alpha >= 0 as scikit-learn has it: l1 = alpha l1Ratio, l2 = alpha (1 - l1Ratio). Default 1e-4. */
  readonly regularization?: number;
  /** In [0, 1], for `"elasticNet"`. Default 0.15. */
  readonly l1Ratio?: number;
}

const LOSSES = ["hinge", "logistic", "squaredHinge", "smoothedHinge", "modifiedHuber", "perceptron"] as const;

/**
 * A linear classifier by stochastic gradient descent, for rows that come bit by bit.
 *
 * ```math
 * t = t_0 / (1 + t_0 l2 k)      at row k
 * w <- (1 - t l2) w - t s_i loss'(y_i (dot(x_i, w) + b)) x_i
 * ```
 *
 * followed by soft-thresholding with t l1. t_0 is `stepSize`, by default the inverse of the greatest smoothness constant.
 * scikit-learn's schedule `"optimal"` is the same, its t_0 another.
 *
 * @param options see {@link SGDClassifierOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new SGDClassifier({ loss: "logistic" });
 * await model.partialFit([[0], [3]], ["no", "yes"], { classes: ["no", "yes"] });
 * await model.partialFit([[1], [2]], ["no", "yes"]);
 * @see Bottou, "Stochastic Gradient Descent Tricks", 2012
 */
export class SGDClassifier extends Classifier {
  constructor(options: SGDClassifierOptions = {}) {
    const where = "SGDClassifier";
    checkEstimatorOptions(where, options, ["loss", "penalty", "regularization", "l1Ratio", "classWeights"], ["method"]);
    const loss = choiceOption(where, "loss", options.loss, LOSSES, "hinge");
    const penalty = choiceOption(where, "penalty", options.penalty, PENALTIES, "l2");
    const alpha = numberOption(where, options, "regularization", nonNegative, 1e-4);
    const l1Ratio = l1RatioOf(penalty, numberOption(where, options, "l1Ratio", ratio, 0.15));
    super({
      estimator: where,
      options,
      method: "sgd",
      terms: () => ({ loss, ...elasticNet(penalty === "none" ? 0 : alpha, l1Ratio) }),
    });
  }

  /**
   * Goes once through rows that have just come, from where the rows before have led.
   * @param features n rows, with as many columns as in the first call
   * @param labels n of the classes
   * @param options in the first call `classes`, all that may ever come; `sampleWeights` count in relation to each other
   * @returns the estimator
   * @throws (rejects) as `fit`; RangeError for a label that is none of the classes, or before they are known
   */
  partialFit(features: Features, labels: ArrayLike<Label>, options: PartialFitOptions = {}): Promise<this> {
    return this.learnMore(features, labels, options);
  }

  /**
   * P(y = k | x) of every row and class.
   * @param features n rows with the columns of the fit
   * @returns n * k numbers for k classes in the order of `classes`, those of a row side by side; they sum to 1
   * @throws RangeError for another loss than the logistic; Error before the first fit; TypeError or RangeError for features
   *   that are no rows of so many finite numbers
   */
  predictProbability(features: Features): Float64Array {
    return this.probabilities(features);
  }

  /** The estimator that `toJSON` was called on; `partialFit` goes on as it would have there. */
  static fromJSON(json: unknown): SGDClassifier {
    return new SGDClassifier(optionsOf("SGDClassifier", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `SGDClassifier`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: SGDClassifierOptions): SGDClassifier {
    return new SGDClassifier(options).adopt(json);
  }
}
