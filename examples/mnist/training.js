// A network trained by one rule: at its default rate, and at the best of those tried.

import { shuffled } from "./draws.js";
import { Network } from "./network.js";
import { Stopwatch } from "./stopwatch.js";

/** @typedef {import("./ink.js").Ink} Ink */
/** @typedef {import("./rules.js").Rule} Rule */

/**
 * @typedef {object} Task
 * @property {number[]} sizes of the network's layers
 * @property {number} epochs
 * @property {number} batch
 * @property {Ink} train
 * @property {number} sample how many of the first images of `train` a point of the curve is taken over
 * @property {Ink} heldOut chooses the rate
 * @property {Ink} test
 */

/**
 * @typedef {object} Run
 * @property {number} rate
 * @property {[steps: number, objective: number][]} curve the mean loss over a sample of the training images
 * @property {number} heldOut the mean loss over the images held out, at the end
 * @property {[name: string, tensor: Float32Array][]} parameters what it came to
 */

/** @typedef {{ objective: number, accuracy: number }} Quality mean loss on all training images, share of the test's */

/** @typedef {Run & Quality} Training */

/** Points of a curve after its start, at most. */
const POINTS = 16;

const SEED = 1;

/**
 * Trains at the default rate and at every rate of the rule's. All runs start from the same weights and see the same
 * batches; the one with the least loss on the images held out is the tuned one.
 * @param {Rule} rule
 * @param {Task} task
 * @param {AbortSignal} signal
 * @returns {Promise<{ atDefault: Training, tuned: Training }>}
 */
export async function trainByRule(rule, task, signal) {
  const network = new Network(task.sizes);
  try {
    const atDefault = await run(network, rule, undefined, task, signal);
    let tuned = atDefault;
    for (const rate of rule.rates) {
      if (rate === atDefault.rate) continue;
      const other = await run(network, rule, rate, task, signal);
      // A run that has gone to NaN is no better than any.
      if (other.heldOut < tuned.heldOut || Number.isNaN(tuned.heldOut)) tuned = other;
    }
    return { atDefault: judge(network, atDefault, task), tuned: judge(network, tuned, task) };
  } finally {
    network.dispose();
  }
}

/**
 * @param {Network} network
 * @param {Rule} rule
 * @param {number | undefined} learningRate
 * @param {Task} task
 * @param {AbortSignal} signal
 * @returns {Promise<Run>}
 */
async function run(network, rule, learningRate, { epochs, batch, train, sample, heldOut }, signal) {
  network.start(SEED);
  const optimizer = rule.create(network.parameters, learningRate);
  try {
    const rate = optimizer.learningRate;
    const settled = (body) => (rule.averages ? optimizer.withAverages(body) : body());
    const total = epochs * Math.ceil(train.rows / batch);
    const gap = Math.ceil(total / POINTS);
    const watch = new Stopwatch();
    const shuffle = shuffled(SEED);
    const order = new Int32Array(train.rows);
    const point = (/** @type {number} */ steps) => [steps, settled(() => network.evaluate(train, sample).loss)];
    const curve = [point(0)];
    for (let epoch = 0, steps = 0; epoch < epochs; epoch++) {
      shuffle(order);
      for (let first = 0; first < train.rows; first += batch) {
        const rows = order.subarray(first, first + batch);
        optimizer.step(() => void network.lossAndGradient(train, rows));
        if (++steps % gap === 0 || steps === total) curve.push(point(steps));
        await watch.breathe(signal);
      }
    }
    const copies = () => Object.entries(network.parameters.values).map(([name, tensor]) => [name, tensor.slice()]);
    return settled(() => ({ rate, curve, heldOut: network.evaluate(heldOut).loss, parameters: copies() }));
  } finally {
    optimizer.dispose();
  }
}

/**
 * @param {Network} network
 * @param {Run} run
 * @param {Task} task
 * @returns {Training}
 */
function judge(network, run, { train, test }) {
  for (const [name, tensor] of run.parameters) network.parameters.values[name].set(tensor);
  return { ...run, objective: network.evaluate(train).loss, accuracy: network.evaluate(test).accuracy };
}
