import { given } from "../check.js";
import type { Problem, SolverName } from "../finite-sum/index.js";
import { INSPECT, type Inspect } from "../inspect.js";
import { balanced, type ClassWeights, checkClassWeights, spread, weightsOf } from "./class-weights.js";
import { type Classes, checkLabels, classesOf, type Label } from "./classes.js";
import type { Coefficients } from "./coefficients.js";
import { type Features, type Matrix, matrixFor } from "./features.js";
import { printed } from "./inspect.js";
import { accuracy } from "./metrics.js";
import { type SolverOptions, savedOptions, solverFor, solverOf } from "./options.js";
import { probabilityOf } from "./probability.js";
import { checkSaved, coefficientsOf, type SavedModel } from "./saved.js";
import { importClasses, importCoefficients, type ScikitLearnCoefficients } from "./scikit-learn.js";
import { FRESH, step, streamOf } from "./stream.js";
import { lossName, type Terms } from "./terms.js";
import { checkFitOptions, type FitOptions, type FitRun, type Trained, totalOf, train } from "./training.js";

export interface ClassifierOptions extends SolverOptions {
  /** How much the rows of each class count. Default: all alike. */
  readonly classWeights?: ClassWeights;
}

/** What tells one classifier from another. */
export interface ClassifierRecipe {
  /** The name of the class. */
  readonly estimator: string;
  readonly options: ClassifierOptions;
  /** The only method, if there is no choice. */
  readonly method?: SolverName;
  /** The terms of F; `total` is the sum of the rows' weights, n where they have none. The softmax is one problem. */
  terms(total: number, classes: number): Terms;
  /** Where it looks for a penalty, the one that it has found, by its name. */
  found?(): object;
}

export interface PartialFitOptions extends FitOptions {
  /** All classes that may ever come: needed in the first call, and the same in later ones where it is given. */
  readonly classes?: readonly Label[];
}

interface Learnt extends Trained {
  readonly classes: Classes;
}

/** What all linear classifiers can do. */
export abstract class Classifier {
  readonly #recipe: ClassifierRecipe;
  #learnt: Learnt | undefined;
  #stream = FRESH;

  /** @internal */
  protected constructor(recipe: ClassifierRecipe) {
    checkClassWeights(recipe.estimator, recipe.options.classWeights);
    this.#recipe = recipe;
  }

  /** What another of the kind is made of: see `estimatorOf`. @internal */
  get recipe(): { readonly estimator: string; readonly options: SolverOptions } {
    const { estimator, options } = this.#recipe;
    return { estimator, options };
  }

  /** The options that it was made with. */
  get options(): ClassifierOptions {
    return this.#recipe.options;
  }

  /** Whether it has learnt something, or come with coefficients. */
  get fitted(): boolean {
    return this.#learnt !== undefined;
  }

  /** @internal */
  [INSPECT](_depth: number, style: object, inspect: Inspect): string {
    const { estimator, found } = this.#recipe;
    return printed(estimator, savedOptions(this.options), found, this.#learnt, style, inspect);
  }

  /** @internal */
  get coefficients(): Coefficients {
    return this.#get("coefficients").coefficients;
  }

  /**
   * The classes in ascending order: numbers by value, strings by code point.
   * @throws Error before the first fit, as all that has been learnt
   */
  get classes(): readonly Label[] {
    return this.#get("classes").classes.labels;
  }

  /**
   * An array of one number a column for each class; for two classes a single array, whose score speaks for the second, except with
   * the loss `"softmax"`.
   */
  get weights(): readonly Float64Array[] {
    return this.#get("weights").coefficients.weights;
  }

  /** b: one number for each array of weights. */
  get intercepts(): Float64Array {
    return this.#get("intercepts").coefficients.intercepts;
  }

  /**
   * How the fit ended: one entry for each problem that was solved, one a class against the rest, otherwise one. Empty for coefficients
   * that came from elsewhere.
   */
  get runs(): readonly FitRun[] {
    return this.#get("runs").runs;
  }

  /**
   * Learns from rows and their labels, in slices of some 30 ms, between which the event loop goes on. What has been learnt before
   * is forgotten.
   * @param features n rows: see {@link Features}; of a flat array the columns are its length over n
   * @param labels n numbers or n strings, of two classes or more
   * @param options weights of the rows, reports, limits: see {@link FitOptions}
   * @returns the estimator
   * @throws (rejects) TypeError or RangeError for features, labels, weights or options of the wrong type, size or range, saying which
   *   and where; what `minimize` rejects with; the signal's reason if aborted. The estimator is then as it was.
   */
  async fit(features: Features, labels: ArrayLike<Label>, options: FitOptions = {}): Promise<this> {
    return this.fitFrom(undefined, features, labels, options);
  }

  /** As `fit`, from what another has learnt. @internal */
  async fitFrom(
    before: Coefficients | undefined,
    features: Features,
    labels: ArrayLike<Label>,
    options: FitOptions,
  ): Promise<this> {
    const where = `${this.#recipe.estimator}.fit`;
    checkFitOptions(where, options);
    const classes = classesOf(where, labels);
    const matrix = matrixFor(where, features, { rows: labels.length });
    const problems = this.#problems(where, matrix, classes, classes.encode(labels), options);
    const trained = await train(where, problems, solverFor(this.#recipe, matrix), options, before);
    this.#learnt = { classes, ...trained };
    this.#stream = FRESH;
    return this;
  }

  /** @internal */
  protected async learnMore(features: Features, labels: ArrayLike<Label>, options: PartialFitOptions): Promise<this> {
    const where = `${this.#recipe.estimator}.partialFit`;
    checkFitOptions(where, options, ["classes"]);
    const before = this.#learnt?.coefficients;
    const classes = this.#classesOfStream(where, options);
    checkLabels(where, labels);
    const encoded = classes.encode(labels);
    const foreign = encoded.indexOf(-1);
    if (foreign >= 0) {
      const label = JSON.stringify(labels[foreign]);
      throw new RangeError(
        `${where}: the label of row ${foreign} is ${label}, the classes are ${classes.labels.join(", ")}`,
      );
    }
    const matrix = matrixFor(where, features, { rows: labels.length, columns: before?.columns });
    const problems = this.#problems(where, matrix, classes, encoded, options);
    const { trained, stream } = await step(where, problems, solverOf(this.#recipe), options, before, this.#stream);
    this.#learnt = { classes, ...trained };
    this.#stream = stream;
    return this;
  }

  #classesOfStream(where: string, { classes }: PartialFitOptions): Classes {
    if (this.#recipe.options.classWeights === "balanced") {
      throw new RangeError(`${where}: classWeights "balanced" needs all rows at once; give weights by label`);
    }
    if (this.#learnt === undefined) {
      if (classes === undefined) {
        throw new RangeError(`${where}: the first call must name all classes that may come: { classes: [...] }`);
      }
      return classesOf(where, classes);
    }
    const known = this.#learnt.classes;
    const other = classes === undefined ? undefined : classesOf(where, classes).labels;
    if (other !== undefined && String(other) !== String(known.labels)) {
      throw new RangeError(
        `${where}: classes must be those of the first call, ${known.labels.join(", ")}, got ${other.join(", ")}`,
      );
    }
    return known;
  }

  /**
   * The score x_i.w + b of every row.
   * @param features n rows with the columns of the fit
   * @returns n numbers for two classes, above 0 where it is the second; for k classes, and with the loss `"softmax"`, n * k, those of a
   *   row side by side
   * @throws Error before the first fit; TypeError or RangeError for features that are no rows of so many finite numbers
   */
  decisionFunction(features: Features): Float64Array {
    return this.#scores("decisionFunction", features);
  }

  /**
   * The class of every row: of two the second if the score is above 0, of more that of the greatest score.
   * @param features n rows with the columns of the fit
   * @returns n labels, as `fit` was given them
   * @throws Error before the first fit; TypeError or RangeError for features that are no rows of so many finite numbers
   */
  predict(features: Features): Label[] {
    const { classes, coefficients } = this.#get("predict");
    const scores = this.#scores("predict", features);
    if (coefficients.outputs === 1) return Array.from(scores, (score) => classes.labels[score > 0 ? 1 : 0]!);
    return Array.from({ length: scores.length / classes.count }, (_, i) => {
      const start = i * classes.count;
      let best = 0;
      for (let k = 1; k < classes.count; k++) if (scores[start + k]! > scores[start + best]!) best = k;
      return classes.labels[best]!;
    });
  }

  /**
   * The accuracy: the share of rows whose class is predicted right, in [0, 1].
   * @param features n rows with the columns of the fit
   * @param labels n labels, numbers or strings as in the fit
   * @param sampleWeights n numbers >= 0: how much each row counts. Default: all alike
   * @throws as `predict`, and for labels or weights of another type or number
   */
  score(features: Features, labels: ArrayLike<Label>, sampleWeights?: ArrayLike<number>): number {
    const where = `${this.#recipe.estimator}.score`;
    const predicted = this.predict(features);
    checkLabels(where, labels);
    if (labels.length !== predicted.length) {
      throw new RangeError(`${where}: there must be ${predicted.length} labels, got ${labels.length}`);
    }
    const { labels: classes } = this.#get("score").classes;
    if (labels.length > 0 && typeof labels[0] !== typeof classes[0]) {
      throw new TypeError(
        `${where}: labels must be ${typeof classes[0]}s like the classes, ${classes.join(", ")}, got ${given(labels[0])} in row 0`,
      );
    }
    totalOf(where, predicted.length, sampleWeights);
    return accuracy(labels, predicted, sampleWeights);
  }

  /**
   * The options, what has been learnt, and how; goes through `JSON.stringify` without loss, and `fromJSON` takes it.
   * @throws Error before the first fit
   */
  toJSON(): SavedModel {
    const { classes, coefficients, runs } = this.#get("toJSON");
    return {
      format: "schuss-model",
      version: 1,
      estimator: this.#recipe.estimator,
      options: savedOptions(this.#recipe.options),
      classes: classes.labels,
      weights: coefficients.weights.map((row) => [...row]),
      intercepts: [...coefficients.intercepts],
      ...(this.#stream !== FRESH && { stream: this.#stream }),
      runs,
    };
  }

  /** P(y = k | x) of every row and class, the classes side by side. @internal */
  protected probabilities(features: Features): Float64Array {
    const { estimator, terms } = this.#recipe;
    const { classes, coefficients } = this.#get("predictProbability");
    const loss = lossName(terms(1, classes.count).loss);
    const probability = probabilityOf(loss, coefficients.outputs);
    if (probability === undefined) {
      throw new RangeError(`${estimator}.predictProbability: there are no probabilities with the loss "${loss}"`);
    }
    return probability(this.#scores("predictProbability", features), classes.count);
  }

  /** @internal */
  restore(json: unknown): this {
    const where = `${this.#recipe.estimator}.fromJSON`;
    const { weights, intercepts, classes, runs, stream } = checkSaved(where, json, this.#recipe.estimator);
    const coefficients = coefficientsOf(where, weights, intercepts);
    this.#learnt = {
      coefficients,
      classes: importClasses(where, { coef_: [], intercept_: 0, classes_: classes! }, coefficients),
      runs: runs ?? [],
    };
    this.#stream = streamOf(where, stream);
    return this;
  }

  /** @internal */
  adopt(json: ScikitLearnCoefficients): this {
    const where = `${this.#recipe.estimator}.fromScikitLearn`;
    const coefficients = importCoefficients(where, json);
    this.#learnt = { coefficients, classes: importClasses(where, json, coefficients), runs: [] };
    return this;
  }

  /** The softmax is one problem, as are two classes; more are one problem each against the rest. */
  #problems(
    where: string,
    matrix: Matrix,
    classes: Classes,
    encoded: Int32Array,
    { sampleWeights }: FitOptions,
  ): Problem[] {
    const { terms, options } = this.#recipe;
    const { classWeights, intercept = true } = options;
    const problem = (labels: Int32Array, count: number): Problem => {
      const weights =
        classWeights === undefined
          ? sampleWeights
          : classWeights === "balanced"
            ? spread(labels, balanced(labels, count), sampleWeights)
            : spread(encoded, weightsOf(where, classWeights, classes), sampleWeights);
      const total = totalOf(where, matrix.rows, weights);
      return {
        ...matrix,
        ...terms(total, classes.count),
        labels,
        intercept,
        ...(weights && { sampleWeights: weights }),
      };
    };
    if (lossName(terms(1, classes.count).loss) === "softmax") return [problem(encoded, classes.count)];
    if (classes.count === 2) return [problem(encoded, 2)];
    return classes.labels.map((_, k) =>
      problem(
        encoded.map((index) => (index === k ? 1 : 0)),
        2,
      ),
    );
  }

  #scores(wanted: string, features: Features): Float64Array {
    const where = `${this.#recipe.estimator}.${wanted}`;
    const { coefficients } = this.#get(wanted);
    return coefficients.scores(where, matrixFor(where, features, { columns: coefficients.columns }));
  }

  #get(wanted: string): Learnt {
    if (this.#learnt !== undefined) return this.#learnt;
    throw new Error(`${this.#recipe.estimator}.${wanted}: nothing has been learnt yet: await fit first`);
  }
}
