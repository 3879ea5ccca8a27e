import type { Coefficients } from "../../estimators/coefficients.js";
import type { FitRun } from "../../estimators/training.js";
import { CsrMatrix } from "../../finite-sum/csr-matrix.js";
import { inFlags } from "../errors.js";
import type { MeasuredData } from "../input/measured.js";
import { count, seconds, short } from "./text.js";

/** What there is to say of data, for programs. */
export function dataSummary({ name, rows, columns, features, seconds }: MeasuredData) {
  const entries = features instanceof CsrMatrix ? features.values.length : features.length;
  return { name, rows, columns, entries, seconds };
}

/** The same for people. */
export function describeData(data: MeasuredData): string {
  const { name, rows, columns, entries, seconds: time } = dataSummary(data);
  const stored = data.features instanceof CsrMatrix ? `, ${entries} ${entries === 1 ? "entry" : "entries"}` : "";
  const labels = data.labelColumn === undefined ? "" : `, labels from ${titleOf(data.labelColumn)}`;
  return `${name}: ${count(rows, "row")}, ${count(columns, "column")}${stored}${labels}, read in ${seconds(time)}`;
}

function titleOf(column: string | number): string {
  return typeof column === "string" ? JSON.stringify(column) : `field ${column}`;
}

/** How a problem was solved. */
export function describeRun(run: FitRun): string {
  const { objective, gradientNorm, dualityGap, passes, seconds: time, converged, method, reason, advice } = run;
  const work = `${passes} ${passes === 1 ? "pass" : "passes"} of ${method} (${inFlags(reason)}) in ${seconds(time)}`;
  const gap = dualityGap === undefined ? "" : `, duality gap ${dualityGap.toExponential(1)}`;
  const end = `${converged ? "converged" : "NOT converged"}: gradient norm ${gradientNorm.toExponential(1)}${gap}`;
  const help = converged ? "" : `; ${advice === undefined ? "more --passes, or more time, may help" : inFlags(advice)}`;
  return `objective ${short(objective)} after ${work}; ${end}${help}`;
}

/** How many weights there are that are not 0. */
export function countWeights({ weights }: Coefficients): number {
  return weights.reduce((all, row) => row.reduce((sum, weight) => sum + (weight === 0 ? 0 : 1), all), 0);
}

/** Whether a model passes columns over; undefined where it does not. */
export function describeWeights(coefficients: Coefficients): string | undefined {
  const all = coefficients.columns * coefficients.outputs;
  const used = countWeights(coefficients);
  if (used === all) return undefined;
  return used === 0 ? "all weights are 0" : `${used} of ${all} weights are not 0`;
}
