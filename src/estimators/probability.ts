import type { LossName } from "../finite-sum/index.js";

/** P(y = k | x) of every row and class from the scores, row by row. */
type Probability = (scores: Float64Array, outputs: number) => Float64Array;

/** 1 / (1 + e^-z), without overflow on either side. */
function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** Two classes and one score a row: that of the second class. */
const binary: Probability = (scores) => {
  const probabilities = new Float64Array(2 * scores.length);
  for (let i = 0; i < scores.length; i++) {
    probabilities[2 * i] = sigmoid(-scores[i]!);
    probabilities[2 * i + 1] = sigmoid(scores[i]!);
  }
  return probabilities;
};

/** e^{z_k} / sum_j e^{z_j}. */
const multinomial: Probability = (scores, outputs) => {
  const probabilities = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += outputs) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < outputs; k++) greatest = Math.max(greatest, scores[start + k]!);
    for (let k = 0; k < outputs; k++) probabilities[start + k] = Math.exp(scores[start + k]! - greatest);
    normalise(probabilities, start, outputs);
  }
  return probabilities;
};

/** The sigmoid of each class against the rest, divided by their sum; all alike where every one is 0. */
const oneVsRest: Probability = (scores, outputs) => {
  const probabilities = scores.map(sigmoid);
  for (let start = 0; start < scores.length; start += outputs) normalise(probabilities, start, outputs);
  return probabilities;
};

/** How scores become probabilities; undefined for a loss that says nothing of them. */
export function probabilityOf(loss: LossName, outputs: number): Probability | undefined {
  if (loss === "softmax") return multinomial;
  if (loss !== "logistic" && loss !== "sigmoid") return undefined;
  return outputs === 1 ? binary : oneVsRest;
}

function normalise(probabilities: Float64Array, start: number, count: number): void {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += probabilities[start + k]!;
  for (let k = 0; k < count; k++) {
    probabilities[start + k] = sum > 0 ? probabilities[start + k]! / sum : 1 / count;
  }
}
