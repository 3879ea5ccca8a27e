import type { Label } from "./classes.js";
import type { Matrix } from "./features.js";
import type { Fold } from "./folds.js";

/** What it takes to fit one fold under several penalties, as data that can go to another thread. */
export interface FoldPathInput extends Fold {
  readonly estimator: "ElasticNet" | "Lasso" | "LogisticRegression" | "Ridge";
  /** Those of every fit but the engine, from the strongest penalty to the weakest. */
  readonly options: readonly object[];
  readonly table: Matrix;
  readonly labels: ArrayLike<Label>;
  readonly sampleWeights: ArrayLike<number> | undefined;
}

/** Of the rows held out, one number a penalty: the accuracy of classifiers, the mean squared error of regressors. */
export interface FoldPathOutput {
  readonly measures: readonly number[];
  /** How many of the fits ended within their tolerance. */
  readonly converged: number;
}
