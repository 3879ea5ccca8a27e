import { CsrMatrix } from "./csr-matrix.js";
import type { CheckedProblem } from "./problem.js";

/** Entries that may be touched where nothing else is said; a row takes the time of ten beside its own. */
const WORK = 1e8;
const ROW = 10;
const LEAST = 100;
const MOST = 10_000;

/** How many passes there may be at most where nothing else is said. */
export function standardPasses({ features, rows }: Pick<CheckedProblem, "features" | "rows">): number {
  const entries = features instanceof CsrMatrix ? features.values.length : features.length;
  return Math.min(Math.max(Math.floor(WORK / (entries + ROW * rows)), LEAST), MOST);
}
