import { given } from "../check.js";
import { checkLabels } from "../estimators/classes.js";
import { Classifier } from "../estimators/classifier.js";
import { matrixFor } from "../estimators/features.js";
import { type Fold, foldsOf } from "../estimators/folds.js";
import type { Estimator } from "../estimators/from-json.js";
import { type Features, fromJSON, type Label } from "../estimators/index.js";
import { Regressor } from "../estimators/regressor.js";
import { totalOf } from "../estimators/training.js";
import { checkFinite } from "../finite-sum/features.js";
import type { Signal } from "../finite-sum/index.js";
import type { FitInput } from "./fit-task.js";
import { checkSideBySide, nameFailure } from "./minimize-all.js";
import { type Threads, withThreads } from "./threads.js";

export interface CrossValidateOptions {
  /** Into how many parts the rows are dealt, or the parts themselves. Default 5. */
  readonly folds?: number | readonly Fold[];
  /** An integer; the same seed deals the same folds. Default 0. */
  readonly seed?: number;
  /** One number a row, >= 0, for learning and for the score. Default: all alike. */
  readonly sampleWeights?: ArrayLike<number>;
  /** How many workers, which end afterwards, or {@link Threads} that stay. Default: as many as the machine runs at once. */
  readonly threads?: number | Threads;
  /** An `AbortSignal`. Once it is aborted the promise rejects with its reason. */
  readonly signal?: Signal;
}

/** What came of one fold. */
export interface FoldResult<Kind extends Estimator = Estimator> {
  readonly fold: Fold;
  /** Learnt from the rows of the other parts. */
  readonly estimator: Kind;
  /** Of the rows that were held out: accuracy, R^2 for regressors. */
  readonly score: number;
  /** Of the rows that were learnt from. */
  readonly trainScore: number;
  /** Of work in its thread. */
  readonly seconds: number;
}

const OPTIONS = ["folds", "seed", "sampleWeights"];

/**
 * Fits an estimator to all parts of the rows but one and measures it by that one, for each of the parts, side by side in worker
 * threads. Folds of classifiers have each class in its share.
 *
 * @param estimator one of `schuss/estimators`, of which the options count; it learns nothing itself
 * @param features n rows: see `Features`
 * @param labels n numbers, or for classifiers n numbers or strings
 * @param options see {@link CrossValidateOptions}
 * @returns score and fitted estimator fold by fold; the same, to the bit, with any number of threads
 * @throws (rejects) TypeError or RangeError for an argument or option of the wrong type, size or range; what `fit` rejects with, the
 *   number of the fold before it; or the signal's reason
 *
 * @example
 * const features = Array.from({ length: 20 }, (_, k) => [k, k % 3]);
 * const labels = features.map(([a, b]) => 2 * a - b);
 * const folds = await crossValidate(new Ridge({ regularization: 0.1 }), features, labels, { folds: 4, threads: 2 });
 * const mean = folds.reduce((sum, { score }) => sum + score, 0) / folds.length;
 */
export async function crossValidate<Kind extends Estimator>(
  estimator: Kind,
  features: Features,
  labels: ArrayLike<Label>,
  options: CrossValidateOptions = {},
): Promise<FoldResult<Kind>[]> {
  const where = "crossValidate";
  const [results] = await validateAll(where, [estimator], features, labels, options);
  return results as FoldResult<Kind>[];
}

/** Every fold of every estimator, all side by side; for each estimator its folds. */
export async function validateAll(
  where: string,
  estimators: readonly Estimator[],
  features: Features,
  labels: ArrayLike<Label>,
  options: CrossValidateOptions,
): Promise<FoldResult[][]> {
  checkSideBySide(where, options, OPTIONS);
  for (const estimator of estimators) {
    if (!(estimator instanceof Classifier || estimator instanceof Regressor)) {
      throw new TypeError(
        `${where}: the estimator must be made from one of the classes of schuss/estimators, got ${given(estimator)}`,
      );
    }
  }
  checkLabels(where, labels);
  const table = matrixFor(where, features, { rows: labels.length });
  checkFinite(where, table);
  const { folds = 5, seed = 0, sampleWeights, signal, threads } = options;
  totalOf(where, table.rows, sampleWeights);
  const parts = estimators.map((estimator) => foldsOf(where, folds, seed, labels, estimator instanceof Classifier));
  const jobs = estimators.flatMap((estimator, k) => parts[k]!.map((fold) => ({ estimator, fold })));
  const inputs = jobs.map(({ estimator, fold }) => (): FitInput => {
    const { engine: _, ...own } = estimator.recipe.options;
    return { estimator: estimator.recipe.estimator, options: own, table, labels, sampleWeights, ...fold };
  });
  const engine = estimators[0]?.recipe.options.engine;
  try {
    const fitted = await withThreads(where, threads, (pool) => pool.run("fit", inputs, { engine, signal }));
    const results = fitted.map(({ model, ...rest }, k) => ({
      fold: jobs[k]!.fold,
      estimator: fromJSON(model),
      ...rest,
    }));
    return estimators.map((_, k) => results.splice(0, parts[k]!.length));
  } catch (error) {
    const name = (index: number) => `${jobs[index]!.estimator.recipe.estimator}, fold ${index % parts[0]!.length}`;
    throw nameFailure(where, name, error);
  }
}
