import { nonNegative } from "../check.js";
import type { Problem } from "../finite-sum/problem.js";
import { Classifier, type ClassifierOptions } from "./classifier.js";
import type { Features } from "./features.js";
import { checkEstimatorOptions, numberOption, type Terms } from "./options.js";
import { optionsOf } from "./saved.js";

export interface LinearClassifierOptions extends ClassifierOptions {
  /** As `minimize` has it. Default `"logistic"`. */
  readonly loss?: Problem["loss"];
  /** >= 0. Default 1/n. */
  readonly l2?: number;
}

/**
 * A linear classifier in the terms of `minimize`: any loss for classes, with penalties that don't depend on the count of
 * rows. More than two classes are one problem each against the rest.
 *
 *     min over w, b of  1/n sum_i s_i loss(x_i.w + b, y_i) + l2/2 |w|^2
 *
 * @param options see {@link LinearClassifierOptions}
 * @throws TypeError or RangeError for options that are none, saying which
 *
 * @example
 * const model = new LinearClassifier({ loss: "logistic", l2: 1e-4 });
 * await model.fit([[0], [1], [2], [3]], ["no", "no", "yes", "yes"]);
 */
export class LinearClassifier extends Classifier {
  readonly #loss: Problem["loss"];

  constructor(options: LinearClassifierOptions = {}) {
    const where = "LinearClassifier";
    checkEstimatorOptions(where, options, ["loss", "l2", "classWeights"]);
    const loss = options.loss ?? "logistic";
    const terms: Terms = {
      loss,
      ...(options.l2 !== undefined && { l2: numberOption(where, options, "l2", nonNegative, 0) }),
    };
    super({ estimator: where, options, multinomial: false, terms: () => terms });
    this.#loss = loss;
  }

  /** P(y = k | x) of every row and class, the classes side by side; with the logistic loss. */
  predictProbability(features: Features): Float64Array {
    if (this.#loss !== "logistic") {
      throw new Error(
        `LinearClassifier.predictProbability: the loss must be "logistic", got ${JSON.stringify(this.#loss)}`,
      );
    }
    return this.probabilities(features);
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearClassifier {
    return new LinearClassifier(optionsOf("LinearClassifier", json)).restore(json);
  }
}
