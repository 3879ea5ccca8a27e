import { CsrMatrix } from "../finite-sum/csr-matrix.js";
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
  const gradient = new Float64Array(data.columns);
  const { features, columns } = data;
  for (let i = 0; i < data.rows; i++) {
    const slope = (prediction - labels[i]!) / data.rows;
    if (features instanceof CsrMatrix) {
      const { values, indices, offsets } = features;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) gradient[indices[k]!]! += slope * values[k]!;
    } else {
      for (let j = 0; j < columns; j++) gradient[j]! += slope * features[i * columns + j]!;
    }
  }
  const greatest = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  if (greatest === 0) throw new UsageError("--from must be given: no column says anything of the labels");
  return greatest;
}
