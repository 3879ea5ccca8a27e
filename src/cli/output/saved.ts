import type { SavedModel } from "../../estimators/saved.js";
import { defined } from "../flags.js";
import type { DataSet } from "../input/data-set.js";
import type { Model } from "../model.js";

/** What the data called its columns, kept beside a model so that other data can be held against it. */
export interface Names {
  readonly columns?: readonly string[];
  /** Of the labels. */
  readonly label?: string;
}

/** A model as `fromJSON` takes it, and the names of its columns. */
export function saved(model: Model, { names, labelColumn }: DataSet): SavedModel & Names {
  const label = typeof labelColumn === "string" ? labelColumn : undefined;
  return { ...model.toJSON(), ...defined({ columns: names, label }) };
}
