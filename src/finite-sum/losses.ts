import { checkNames, checkNumber, checkOneOf, given, type Interval, nonNegative, positive } from "../check.js";

/**
 * Losses of a prediction p and a label y, by name.
 *
 * For two classes, labels -1 and 1, or 0 and 1, which stand for -1 and 1, with z = y p:
 *
 * - `logistic`: ln(1 + e^-z)
 * - `hinge`: max(0, 1 - z); `squaredHinge`: its square
 * - `smoothedHinge`: 0 for z >= 1, (1 - z)^2 / (2 smoothing) for z > 1 - smoothing, else 1 - z - smoothing / 2; `smoothing` > 0, default 1
 * - `modifiedHuber`: max(0, 1 - z)^2 for z >= -1, else -4 z
 * - `perceptron`: max(0, -z)
 *
 * For more, labels 0, 1, ..., k - 1, and k predictions p_0, ..., p_(k-1):
 *
 * - `softmax`: ln(sum_j e^(p_j)) - p_y
 *
 * For numbers, with r = p - y:
 *
 * - `squared`: r^2 / 2; `absolute`: |r|
 * - `huber`: r^2 / 2 for |r| <= delta, else delta |r| - delta^2 / 2; `delta` > 0, default 1.35, the epsilon of
 *   scikit-learn's `HuberRegressor`
 * - `epsilonInsensitive`: max(0, |r| - epsilon); `epsilon` >= 0, default 0.1, as scikit-learn's `SGDRegressor` has it
 *
 * For counts, labels >= 0:
 *
 * - `poisson`: e^p - y p; p is the logarithm of the expected count
 *
 * For shares, labels in [0, 1], or -1 and 1, which stand for 0 and 1:
 *
 * - `sigmoid`: (1 / (1 + e^-p) - y)^2 / 2, which is not convex
 */
export type LossName =
  | "logistic"
  | "softmax"
  | "squared"
  | "absolute"
  | "hinge"
  | "squaredHinge"
  | "smoothedHinge"
  | "huber"
  | "modifiedHuber"
  | "epsilonInsensitive"
  | "poisson"
  | "perceptron"
  | "sigmoid";

/** A loss with its parameter, where it has one. */
export type LossOptions =
  | { readonly kind: "huber"; readonly delta?: number }
  | { readonly kind: "epsilonInsensitive"; readonly epsilon?: number }
  | { readonly kind: "smoothedHinge"; readonly smoothing?: number }
  | { readonly kind: Exclude<LossName, "huber" | "epsilonInsensitive" | "smoothedHinge"> };

/** What labels a loss takes: signs -1 and 1 (or 0 and 1), any numbers, counts, shares of 1, classes 0 .. k - 1. */
type LabelKind = "signs" | "numbers" | "counts" | "shares" | "classes";

interface LossInfo {
  /** Its code in the kernels: assembly/finite-sum/loss.ts, and 12 for softmax. */
  readonly code: number;
  readonly labels: LabelKind;
  readonly parameter?: { readonly name: string; readonly standard: number; readonly interval: Interval };
  /** The greatest second derivative in the prediction; infinite where there is a corner or no bound. */
  readonly curvature: (parameter: number) => number;
  /** Whether the loss is flat enough at every point for methods that need a gradient. */
  readonly smooth: boolean;
  /** Convex, with a conjugate that the kernels know: then there is a duality gap. */
  readonly dual: boolean;
}

const none = () => Number.POSITIVE_INFINITY;
const smooth = { smooth: true, dual: true };
const cornered = { smooth: false, dual: true, curvature: none };

const LOSSES: Record<LossName, LossInfo> = {
  logistic: { code: 0, labels: "signs", curvature: () => 1 / 4, ...smooth },
  squared: { code: 1, labels: "numbers", curvature: () => 1, ...smooth },
  absolute: { code: 2, labels: "numbers", ...cornered },
  hinge: { code: 3, labels: "signs", ...cornered },
  squaredHinge: { code: 4, labels: "signs", curvature: () => 2, ...smooth },
  smoothedHinge: {
    code: 5,
    labels: "signs",
    parameter: { name: "smoothing", standard: 1, interval: positive },
    curvature: (smoothing) => 1 / smoothing,
    ...smooth,
  },
  huber: {
    code: 6,
    labels: "numbers",
    parameter: { name: "delta", standard: 1.35, interval: positive },
    curvature: () => 1,
    ...smooth,
  },
  modifiedHuber: { code: 7, labels: "signs", curvature: () => 2, ...smooth },
  epsilonInsensitive: {
    code: 8,
    labels: "numbers",
    parameter: { name: "epsilon", standard: 0.1, interval: nonNegative },
    ...cornered,
  },
  poisson: { code: 9, labels: "counts", curvature: none, ...smooth },
  perceptron: { code: 10, labels: "signs", ...cornered },
  // The greatest second derivative in magnitude is at y = 0 with the sigmoid at 0.385643, or mirrored.
  sigmoid: { code: 11, labels: "shares", curvature: () => 0.0770293, smooth: true, dual: false },
  softmax: { code: 12, labels: "classes", curvature: () => 1 / 2, smooth: true, dual: false },
};

const NAMES = Object.keys(LOSSES) as LossName[];

/** A loss with everything decided. */
export interface CheckedLoss extends Omit<LossInfo, "parameter" | "curvature"> {
  readonly name: LossName;
  readonly parameter: number;
  readonly curvature: number;
}

/** Labels -1 and 1, counts, ... in a sentence. */
export const LABELS: Record<LabelKind, string> = {
  signs: "-1 and 1, or 0 and 1,",
  numbers: "numbers",
  counts: ">= 0",
  shares: "in [0, 1], or -1 and 1,",
  classes: "integers from 0 on",
};

export function checkLoss(where: string, loss: unknown): CheckedLoss {
  const options = typeof loss === "object" && loss !== null ? (loss as { kind: LossName }) : { kind: loss as LossName };
  const name = checkOneOf(where, "loss", options.kind, NAMES);
  const { parameter: described, curvature, ...info } = LOSSES[name];
  checkNames(where, `entry of the loss "${name}"`, options, described ? ["kind", described.name] : ["kind"]);
  let parameter = 0;
  if (described !== undefined) {
    const value = (options as Record<string, unknown>)[described.name] ?? described.standard;
    parameter = checkNumber(where, described.name, value, described.interval);
  }
  return { name, parameter, curvature: curvature(parameter), ...info };
}

export function checkLabelList(where: string, labels: ArrayLike<number>): void {
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") {
    throw new TypeError(`${where}: labels must be an array of numbers, got ${given(labels)}`);
  }
}

/** Labels as a loss's kernels want them: signs as -1 and 1. */
export function checkLabels(where: string, labels: ArrayLike<number>, count: number, loss: CheckedLoss): Float64Array {
  if (labels.length !== count) throw new RangeError(`${where}: there must be ${count} labels, got ${labels.length}`);
  if (Array.isArray(labels)) {
    const bad = labels.findIndex((label) => typeof label !== "number");
    if (bad >= 0) throw new TypeError(`${where}: the label of row ${bad} must be a number, got ${given(labels[bad])}`);
  }
  const checked = new Float64Array(labels);
  const bad = firstInfinite(checked);
  if (bad >= 0) throw new RangeError(`${where}: the label of row ${bad} is ${labels[bad]}`);
  const foreign = foreignLabel(checked, loss.labels);
  if (foreign >= 0) {
    throw new RangeError(
      `${where}: labels must be ${LABELS[loss.labels]} for the ${loss.name} loss, got ${checked[foreign]} in row ${foreign}`,
    );
  }
  if (loss.labels === "signs") for (let i = 0; i < count; i++) if (checked[i] !== 1) checked[i] = -1;
  if (loss.labels === "shares" && checked.includes(-1))
    for (let i = 0; i < count; i++) checked[i] = (checked[i]! + 1) / 2;
  return checked;
}

/** The first row whose label a loss does not take, -1 if there is none. A loop, since `findIndex` takes ten times as long. */
function foreignLabel(labels: Float64Array, kind: LabelKind): number {
  const signed = kind === "signs" ? !labels.includes(0) : kind === "shares" && labels.includes(-1);
  for (let i = 0; i < labels.length; i++) if (isForeign(labels[i]!, kind, signed)) return i;
  return -1;
}

/** Whether a label is none of a kind; `signed` says whether the lower of two is -1. */
function isForeign(y: number, kind: LabelKind, signed: boolean): boolean {
  switch (kind) {
    case "signs":
      return y !== 1 && y !== (signed ? -1 : 0);
    case "counts":
      return y < 0;
    case "shares":
      return signed ? y !== 1 && y !== -1 : y < 0 || y > 1;
    case "classes":
      return y < 0 || !Number.isInteger(y);
    default:
      return false;
  }
}

/** The first number that is not finite, -1 if there is none. */
function firstInfinite(numbers: Float64Array): number {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return i;
  return -1;
}
