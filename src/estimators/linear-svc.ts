import { positive } from "../check.js";
import { Classifier, type ClassifierOptions } from "./classifier.js";
import { checkEstimatorOptions, choiceOption, numberOption } from "./options.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";
import { elasticNet } from "./terms.js";

export interface LinearSVCOptions extends ClassifierOptions {
  /** Default `"squaredHinge"`. */
  readonly loss?: "squaredHinge" | "hinge";
  /** Default `"l2"`; `"l1"` with the squared hinge only. */
  readonly penalty?: "l2" | "l1";
  /** C > 0 as scikit-learn has it: l2 = 1 / (C n), or l1, for n rows or the sum of their weights. Default 1. */
  readonly inverseRegularization?: number;
}

/**
 * A linear support vector machine for two classes, or one for each of more against the rest.
 *
 * ```math
 * min_(w, b) 1 / n sum_i s_i max(0, 1 - y_i (dot(x_i, w) + b))^2 + l2 / 2 ||w||^2
 * n = sum_i s_i
 * ```
 *
 * or without the square: scikit-learn's objective divided by C n, except that the intercept is not penalised here.
 *
 * @param options see {@link LinearSVCOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new LinearSVC({ inverseRegularization: 10 });
 * await model.fit([[0], [1], [2], [3]], ["no", "no", "yes", "yes"]);
 * model.predict([[2.5]]); // ["yes"]
 */
export class LinearSVC extends Classifier {
  constructor(options: LinearSVCOptions = {}) {
    const where = "LinearSVC";
    checkEstimatorOptions(where, options, ["loss", "penalty", "inverseRegularization", "classWeights"]);
    const loss = choiceOption(where, "loss", options.loss, ["squaredHinge", "hinge"], "squaredHinge");
    const penalty = choiceOption(where, "penalty", options.penalty, ["l2", "l1"], "l2");
    if (loss === "hinge" && penalty === "l1")
      throw new RangeError(`${where}: penalty "l1" needs the loss "squaredHinge"`);
    const c = numberOption(where, options, "inverseRegularization", positive, 1);
    super({
      estimator: where,
      options,
      terms: (total) => ({ loss, ...elasticNet(1 / (c * total), penalty === "l1" ? 1 : 0) }),
    });
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LinearSVC {
    return new LinearSVC(optionsOf("LinearSVC", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `LinearSVC`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: LinearSVCOptions): LinearSVC {
    return new LinearSVC(options).adopt(json);
  }
}
