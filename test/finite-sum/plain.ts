// The objective and its minimum in plain JavaScript, on its own formulas: what the solvers are measured against.

import type { LossName } from "../../src/finite-sum/index.js";
import type { Rows } from "./data.js";

interface Point {
  readonly weights: ArrayLike<number>;
  readonly intercept: number;
}

interface Penalty {
  readonly l2: number;
  readonly intercept: boolean;
}

const predict = (row: readonly number[], { weights, intercept }: Point) =>
  row.reduce((sum, value, j) => sum + value * weights[j]!, intercept);

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** The losses of one output, with their standard parameters: delta 1.35, epsilon 0.1, smoothing 1. */
export type PlainLoss = Exclude<LossName, "softmax">;

const hinged = (p: number, y: number) => Math.max(1 - y * p, 0);

export const lossOf: Record<PlainLoss, (prediction: number, label: number) => number> = {
  logistic: (p, y) => Math.log1p(Math.exp(-Math.abs(p))) + Math.max(-y * p, 0),
  squared: (p, y) => (p - y) ** 2 / 2,
  absolute: (p, y) => Math.abs(p - y),
  hinge: hinged,
  squaredHinge: (p, y) => hinged(p, y) ** 2,
  smoothedHinge: (p, y) => (hinged(p, y) < 1 ? hinged(p, y) ** 2 / 2 : hinged(p, y) - 1 / 2),
  huber: (p, y) => (Math.abs(p - y) <= 1.35 ? (p - y) ** 2 / 2 : 1.35 * Math.abs(p - y) - 1.35 ** 2 / 2),
  modifiedHuber: (p, y) => (y * p >= -1 ? hinged(p, y) ** 2 : -4 * y * p),
  epsilonInsensitive: (p, y) => Math.max(Math.abs(p - y) - 0.1, 0),
  poisson: (p, y) => Math.exp(p) - y * p,
  perceptron: (p, y) => Math.max(-y * p, 0),
  sigmoid: (p, y) => (sigmoid(p) - y) ** 2 / 2,
};

export const slopeOf: Record<PlainLoss, (prediction: number, label: number) => number> = {
  logistic: (p, y) => -y * sigmoid(-y * p),
  squared: (p, y) => p - y,
  absolute: (p, y) => Math.sign(p - y),
  hinge: (p, y) => (y * p < 1 ? -y : 0),
  squaredHinge: (p, y) => -2 * y * hinged(p, y),
  smoothedHinge: (p, y) => -y * Math.min(hinged(p, y), 1),
  huber: (p, y) => Math.sign(p - y) * Math.min(Math.abs(p - y), 1.35),
  modifiedHuber: (p, y) => -y * Math.min(2 * hinged(p, y), 4),
  epsilonInsensitive: (p, y) => (Math.abs(p - y) > 0.1 ? Math.sign(p - y) : 0),
  poisson: (p, y) => Math.exp(p) - y,
  perceptron: (p, y) => (y * p <= 0 ? -y : 0),
  sigmoid: (p, y) => (sigmoid(p) - y) * sigmoid(p) * sigmoid(-p),
};

/** Where Newton's method is used. */
const curvatureOf: Partial<Record<PlainLoss, (prediction: number) => number>> = {
  logistic: (p) => sigmoid(p) * sigmoid(-p),
  squared: () => 1,
  poisson: (p) => Math.exp(p),
};

/** The gradient of F in the weights, then in the intercept. */
function gradientAt(loss: PlainLoss, { x, y }: Rows, { l2, intercept }: Penalty, point: Point): number[] {
  const gradient = [...Array.from(point.weights, (w) => l2 * w), 0];
  x.forEach((row, i) => {
    const slope = slopeOf[loss](predict(row, point), y[i]!) / x.length;
    row.forEach((value, j) => {
      gradient[j]! += slope * value;
    });
    if (intercept) gradient[row.length]! += slope;
  });
  return gradient;
}

export function evaluate(loss: PlainLoss, rows: Rows, penalty: Penalty, point: Point) {
  const { x, y } = rows;
  const mean = x.reduce((sum, row, i) => sum + lossOf[loss](predict(row, point), y[i]!), 0) / x.length;
  const squares = Array.from(point.weights).reduce((sum, w) => sum + w * w, 0);
  return {
    objective: mean + (penalty.l2 / 2) * squares,
    gradientNorm: Math.hypot(...gradientAt(loss, rows, penalty, point)),
  };
}

/** The minimum, by Newton's method from 0; for the squared loss the first iteration solves the normal equations. */
export function minimumOf(loss: PlainLoss, rows: Rows, penalty: Penalty): Point {
  const columns = rows.x[0]!.length;
  let weights = new Array<number>(columns).fill(0);
  let intercept = 0;
  for (let iteration = 0; iteration < 50; iteration++) {
    const point = { weights, intercept };
    const gradient = gradientAt(loss, rows, penalty, point);
    if (Math.hypot(...gradient) < 1e-13) return point;
    const step = solveLinear(hessianAt(loss, rows, penalty, point), gradient);
    weights = weights.map((w, j) => w - step[j]!);
    intercept -= step[columns]!;
  }
  throw new Error("Newton's method does not settle on this problem");
}

function hessianAt(loss: PlainLoss, { x }: Rows, { l2, intercept }: Penalty, point: Point): number[][] {
  const columns = point.weights.length;
  const hessian = Array.from({ length: columns + 1 }, (_, j) =>
    Array.from({ length: columns + 1 }, (_, k) => (j === k && j < columns ? l2 : 0)),
  );
  for (const row of x) {
    const curvature = curvatureOf[loss]!(predict(row, point)) / x.length;
    const extended = [...row, intercept ? 1 : 0];
    extended.forEach((a, j) => {
      extended.forEach((b, k) => {
        hessian[j]![k]! += curvature * a * b;
      });
    });
  }
  if (!intercept) hessian[columns]![columns] = 1;
  return hessian;
}

/** Gaussian elimination with partial pivoting. */
function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let rest = rows[k]![n]!;
    for (let j = k + 1; j < n; j++) rest -= rows[k]![j]! * solution[j]!;
    solution[k] = rest / rows[k]![k]!;
  }
  return solution;
}

/** The greatest difference of weights and intercept. */
export function distance(a: Point, b: Point): number {
  const weights = Array.from(a.weights, (w, j) => Math.abs(w - b.weights[j]!));
  return Math.max(Math.abs(a.intercept - b.intercept), ...weights);
}
