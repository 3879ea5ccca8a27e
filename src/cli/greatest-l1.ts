import { greatestSlope } from "../estimators/greatest-slope.js";
import { UsageError } from "./errors.js";
import type { SolverFlags } from "./flags.js";
import type { DataSet } from "./input/data-set.js";

/**
 * The least l1 for which all weights are 0: the largest entry of the gradient there, with the intercept at its best. Of the
 * logistic loss (labels 0 and 1) and the squared one, whose best intercepts have a formula.
 */
export function greatestL1(data: DataSet, labels: ArrayLike<number>, flags: SolverFlags): number {
  const { loss, intercept, scaleColumns } = flags;
  if ((loss !== "logistic" && loss !== "squared") || scaleColumns) {
    throw new UsageError(
      "--from must be given, except for the losses logistic and squared on columns that are not scaled",
    );
  }
  let mean = 0;
  for (let i = 0; i < data.rows; i++) mean += labels[i]! / data.rows;
  const prediction = intercept ? mean : loss === "logistic" ? 0.5 : 0;
  const greatest = greatestSlope(data, (row) => (prediction - labels[row]!) / data.rows);
  if (greatest === 0) throw new UsageError("--from must be given: no column says anything of the labels");
  return greatest;
}
