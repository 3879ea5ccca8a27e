import { checkNumber, nonNegative } from "../check.js";
import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import { checkFinite } from "../finite-sum/features.js";
import type { MinimizeOptions, Problem } from "../finite-sum/index.js";
import { checkLoss } from "../finite-sum/losses.js";
import type { Coefficients } from "./coefficients.js";
import type { Matrix } from "./features.js";
import { type FitOptions, type Trained, train } from "./training.js";

/** How far a stream has come; part of a saved model. */
export interface StreamState {
  /** How many rows have been gone through, and in how many calls. */
  readonly rows: number;
  readonly calls: number;
  /** The greatest smoothness constant so far, of which the step is the inverse. */
  readonly smoothness: number;
}

export const FRESH: StreamState = { rows: 0, calls: 0, smoothness: 0 };

export interface Stepped {
  readonly trained: Trained;
  readonly stream: StreamState;
}

/**
 * One pass of SGD over rows that have just come, from the coefficients as they are. With l2 the step goes on falling as
 * t / (1 + t l2 rows), to the letter of one long run; without, as t / sqrt(1 + calls).
 */
export async function step(
  where: string,
  problems: readonly Problem[],
  solver: MinimizeOptions,
  options: FitOptions,
  before: Coefficients | undefined,
  { rows, calls, smoothness }: StreamState,
): Promise<Stepped> {
  const greatest = problems.reduce((most, problem) => Math.max(most, smoothnessOf(problem)), smoothness);
  if (!Number.isFinite(greatest)) checkFinite(where, problems[0] as Matrix);
  const first = solver.stepSize ?? 1 / greatest;
  const { l2 = 0, rows: count = 0 } = problems[0]!;
  const stepSize = l2 > 0 ? first / (1 + first * l2 * rows) : first / Math.sqrt(1 + calls);
  const seed = (solver.seed ?? 0) + calls;
  const once = { ...solver, method: "sgd", passes: 1, tolerance: 0, stepSize, seed } as const;
  const trained = await train(where, problems, once, options, before);
  return { trained, stream: { rows: rows + count, calls: calls + 1, smoothness: greatest } };
}

/** That of the row with the longest norm; where the loss has corners, of the mean row, its slope being at most 1. */
function smoothnessOf({ features, rows = 0, columns = 0, sampleWeights, loss, l2 = 0 }: Problem): number {
  const { smooth, curvature } = checkLoss("step", loss);
  let total = 0;
  let sum = 0;
  let greatest = 0;
  for (let i = 0; i < rows; i++) {
    const weight = sampleWeights?.[i] ?? 1;
    const weighted = weight * (squaredNorm(features as Matrix["features"], i, columns) + 1);
    total += weight;
    sum += weighted;
    greatest = Math.max(greatest, weighted);
  }
  return l2 + (smooth ? (curvature * greatest * rows) / total : sum / total);
}

function squaredNorm(features: Matrix["features"], row: number, columns: number): number {
  const sparse = features instanceof CsrMatrix;
  const values = sparse ? features.values : features;
  const first = sparse ? features.offsets[row]! : row * columns;
  const last = sparse ? features.offsets[row + 1]! : first + columns;
  let sum = 0;
  for (let k = first; k < last; k++) sum += values[k]! ** 2;
  return sum;
}

/** The state in a saved model, checked; a fresh one where there is none. */
export function streamOf(where: string, saved: StreamState | undefined): StreamState {
  if (saved === undefined) return FRESH;
  for (const name of ["rows", "calls", "smoothness"] as const) {
    checkNumber(where, `stream.${name}`, saved[name], nonNegative);
  }
  return saved;
}
