import { checkBoolean, checkInteger, checkNames, checkNumber, checkOneOf, given, nonNegative } from "../check.js";
import { dtypeOf, type FloatArray } from "../memory/dtype.js";
import { CsrMatrix } from "./csr-matrix.js";

/** `logistic`: ln(1 + e^(-y p)) for labels -1 and 1, or 0 and 1. `squared`: (p - y)^2 / 2. */
export type LossName = "logistic" | "squared";

/**
 * Find w and b that minimise
 *
 *     F(w, b) = 1/n sum_i loss(x_i.w + b, y_i) + l2/2 |w|^2
 */
export interface Problem {
  /** The rows x_i: a typed array in row-major order, or a `csr` matrix. Its element type is the one of the kernels. */
  readonly features: FloatArray | CsrMatrix;
  /** How many rows, n. Default: as many as there are labels. */
  readonly rows?: number;
  /** How many columns. Default: those of the `csr` matrix, or `features.length / rows`. */
  readonly columns?: number;
  /** One number a row. */
  readonly labels: ArrayLike<number>;
  readonly loss: LossName;
  /** >= 0. Default 1/n. The intercept is not penalised. */
  readonly l2?: number;
  /** Whether there is an intercept b. Default `true`. */
  readonly intercept?: boolean;
}

/** A problem with everything decided and every number checked. */
export interface CheckedProblem {
  readonly features: FloatArray | CsrMatrix;
  readonly rows: number;
  readonly columns: number;
  /** -1 and 1 for the logistic loss. */
  readonly labels: Float64Array;
  readonly loss: LossName;
  readonly l2: number;
  readonly intercept: boolean;
}

const ENTRIES = ["features", "rows", "columns", "labels", "loss", "l2", "intercept"];

const MOST = 2 ** 31 - 1;

export function checkProblem(where: string, problem: Problem): CheckedProblem {
  if (typeof problem !== "object" || problem === null) {
    throw new TypeError(`${where}: the problem must be an object, got ${given(problem)}`);
  }
  checkNames(where, "entry of the problem", problem, ENTRIES);
  const { features, loss } = problem;
  checkOneOf(where, "loss", loss, ["logistic", "squared"]);
  const { rows, columns } =
    features instanceof CsrMatrix ? csrShape(where, problem, features) : denseShape(where, problem);
  return {
    features,
    rows,
    columns,
    labels: checkLabels(where, problem.labels, rows, loss),
    loss,
    l2: checkNumber(where, "l2", problem.l2 ?? 1 / rows, nonNegative),
    intercept: checkBoolean(where, "intercept", problem.intercept ?? true),
  };
}

interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

function csrShape(where: string, { rows, columns }: Problem, matrix: CsrMatrix): MatrixShape {
  if (rows !== undefined && rows !== matrix.rows) {
    throw new RangeError(`${where}: rows is ${rows}, the csr matrix has ${matrix.rows}`);
  }
  if (columns !== undefined && columns !== matrix.columns) {
    throw new RangeError(`${where}: columns is ${columns}, the csr matrix has ${matrix.columns}`);
  }
  if (matrix.values.length !== matrix.offsets[matrix.rows]) {
    throw new RangeError(`${where}: the values of the csr matrix have been detached`);
  }
  if (matrix.rows === 0) throw new RangeError(`${where}: the csr matrix has no rows`);
  return matrix;
}

function denseShape(where: string, { features, labels, rows, columns }: Problem): MatrixShape {
  if (dtypeOf(features) === undefined) {
    throw new TypeError(
      `${where}: features must be a Float32Array, a Float64Array or a csr matrix, got ${given(features)}`,
    );
  }
  const array = features as FloatArray;
  const n = checkInteger(where, "rows", rows ?? labels?.length, 1, MOST);
  const d = checkInteger(where, "columns", columns ?? array.length / n, 1, MOST);
  if (array.length !== n * d) {
    throw new RangeError(`${where}: features must have rows * columns = ${n * d} elements, got ${array.length}`);
  }
  for (let k = 0; k < array.length; k++) {
    if (!Number.isFinite(array[k])) {
      throw new RangeError(`${where}: features are ${array[k]} in row ${Math.floor(k / d)}, column ${k % d}`);
    }
  }
  return { rows: n, columns: d };
}

function checkLabels(where: string, labels: ArrayLike<number>, rows: number, loss: LossName): Float64Array {
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") {
    throw new TypeError(`${where}: labels must be an array of numbers, got ${given(labels)}`);
  }
  if (labels.length !== rows) throw new RangeError(`${where}: there must be ${rows} labels, got ${labels.length}`);
  const checked = Float64Array.from(labels);
  const bad = checked.findIndex((y) => !Number.isFinite(y));
  if (bad >= 0) throw new RangeError(`${where}: the label of row ${bad} is ${labels[bad]}`);
  if (loss === "logistic") {
    const low = checked.includes(0) ? 0 : -1;
    const foreign = checked.findIndex((y) => y !== low && y !== 1);
    if (foreign >= 0) {
      throw new RangeError(
        `${where}: labels must be -1 and 1, or 0 and 1, for the logistic loss, got ${checked[foreign]} in row ${foreign}`,
      );
    }
    for (let i = 0; i < rows; i++) if (checked[i] !== 1) checked[i] = -1;
  }
  return checked;
}
