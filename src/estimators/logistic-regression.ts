import { checkOneOf, positive } from "../check.js";
import { Classifier, type ClassifierOptions } from "./classifier.js";
import type { Features } from "./features.js";
import { checkEstimatorOptions, numberOption, ratio } from "./options.js";
import { l1RatioOf, PENALTIES, type PenaltyName } from "./penalties.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";
import { elasticNet } from "./terms.js";

export interface LogisticRegressionOptions extends ClassifierOptions {
  /** Default `"l2"`. `"elasticNet"` mixes both by `l1Ratio`. */
  readonly penalty?: PenaltyName;
  /**
   * C > 0 as scikit-learn has it: l2 = (1 - l1Ratio) / (C n), l1 = l1Ratio / (C n) for n rows, or for n the sum of their
   * weights. Default 1.
   */
  readonly inverseRegularization?: number;
  /** In [0, 1], for `"elasticNet"`. Default 0.5. */
  readonly l1Ratio?: number;
  /** What more than two classes are: one softmax, or one problem each against all others. Default `"multinomial"`. */
  readonly multiClass?: "multinomial" | "oneVsRest";
}

const OPTIONS = ["penalty", "inverseRegularization", "l1Ratio", "multiClass", "classWeights"];

/**
 * Logistic regression, for two classes or more.
 *
 * ```math
 * min_(w, b) 1 / n sum_i s_i ln(1 + e^(-y_i (dot(x_i, w) + b))) + l2 / 2 ||w||^2 + l1 ||w||_1
 * n = sum_i s_i
 * ```
 *
 * which is scikit-learn's objective divided by C n. More than two classes: the softmax of a score each, or one such
 * problem for each class against the rest.
 *
 * @param options see {@link LogisticRegressionOptions}
 * @throws TypeError or RangeError for options that are none, saying which
 *
 * @example
 * const model = new LogisticRegression({ inverseRegularization: 10 });
 * await model.fit([[0], [1], [2], [3]], ["no", "no", "yes", "yes"]);
 * model.predict([[2.5]]); // ["yes"]
 */
export class LogisticRegression extends Classifier {
  constructor(options: LogisticRegressionOptions = {}) {
    const where = "LogisticRegression";
    checkEstimatorOptions(where, options, OPTIONS);
    const penalty = checkOneOf(where, "penalty", options.penalty ?? "l2", PENALTIES);
    const c = numberOption(where, options, "inverseRegularization", positive, 1);
    const mixed = numberOption(where, options, "l1Ratio", ratio, 0.5);
    const multiClass = checkOneOf(where, "multiClass", options.multiClass ?? "multinomial", [
      "multinomial",
      "oneVsRest",
    ]);
    const l1Ratio = l1RatioOf(penalty, mixed);
    super({
      estimator: where,
      options,
      terms: (total, classes) => ({
        loss: classes > 2 && multiClass === "multinomial" ? "softmax" : "logistic",
        ...elasticNet(penalty === "none" ? 0 : 1 / (c * total), l1Ratio),
      }),
    });
  }

  /** P(y = k | x) of every row and class, the classes side by side. */
  predictProbability(features: Features): Float64Array {
    return this.probabilities(features);
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LogisticRegression {
    return new LogisticRegression(optionsOf("LogisticRegression", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `LogisticRegression`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: LogisticRegressionOptions): LogisticRegression {
    return new LogisticRegression(options).adopt(json);
  }
}
