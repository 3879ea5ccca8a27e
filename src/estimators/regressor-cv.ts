import { nonNegative } from "../check.js";
import { checkFinite } from "../finite-sum/features.js";
import { checkLabelList, checkLabels, checkLoss } from "../finite-sum/losses.js";
import { type Features, matrixFor } from "./features.js";
import type { FoldPathInput } from "./fold-path-data.js";
import { Finding, foundOf } from "./found.js";
import { greatestSlope } from "./greatest-slope.js";
import type { SolverOptions } from "./options.js";
import { Regressor } from "./regressor.js";
import type { SavedModel } from "./saved.js";
import { checkPenalties, findPenalty, geometric, type SearchOptions } from "./search.js";
import type { Terms } from "./terms.js";
import { checkFitOptions, type FitOptions, totalOf } from "./training.js";

/** What regressors take that look for their penalty. */
export interface RegressorCVOptions extends SolverOptions, SearchOptions {}

/** What tells one of them from another. */
interface RegressorCVRecipe {
  readonly estimator: string;
  /** Those of the candidates, and of the search. */
  readonly options: RegressorCVOptions & { readonly regularizations?: number | readonly number[] };
  readonly candidate: FoldPathInput["estimator"];
  /** The penalties, or how many; then 1e-3 of the least that leaves all weights at 0 is the last, of which l1 is this share. */
  readonly penalties: number | readonly number[];
  readonly l1Ratio: number;
  terms(total: number, regularization: number): Terms;
}

/** What all regressors can do that look for their penalty. */
export abstract class RegressorCV extends Regressor {
  readonly #recipe: RegressorCVRecipe;
  readonly #finding: Finding;

  /** @internal */
  protected constructor(recipe: RegressorCVRecipe) {
    const { estimator, options, terms } = recipe;
    const finding = new Finding(estimator);
    super({ estimator, options, terms: (total) => terms(total, finding.penalty("fit")) });
    this.#recipe = {
      ...recipe,
      penalties: checkPenalties(estimator, "regularizations", recipe.penalties, nonNegative),
    };
    this.#finding = finding;
  }

  /** The penalty that was found to be the best. */
  get regularization(): number {
    return this.#finding.penalty("regularization");
  }

  /** All penalties that were tried: those given, or from the strongest to the weakest. */
  get regularizations(): readonly number[] {
    return this.#finding.get("regularizations").penalties;
  }

  /** One array a fold with one number a penalty: the mean squared error of the rows held out. */
  get meanSquaredErrors(): readonly (readonly number[])[] {
    return this.#finding.get("meanSquaredErrors").measures;
  }

  /** How many of the fits of the search did not end within their tolerance. */
  get unconverged(): number {
    return this.#finding.get("unconverged").unconverged;
  }

  /**
   * Finds the penalty, and learns from all rows with it.
   * @param options reports, and limits on seconds, are of the last fit; `threads` do the folds side by side
   * @returns the estimator
   * @throws (rejects) what `fit` of other regressors rejects with
   */
  override async fit(features: Features, labels: ArrayLike<number>, options: FitOptions = {}): Promise<this> {
    const { estimator, options: own, candidate, penalties } = this.#recipe;
    const { regularizations: _, folds: __, ...shared } = own;
    const where = `${estimator}.fit`;
    checkFitOptions(where, options);
    checkLabelList(where, labels);
    const table = matrixFor(where, features, { rows: labels.length });
    checkFinite(where, table);
    checkLabels(where, labels, table.rows, checkLoss(where, "squared"));
    const search = {
      where,
      estimator: candidate,
      shared,
      changing: "regularization",
      penalties: () =>
        typeof penalties === "number" ? this.#downFromGreatest(where, table, labels, options) : penalties,
      greatest: false,
    } as const;
    const found = await findPenalty(search, own, table, labels, options);
    return this.#finding.during(found, () => super.fit(table.features, labels, options));
  }

  override toJSON(): SavedModel {
    return this.#finding.saved(super.toJSON());
  }

  /** @internal */
  override restore(json: unknown): this {
    this.#finding.found = foundOf(`${this.#recipe.estimator}.fromJSON`, (json as SavedModel)?.search);
    return super.restore(json);
  }

  #downFromGreatest(
    where: string,
    table: Parameters<typeof greatestSlope>[0],
    labels: ArrayLike<number>,
    { sampleWeights }: FitOptions,
  ): number[] {
    const { penalties, l1Ratio, options } = this.#recipe;
    if (l1Ratio === 0) throw new RangeError(`${where}: with l1Ratio 0 regularizations must be given as an array`);
    const total = totalOf(where, table.rows, sampleWeights);
    const share = (row: number) => (sampleWeights?.[row] ?? 1) / total;
    let mean = 0;
    for (let i = 0; options.intercept !== false && i < table.rows; i++) mean += share(i) * labels[i]!;
    const greatest = greatestSlope(table, (row) => share(row) * (mean - labels[row]!)) / l1Ratio;
    if (!(greatest > 0)) {
      throw new RangeError(
        `${where}: no column varies with the labels, so that no penalties follow from them; give regularizations as an array`,
      );
    }
    return geometric(greatest, greatest / 1000, penalties as number);
  }
}
