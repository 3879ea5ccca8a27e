import { breathe } from "../finite-sum/breathe.js";
import { type RandomBits, randomBits } from "../finite-sum/sampling.js";
import type { TaskContext } from "./task-context.js";

/** Derivative of a loss in the prediction, for labels -1 and 1 or numbers. */
const slopes = {
  logistic: (prediction: number, label: number) => -label / (1 + Math.exp(label * prediction)),
  squared: (prediction: number, label: number) => prediction - label,
  squaredHinge: (prediction: number, label: number) => -2 * label * Math.max(1 - label * prediction, 0),
};

export type HogwildLoss = keyof typeof slopes;

export const HOGWILD_LOSSES = Object.keys(slopes) as HogwildLoss[];

export interface HogwildInput {
  readonly values: Float32Array | Float64Array;
  readonly indices: Int32Array;
  readonly offsets: Int32Array;
  readonly labels: Float64Array;
  readonly loss: HogwildLoss;
  /** In shared memory: the weights, and after them the intercept. All workers read and write it as they please. */
  readonly point: Float64Array;
  readonly intercept: boolean;
  /** l2 over the share of rows that have a column: visited that much rarer, it pays that much more a visit. */
  readonly shrinkage: Float64Array;
  readonly stepSize: number;
  /** What the step is multiplied by after every pass. */
  readonly decay: number;
  readonly passes: number;
  readonly seed: number;
  /** In shared memory: how many bursts of steps have been claimed by all workers. */
  readonly claimed: Int32Array;
}

/** How long a worker works before it listens, in milliseconds. */
const TURN = 30;

/** Steps in a burst: claimed one by one, so that a worker that comes late or is held up leaves its share to the others. */
const BURST = 1024;

/** A worker of Hogwild as a task: steps without a lock, until all have been claimed. */
export async function hogwildTask(input: HogwildInput, { signal }: TaskContext): Promise<void> {
  const { labels, passes, stepSize, decay, claimed } = input;
  const bits = randomBits(input.seed);
  const perPass = Math.ceil(labels.length / BURST);
  let turnEnds = performance.now() + TURN;
  for (;;) {
    const burst = Atomics.add(claimed, 0, 1);
    const pass = Math.floor(burst / perPass);
    if (pass >= passes) return;
    const steps = Math.min(BURST, labels.length - BURST * (burst % perPass));
    run(input, bits, steps, stepSize * decay ** pass);
    if (performance.now() < turnEnds) continue;
    await breathe();
    signal.throwIfAborted();
    turnEnds = performance.now() + TURN;
  }
}

function run(input: HogwildInput, bits: RandomBits, count: number, stepSize: number): void {
  const { values, indices, offsets, labels, point, shrinkage } = input;
  const slope = slopes[input.loss];
  const rows = labels.length;
  const last = point.length - 1;
  for (let step = 0; step < count; step++) {
    const row = Math.floor((bits() * rows) / 2 ** 32);
    const begin = offsets[row]!;
    const end = offsets[row + 1]!;
    let prediction = point[last]!;
    for (let k = begin; k < end; k++) prediction += values[k]! * point[indices[k]!]!;
    const move = stepSize * slope(prediction, labels[row]!);
    for (let k = begin; k < end; k++) {
      const j = indices[k]!;
      point[j] = (point[j]! - move * values[k]!) / (1 + stepSize * shrinkage[j]!);
    }
    if (input.intercept) point[last] = point[last]! - move;
  }
}
