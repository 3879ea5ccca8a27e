import { checkBoolean, checkInteger, checkNames, checkNumber, given, nonNegative } from "../check.js";
import { CsrMatrix } from "./csr-matrix.js";
import { type Features, type Matrix, matrixOf } from "./features.js";
import { type CheckedLoss, checkLabelList, checkLabels, checkLoss, type LossName, type LossOptions } from "./losses.js";
import { checkPenalty, type Penalty, type ProximalTerm } from "./penalty.js";

/**
 * Find w and b that minimise
 *
 * ```math
 * F(w, b) = (sum_i s_i loss(dot(x_i, w) + b, y_i)) / (sum_i s_i) + l2 / 2 ||w||^2 + l1 ||w||_1 + penalty(w)
 * ```
 */
export interface Problem {
  /**
   * The rows x_i: a typed array in row-major order, a `csr` matrix, or an array with one array a row, which is copied. The
   * element type is the one of the kernels; float64 for arrays of arrays.
   */
  readonly features: Features;
  /** How many rows, n. Default: as many as there are labels. */
  readonly rows?: number;
  /** How many columns. Default: those of the `csr` matrix or of the arrays, or `features.length / rows`. */
  readonly columns?: number;
  /** One number a row; with `outputs`, that many a row, row after row. For softmax the class of each row, from 0 on. */
  readonly labels: ArrayLike<number>;
  /** The loss by its name, or with its parameter as `{ kind: "huber", delta: 1.35 }`. */
  readonly loss: LossName | LossOptions;
  /** >= 0. Default 1/n, or 0 where there is an `l1` or a `penalty`. The intercept is not penalised. */
  readonly l2?: number;
  /** >= 0. Default 0. Beside `l2` it makes the elastic net. */
  readonly l1?: number;
  /** A further penalty, or a set in which the weights must lie. */
  readonly penalty?: Penalty;
  /** Whether there is an intercept b. Default `true`. */
  readonly intercept?: boolean;
  /** s_i, >= 0, one a row; a row of weight 2 counts as two rows. Default: all 1. */
  readonly sampleWeights?: ArrayLike<number>;
  /** >= 0, one a column: what `l1` and `l2` are multiplied by there. Default: all 1. */
  readonly penaltyWeights?: ArrayLike<number>;
  /** How many numbers are predicted for a row; for softmax how many classes. Default 1, or the greatest class plus 1. */
  readonly outputs?: number;
  /**
   * Divides every column by the root of its mean square before anything else, and the weights afterwards, so that those
   * that are returned are for the columns as given. The penalties act on the weights of the scaled columns. Default `false`.
   */
  readonly scaleColumns?: boolean;
}

/** A problem whose result has an intercept for every output. */
export type MultiProblem = Problem &
  ({ readonly loss: "softmax" | { readonly kind: "softmax" } } | { readonly outputs: number });

/** A problem with everything decided, and checked but for the numbers of dense rows, which `Run` checks as it places them. */
export interface CheckedProblem extends Matrix {
  readonly outputs: number;
  /** Whether the intercept is given as an array. */
  readonly multi: boolean;
  /** As the kernels want them: -1 and 1 for losses of signs. */
  readonly labels: Float64Array;
  readonly loss: CheckedLoss;
  readonly l2: number;
  readonly l1: number;
  readonly penalty: ProximalTerm | undefined;
  readonly intercept: boolean;
  /** With mean 1, so that sums over rows divide by n. */
  readonly sampleWeights: Float64Array | undefined;
  readonly penaltyWeights: Float64Array | undefined;
  readonly scaleColumns: boolean;
  /** What is taken off the columns as they are placed, where that helps: the intercept makes up for it. */
  readonly centres?: Float64Array;
}

const ENTRIES = [
  "features",
  "rows",
  "columns",
  "labels",
  "loss",
  "l2",
  "l1",
  "penalty",
  "intercept",
  "sampleWeights",
  "penaltyWeights",
  "outputs",
  "scaleColumns",
];

const MOST = 2 ** 31 - 1;

export function checkProblem(where: string, problem: Problem): CheckedProblem {
  if (typeof problem !== "object" || problem === null) {
    throw new TypeError(`${where}: the problem must be an object, got ${given(problem)}`);
  }
  checkNames(where, "entry of the problem", problem, ENTRIES);
  const loss = checkLoss(where, problem.loss);
  const givenOutputs =
    problem.outputs === undefined ? undefined : checkInteger(where, "outputs", problem.outputs, 1, MOST);
  checkLabelList(where, problem.labels);
  const perRow = loss.labels === "classes" ? 1 : (givenOutputs ?? 1);
  const { features, rows, columns } = matrixOfProblem(where, problem, perRow);
  const labels = checkLabels(where, problem.labels, rows * perRow, loss);
  const outputs = loss.labels === "classes" ? checkClasses(where, labels, givenOutputs) : perRow;
  const weights = checkWeights(where, "sampleWeights", problem.sampleWeights, rows, "row");
  const total = weights === undefined ? rows : weights.reduce((sum, s) => sum + s, 0);
  if (!(total > 0)) throw new RangeError(`${where}: sampleWeights must not all be 0`);
  const scaleColumns = checkBoolean(where, "scaleColumns", problem.scaleColumns ?? false);
  const penalty = problem.penalty === undefined ? undefined : checkPenalty(where, problem.penalty, columns, outputs);
  if (scaleColumns && penalty !== undefined && penalty.bounds === undefined) {
    throw new RangeError(
      `${where}: scaleColumns would turn the penalty "${penalty.kind}" into another; scale the features`,
    );
  }
  const l1 = checkNumber(where, "l1", problem.l1 ?? 0, nonNegative);
  const standard = problem.l1 === undefined && problem.penalty === undefined ? 1 / total : 0;
  return {
    features,
    rows,
    columns,
    outputs,
    multi: loss.labels === "classes" || givenOutputs !== undefined,
    labels,
    loss,
    l2: checkNumber(where, "l2", problem.l2 ?? standard, nonNegative),
    l1,
    penalty,
    intercept: checkBoolean(where, "intercept", problem.intercept ?? true),
    sampleWeights: weights?.map((s) => (s * rows) / total),
    penaltyWeights: checkWeights(where, "penaltyWeights", problem.penaltyWeights, columns, "column"),
    scaleColumns,
  };
}

function checkWeights(
  where: string,
  name: string,
  weights: ArrayLike<number> | undefined,
  length: number,
  of: string,
): Float64Array | undefined {
  if (weights === undefined) return undefined;
  if (weights?.length !== length) {
    throw new RangeError(`${where}: ${name} must have ${length} elements, one a ${of}, got ${weights?.length}`);
  }
  const text = Array.isArray(weights) ? weights.findIndex((s) => typeof s !== "number") : -1;
  if (text >= 0) throw new TypeError(`${where}: ${name} must be numbers, got ${given(weights[text])} in ${of} ${text}`);
  const checked = new Float64Array(weights);
  const bad = checked.findIndex((s) => !(s >= 0 && s < Number.POSITIVE_INFINITY));
  if (bad >= 0) throw new RangeError(`${where}: ${name} must be in [0, Infinity), got ${weights[bad]} in ${of} ${bad}`);
  return checked;
}

function checkClasses(where: string, labels: Float64Array, outputs: number | undefined): number {
  let greatest = 0;
  for (const y of labels) greatest = Math.max(greatest, y);
  if (outputs !== undefined && greatest >= outputs) {
    throw new RangeError(`${where}: there are ${outputs} outputs, and a label is ${greatest}`);
  }
  return outputs ?? Math.max(2, greatest + 1);
}

function matrixOfProblem(where: string, { features, labels, rows, columns }: Problem, perRow: number): Matrix {
  if (rows !== undefined) checkInteger(where, "rows", rows, 1, MOST);
  if (columns !== undefined) checkInteger(where, "columns", columns, 1, MOST);
  const matrix = matrixOf(where, features, { rows: rows ?? labels.length / perRow, columns });
  if (matrix.features instanceof CsrMatrix) checkCsr(where, matrix.features);
  if (rows !== undefined && rows !== matrix.rows) {
    throw new RangeError(`${where}: rows is ${rows}, features have ${matrix.rows}`);
  }
  if (columns !== undefined && columns !== matrix.columns) {
    throw new RangeError(`${where}: columns is ${columns}, features have ${matrix.columns}`);
  }
  return matrix;
}

function checkCsr(where: string, matrix: CsrMatrix): void {
  if (matrix.values.length !== matrix.offsets[matrix.rows]) {
    throw new RangeError(`${where}: the values of the csr matrix have been detached`);
  }
  if (matrix.rows === 0) throw new RangeError(`${where}: the csr matrix has no rows`);
}
