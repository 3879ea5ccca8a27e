import { given } from "../check.js";
import type { Label } from "./classes.js";
import { Coefficients } from "./coefficients.js";
import type { Found } from "./found.js";
import type { StreamState } from "./stream.js";
import type { FitRun } from "./training.js";

/** An estimator as JSON: what `toJSON` gives and `fromJSON` takes. */
export interface SavedModel {
  readonly format: "schuss-model";
  readonly version: 1;
  /** The name of the class. */
  readonly estimator: string;
  /** The options it was made with, but for the engine. */
  readonly options: object;
  /** In the order of the outputs; of classifiers only. */
  readonly classes?: readonly Label[];
  /** One array an output. */
  readonly weights: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
  /** Of estimators that learn from streams: how far this one has come. */
  readonly stream?: StreamState;
  /** Of estimators that look for their penalty: what they have found. */
  readonly search?: Found;
  /** How the fit ended, problem by problem; empty where the coefficients came from elsewhere. */
  readonly runs: readonly FitRun[];
}

/** A model from JSON, checked; `where` and the estimator's name go into the errors. */
export function checkSaved(where: string, json: unknown, estimator?: string): SavedModel {
  const saved = json as SavedModel;
  if (typeof json === "string") {
    throw new TypeError(`${where}: a model must be an object, got a string: JSON.parse makes one of it`);
  }
  if (typeof json !== "object" || json === null || saved.format !== "schuss-model") {
    throw new TypeError(`${where}: this is no model: format must be "schuss-model", got ${given(saved?.format)}`);
  }
  if (saved.version !== 1) throw new RangeError(`${where}: version must be 1, got ${given(saved.version)}`);
  if (estimator !== undefined && saved.estimator !== estimator) {
    throw new RangeError(`${where}: this is a model of ${given(saved.estimator)}, not of "${estimator}"`);
  }
  return saved;
}

/** The options that a model of the named estimator was made with. */
export function optionsOf(estimator: string, json: unknown): object {
  return checkSaved(`${estimator}.fromJSON`, json, estimator).options ?? {};
}

/** Coefficients from rows of numbers, each as long as the first and finite. */
export function coefficientsOf(where: string, weights: unknown, intercepts: unknown): Coefficients {
  if (!isTable(weights) || weights[0] === undefined || weights[0].length === 0) {
    throw new TypeError(`${where}: the weights must be an array with an array of numbers an output`);
  }
  if (!Array.isArray(intercepts) || intercepts.length !== weights.length) {
    throw new TypeError(
      `${where}: the intercepts must be an array with one number for each of ${weights.length} outputs`,
    );
  }
  for (const value of [...weights.flat(), ...intercepts]) {
    if (!Number.isFinite(value))
      throw new TypeError(`${where}: coefficients must be finite numbers, got ${given(value)}`);
  }
  const columns = weights[0].length;
  const ragged = weights.find((row) => row.length !== columns);
  if (ragged !== undefined) {
    throw new RangeError(`${where}: all outputs must have ${columns} weights as the first has, got ${ragged.length}`);
  }
  return new Coefficients(
    weights.map((row) => Float64Array.from(row)),
    Float64Array.from(intercepts),
  );
}

function isTable(value: unknown): value is number[][] {
  return Array.isArray(value) && value.every(Array.isArray);
}
