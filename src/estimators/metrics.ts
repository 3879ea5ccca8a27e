import type { Label } from "./classes.js";

/** The share of labels that are predicted right, by weight. */
export function accuracy(labels: ArrayLike<Label>, predicted: ArrayLike<Label>, weights?: ArrayLike<number>): number {
  let right = 0;
  let all = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1;
    all += weight;
    if (labels[i] === predicted[i]) right += weight;
  }
  return right / all;
}

/** The mean of (y - p)^2, by weight. */
export function meanSquaredError(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let squares = 0;
  let all = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1;
    all += weight;
    squares += weight * (labels[i]! - predicted[i]!) ** 2;
  }
  return squares / all;
}

/**
 * R^2 = 1 - sum s (y - p)^2 / sum s (y - mean y)^2, the share of the variance that is explained. Where all labels are the
 * same: 1 if they are met exactly, else 0, as scikit-learn has it.
 */
export function determination(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let all = 0;
  let mean = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1;
    all += weight;
    mean += weight * labels[i]!;
  }
  mean /= all;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1;
    residual += weight * (labels[i]! - predicted[i]!) ** 2;
    total += weight * (labels[i]! - mean) ** 2;
  }
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
