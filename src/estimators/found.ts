import { given } from "../check.js";
import { savedFolds } from "./folds.js";

/** What a search has found; part of a saved model. */
export interface Found {
  /** In the order in which they were given. */
  readonly penalties: readonly number[];
  /** One array a fold with one number a penalty, of the rows held out. */
  readonly measures: readonly (readonly number[])[];
  /** Which of the penalties is the best in the mean. */
  readonly best: number;
  /** How many of the fits did not end within their tolerance. */
  readonly unconverged: number;
}

/** What a saved model says of its search, checked. */
export function foundOf(where: string, saved: Found | undefined): Found {
  const { penalties, measures, best } = saved ?? ({} as Partial<Found>);
  if (!Array.isArray(penalties) || !Array.isArray(measures) || penalties[best!] === undefined) {
    throw new TypeError(`${where}: search must have penalties, measures and the best, got ${given(saved)}`);
  }
  return saved!;
}

/** Where an estimator keeps what its search has found. */
export class Finding {
  readonly #estimator: string;
  /** Undefined before the first search. */
  found: Found | undefined;

  constructor(estimator: string) {
    this.#estimator = estimator;
  }

  /** @throws Error, naming what was wanted, before the first search */
  get(wanted: string): Found {
    if (this.found !== undefined) return this.found;
    throw new Error(`${this.#estimator}.${wanted}: nothing has been learnt yet: await fit first`);
  }

  /** The best of the penalties. */
  penalty(wanted: string): number {
    const { penalties, best } = this.get(wanted);
    return penalties[best]!;
  }

  /** Has what was found while `fit` works, and from then on unless that fails. */
  async during<Result>(found: Found, fit: () => Promise<Result>): Promise<Result> {
    const before = this.found;
    this.found = found;
    try {
      return await fit();
    } catch (error) {
      this.found = before;
      throw error;
    }
  }

  /** A saved model, with what was found. */
  saved<Json extends { readonly options: object }>(json: Json): Json & { readonly search: Found } {
    return { ...json, options: savedFolds(json.options), search: this.get("toJSON") };
  }
}
