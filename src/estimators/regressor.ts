import type { Problem, SolverName } from "../finite-sum/index.js";
import { checkLabelList, checkLabels, checkLoss } from "../finite-sum/losses.js";
import { INSPECT, type Inspect } from "../inspect.js";
import type { Coefficients } from "./coefficients.js";
import { type Features, type Matrix, matrixFor } from "./features.js";
import { printed } from "./inspect.js";
import { determination } from "./metrics.js";
import { type SolverOptions, savedOptions, solverFor, solverOf } from "./options.js";
import { checkSaved, coefficientsOf, type SavedModel } from "./saved.js";
import { importCoefficients, type ScikitLearnCoefficients } from "./scikit-learn.js";
import { FRESH, step, streamOf } from "./stream.js";
import type { Terms } from "./terms.js";
import { checkFitOptions, type FitOptions, type FitRun, type Trained, totalOf, train } from "./training.js";

/** What tells one regressor from another. */
export interface RegressorRecipe {
  /** The name of the class. */
  readonly estimator: string;
  readonly options: SolverOptions;
  /** The only method, if there is no choice. */
  readonly method?: SolverName;
  /** The terms of F; `total` is the sum of the rows' weights, n where they have none. */
  terms(total: number): Terms;
  /** Where it looks for a penalty, the one that it has found, by its name. */
  found?(): object;
}

/** What all linear regressors can do. */
export abstract class Regressor {
  readonly #recipe: RegressorRecipe;
  #trained: Trained | undefined;
  #stream = FRESH;

  /** @internal */
  protected constructor(recipe: RegressorRecipe) {
    this.#recipe = recipe;
  }

  /** What another of the kind is made of: see `estimatorOf`. @internal */
  get recipe(): { readonly estimator: string; readonly options: SolverOptions } {
    const { estimator, options } = this.#recipe;
    return { estimator, options };
  }

  /** The options that it was made with. */
  get options(): SolverOptions {
    return this.#recipe.options;
  }

  /** Whether it has learnt something, or come with coefficients. */
  get fitted(): boolean {
    return this.#trained !== undefined;
  }

  /** @internal */
  [INSPECT](_depth: number, style: object, inspect: Inspect): string {
    const { estimator, found } = this.#recipe;
    return printed(estimator, savedOptions(this.options), found, this.#trained, style, inspect);
  }

  /** @internal */
  get coefficients(): Coefficients {
    return this.#coefficients("coefficients");
  }

  /**
   * w: one number a column.
   * @throws Error before the first fit, as all that has been learnt
   */
  get weights(): Float64Array {
    return this.#coefficients("weights").weights[0]!;
  }

  /** b: 0 where the estimator has no intercept. */
  get intercept(): number {
    return this.#coefficients("intercept").intercepts[0]!;
  }

  /** How the fit ended; undefined before it, and for coefficients that came from elsewhere. */
  get run(): FitRun | undefined {
    return this.#trained?.runs[0];
  }

  /**
   * Learns from rows and their labels, in slices of some 30 ms, between which the event loop goes on. What has been learnt before
   * is forgotten.
   * @param features n rows: see {@link Features}; of a flat array the columns are its length over n
   * @param labels n numbers
   * @param options weights of the rows, reports, limits: see {@link FitOptions}
   * @returns the estimator
   * @throws (rejects) TypeError or RangeError for features, labels, weights or options of the wrong type, size or range, saying which
   *   and where; what `minimize` rejects with; the signal's reason if aborted. The estimator is then as it was.
   */
  async fit(features: Features, labels: ArrayLike<number>, options: FitOptions = {}): Promise<this> {
    return this.fitFrom(undefined, features, labels, options);
  }

  /** As `fit`, from what another has learnt. @internal */
  async fitFrom(
    before: Coefficients | undefined,
    features: Features,
    labels: ArrayLike<number>,
    options: FitOptions,
  ): Promise<this> {
    const where = `${this.#recipe.estimator}.fit`;
    checkFitOptions(where, options);
    checkLabelList(where, labels);
    const matrix = matrixFor(where, features, { rows: labels.length });
    const problem = this.#problem(where, matrix, labels, options);
    this.#trained = await train(where, [problem], solverFor(this.#recipe, matrix), options, before);
    this.#stream = FRESH;
    return this;
  }

  /** @internal */
  protected async learnMore(features: Features, labels: ArrayLike<number>, options: FitOptions): Promise<this> {
    const where = `${this.#recipe.estimator}.partialFit`;
    checkFitOptions(where, options);
    checkLabelList(where, labels);
    const before = this.#trained?.coefficients;
    const known = { rows: labels.length, columns: before?.columns };
    const problem = this.#problem(where, matrixFor(where, features, known), labels, options);
    const { trained, stream } = await step(where, [problem], solverOf(this.#recipe), options, before, this.#stream);
    this.#trained = trained;
    this.#stream = stream;
    return this;
  }

  /**
   * The prediction x_i.w + b for every row; with the loss `"poisson"` the logarithm of the expected count, with `"sigmoid"` that of the
   * odds.
   * @param features n rows with the columns of the fit
   * @returns n numbers
   * @throws Error before the first fit; TypeError or RangeError for features that are no rows of so many finite numbers
   */
  predict(features: Features): Float64Array {
    const where = `${this.#recipe.estimator}.predict`;
    const coefficients = this.#coefficients("predict");
    return coefficients.scores(where, matrixFor(where, features, { columns: coefficients.columns }));
  }

  /**
   * R^2 of the predictions, the share of the labels' variance that is explained: 1 at best, 0 for their mean, below 0 for worse. Where
   * all labels are the same, 1 if they are met exactly, else 0.
   * @param features n rows with the columns of the fit
   * @param labels n numbers
   * @param sampleWeights n numbers >= 0: how much each row counts. Default: all alike
   * @throws as `predict`, and for labels or weights of another type or number
   */
  score(features: Features, labels: ArrayLike<number>, sampleWeights?: ArrayLike<number>): number {
    const where = `${this.#recipe.estimator}.score`;
    const predicted = this.predict(features);
    checkLabelList(where, labels);
    checkLabels(where, labels, predicted.length, checkLoss(where, "squared"));
    totalOf(where, predicted.length, sampleWeights);
    return determination(labels, predicted, sampleWeights);
  }

  /**
   * The options, what has been learnt, and how; goes through `JSON.stringify` without loss, and `fromJSON` takes it.
   * @throws Error before the first fit
   */
  toJSON(): SavedModel {
    const { weights, intercepts } = this.#coefficients("toJSON");
    return {
      format: "schuss-model",
      version: 1,
      estimator: this.#recipe.estimator,
      options: savedOptions(this.#recipe.options),
      weights: weights.map((row) => [...row]),
      intercepts: [...intercepts],
      ...(this.#stream !== FRESH && { stream: this.#stream }),
      runs: this.#trained!.runs,
    };
  }

  /** @internal */
  restore(json: unknown): this {
    const where = `${this.#recipe.estimator}.fromJSON`;
    const { weights, intercepts, runs, stream } = checkSaved(where, json, this.#recipe.estimator);
    this.#trained = { coefficients: coefficientsOf(where, weights, intercepts), runs: runs ?? [] };
    this.#stream = streamOf(where, stream);
    return this;
  }

  /** @internal */
  adopt(json: ScikitLearnCoefficients): this {
    const where = `${this.#recipe.estimator}.fromScikitLearn`;
    const coefficients = importCoefficients(where, json);
    if (coefficients.outputs !== 1) {
      throw new RangeError(`${where}: coef_ must have one output, got ${coefficients.outputs}`);
    }
    this.#trained = { coefficients, runs: [] };
    return this;
  }

  #problem(where: string, matrix: Matrix, labels: ArrayLike<number>, { sampleWeights }: FitOptions): Problem {
    return {
      ...matrix,
      ...this.#recipe.terms(totalOf(where, matrix.rows, sampleWeights)),
      labels,
      intercept: this.#recipe.options.intercept ?? true,
      ...(sampleWeights && { sampleWeights }),
    };
  }

  #coefficients(wanted: string): Coefficients {
    if (this.#trained !== undefined) return this.#trained.coefficients;
    throw new Error(`${this.#recipe.estimator}.${wanted}: nothing has been learnt yet: await fit first`);
  }
}
