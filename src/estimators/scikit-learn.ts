import { given } from "../check.js";
import { Classes, checkLabels, type Label } from "./classes.js";
import type { Coefficients } from "./coefficients.js";
import { coefficientsOf } from "./saved.js";

/**
 * The coefficients of a fitted estimator of scikit-learn, as JSON. In Python:
 *
 *     json.dumps({name: getattr(model, name).tolist() for name in ("coef_", "intercept_", "classes_")})
 *
 * for a classifier; a regressor has no `classes_`.
 */
export interface ScikitLearnCoefficients {
  /** A row of weights an output, or the weights of the only one. */
  readonly coef_: readonly number[] | readonly (readonly number[])[];
  /** A number an output, or the only one; 0 where the estimator has `fit_intercept=False`. */
  readonly intercept_: number | readonly number[];
  /** The classes in the order of scikit-learn. */
  readonly classes_?: readonly Label[];
}

/** The coefficients as they are here: one array of weights and one intercept an output. */
export function importCoefficients(where: string, json: ScikitLearnCoefficients): Coefficients {
  if (typeof json !== "object" || json === null || !Array.isArray(json.coef_)) {
    throw new TypeError(`${where}: coef_ must be an array, got ${given(json?.coef_)}`);
  }
  const weights = Array.isArray(json.coef_[0]) ? json.coef_ : [json.coef_];
  const { intercept_ } = json;
  // Without an intercept scikit-learn has 0.0, however many outputs there are.
  const intercepts = typeof intercept_ === "number" ? weights.map(() => intercept_) : intercept_;
  return coefficientsOf(where, weights, intercepts);
}

/** The classes that belong to the coefficients: two for one output, else one an output. */
export function importClasses(
  where: string,
  { classes_ }: ScikitLearnCoefficients,
  { outputs }: Coefficients,
): Classes {
  if (classes_ === undefined) throw new TypeError(`${where}: classes_ must be an array, got undefined`);
  checkLabels(where, classes_);
  const count = outputs === 1 ? 2 : outputs;
  if (classes_.length !== count || new Set(classes_).size !== count) {
    throw new RangeError(
      `${where}: classes_ must name ${count} classes, coef_ having ${outputs} rows, got ${classes_.length}`,
    );
  }
  return new Classes(classes_);
}
