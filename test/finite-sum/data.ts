import { csr, type LossName, type Problem } from "../../src/finite-sum/index.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";

/** Rows and labels as plain numbers. */
export interface Rows {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
}

/**
 * Rows with about half of their entries 0, and labels of a linear model with noise: 1 and -1 for the logistic loss. All
 * numbers are float32, so that one problem serves in both dtypes.
 */
export function makeRows(loss: LossName, rows: number, columns: number, seed: number): Rows {
  const normal = normalNumbers(seed);
  const uniform = uniformNumbers(seed + 1);
  const truth = Array.from({ length: columns }, normal);
  const x = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => (uniform() < 0.5 ? 0 : Math.fround(normal()))),
  );
  const y = x.map((row) => {
    const response = row.reduce((sum, value, j) => sum + value * truth[j]!, 0.5) + normal();
    return loss === "logistic" ? (response > 0 ? 1 : -1) : Math.fround(response);
  });
  return { x, y };
}

export const layouts = ["dense float32", "dense float64", "csr float32", "csr float64"] as const;
export type LayoutName = (typeof layouts)[number];

/** The rows in a layout and dtype, as the features of a problem. */
function features({ x }: Rows, layout: LayoutName): Pick<Problem, "features" | "rows" | "columns"> {
  const array = layout.endsWith("float32") ? Float32Array : Float64Array;
  const columns = x[0]!.length;
  if (layout.startsWith("dense")) return { features: new array(x.flat()), rows: x.length, columns };
  const values: number[] = [];
  const indices: number[] = [];
  const offsets = [0];
  for (const row of x) {
    row.forEach((value, column) => {
      if (value === 0) return;
      values.push(value);
      indices.push(column);
    });
    offsets.push(values.length);
  }
  return { features: csr({ values: new array(values), indices, offsets, columns }) };
}

export function problemOf(rows: Rows, layout: LayoutName, loss: LossName, others: Partial<Problem> = {}): Problem {
  return { ...features(rows, layout), labels: rows.y, loss, ...others };
}
