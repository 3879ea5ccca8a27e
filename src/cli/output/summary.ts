import type { FitRun } from "../../estimators/training.js";
import { CsrMatrix } from "../../finite-sum/csr-matrix.js";
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
  return `${name}: ${count(rows, "row")}, ${count(columns, "column")}${stored}, read in ${seconds(time)}`;
}

/** How a problem was solved. */
export function describeRun(run: FitRun): string {
  const { objective, gradientNorm, dualityGap, passes, seconds: time, converged, method, reason, advice } = run;
  const work = `${passes} ${passes === 1 ? "pass" : "passes"} of ${method} (${reason}) in ${seconds(time)}`;
  const gap = dualityGap === undefined ? "" : `, duality gap ${dualityGap.toExponential(1)}`;
  const end = `${converged ? "converged" : "NOT converged"}: gradient norm ${gradientNorm.toExponential(1)}${gap}`;
  return `objective ${short(objective)} after ${work}; ${end}${advice === undefined ? "" : `; ${advice}`}`;
}
