import { positive } from "../check.js";
import { Classifier } from "./classifier.js";
import type { Features } from "./features.js";
import { LOGISTIC_OPTIONS, type LogisticOptions, logisticTerms } from "./logistic-terms.js";
import { checkEstimatorOptions, numberOption } from "./options.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";

export interface LogisticRegressionOptions extends LogisticOptions {
  /**
   * C > 0 as scikit-learn has it: l2 = (1 - l1Ratio) / (C n), l1 = l1Ratio / (C n) for n rows, or for n the sum of their
   * weights. Default 1.
   */
  readonly inverseRegularization?: number;
}

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
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new LogisticRegression({ inverseRegularization: 10 });
 * await model.fit([[0], [1], [2], [3]], ["no", "no", "yes", "yes"]);
 * model.predict([[2.5]]); // ["yes"]
 */
export class LogisticRegression extends Classifier {
  constructor(options: LogisticRegressionOptions = {}) {
    const where = "LogisticRegression";
    checkEstimatorOptions(where, options, [...LOGISTIC_OPTIONS, "inverseRegularization"]);
    const c = numberOption(where, options, "inverseRegularization", positive, 1);
    const terms = logisticTerms(where, options);
    super({ estimator: where, options, terms: (total, classes) => terms(total, classes, c) });
  }

  /**
   * P(y = k | x) of every row and class.
   * @param features n rows with the columns of the fit
   * @returns n * k numbers for k classes in the order of `classes`, those of a row side by side; they sum to 1
   * @throws Error before the first fit; TypeError or RangeError for features that are no rows of so many finite numbers
   */
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
