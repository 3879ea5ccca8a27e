import { positive } from "../check.js";
import { checkFinite } from "../finite-sum/features.js";
import { classesOf, type Label } from "./classes.js";
import { Classifier } from "./classifier.js";
import { type Features, matrixFor } from "./features.js";
import { Finding, foundOf } from "./found.js";
import { LOGISTIC_OPTIONS, type LogisticOptions, logisticTerms } from "./logistic-terms.js";
import { checkEstimatorOptions } from "./options.js";
import { optionsOf, type SavedModel } from "./saved.js";
import { checkPenalties, findPenalty, geometric, type SearchOptions } from "./search.js";
import { checkFitOptions, type FitOptions } from "./training.js";

export interface LogisticRegressionCVOptions extends LogisticOptions, SearchOptions {
  /** The C > 0 to try, as scikit-learn has them, or how many: then from 1e-4 to 1e4, each the same factor from the one before. Default 10. */
  readonly inverseRegularizations?: number | readonly number[];
}

/**
 * A `LogisticRegression` that finds its penalty by cross-validation: every penalty is tried on every fold, with warm starts
 * from the strongest to the weakest; that with the greatest mean accuracy on the rows held out, the stronger of two alike, fits
 * all rows in the end. One penalty for all classes, one against the rest too, where scikit-learn has one for each.
 *
 * ```math
 * min_(w, b) 1 / n sum_i s_i ln(1 + e^(-y_i (dot(x_i, w) + b))) + l2 / 2 ||w||^2 + l1 ||w||_1
 * n = sum_i s_i
 * ```
 *
 * @param options see {@link LogisticRegressionCVOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const x = Array.from({ length: 20 }, (_, k) => [k, (k * 7) % 5]);
 * const y = x.map(([a]) => (a < 10 ? "no" : "yes"));
 * const model = await new LogisticRegressionCV({ inverseRegularizations: [0.001, 1, 100], folds: 4 }).fit(x, y);
 * model.inverseRegularization; // the best of the three
 */
export class LogisticRegressionCV extends Classifier {
  readonly #options: LogisticRegressionCVOptions;
  readonly #penalties: readonly number[];
  readonly #finding: Finding;

  constructor(options: LogisticRegressionCVOptions = {}) {
    const where = "LogisticRegressionCV";
    checkEstimatorOptions(where, options, [...LOGISTIC_OPTIONS, "inverseRegularizations", "folds"]);
    const penalties = checkPenalties(where, "inverseRegularizations", options.inverseRegularizations ?? 10, positive);
    const terms = logisticTerms(where, options);
    const finding = new Finding(where);
    super({ estimator: where, options, terms: (total, classes) => terms(total, classes, finding.penalty("fit")) });
    this.#options = options;
    this.#penalties = typeof penalties === "number" ? geometric(1e-4, 1e4, penalties) : penalties;
    this.#finding = finding;
  }

  /** The C that was found to be the best. */
  get inverseRegularization(): number {
    return this.#finding.penalty("inverseRegularization");
  }

  /** All C that are tried. */
  get inverseRegularizations(): readonly number[] {
    return this.#penalties;
  }

  /** One array a fold with one number a C: the accuracy on the rows held out. */
  get scores(): readonly (readonly number[])[] {
    return this.#finding.get("scores").measures;
  }

  /** How many of the fits of the search did not end within their tolerance. */
  get unconverged(): number {
    return this.#finding.get("unconverged").unconverged;
  }

  /**
   * Finds the penalty, and learns from all rows with it.
   * @param options reports, and limits on seconds, are of the last fit; `threads` do the folds side by side
   * @returns the estimator
   * @throws (rejects) what `fit` of other classifiers rejects with
   */
  override async fit(features: Features, labels: ArrayLike<Label>, options: FitOptions = {}): Promise<this> {
    const where = "LogisticRegressionCV.fit";
    checkFitOptions(where, options);
    classesOf(where, labels);
    const table = matrixFor(where, features, { rows: labels.length });
    checkFinite(where, table);
    const { folds: _, inverseRegularizations: __, ...shared } = this.#options;
    const search = { where, estimator: "LogisticRegression", shared, changing: "inverseRegularization" } as const;
    const penalties = () => this.#penalties;
    const found = await findPenalty({ ...search, penalties, greatest: true }, this.#options, table, labels, options);
    return this.#finding.during(found, () => super.fit(table.features, labels, options));
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

  override toJSON(): SavedModel {
    return this.#finding.saved(super.toJSON());
  }

  /** @internal */
  override restore(json: unknown): this {
    this.#finding.found = foundOf("LogisticRegressionCV.fromJSON", (json as SavedModel)?.search);
    return super.restore(json);
  }

  /** The estimator that `toJSON` was called on. */
  static fromJSON(json: unknown): LogisticRegressionCV {
    return new LogisticRegressionCV(optionsOf("LogisticRegressionCV", json)).restore(json);
  }
}
