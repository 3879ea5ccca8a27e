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
 * @property {Ink} heldOut chooses the rate
 * @property {Ink} test
 */

/**
 * @typedef {object} Training
 * @property {number} rate
 * @property {[steps: number, objective: number][]} curve the mean loss over the first training images
 * @property {number} heldOut the mean loss over the images held out
 * @property {number} objective the mean loss over all training images at the end
 * @property {number} accuracy the share of the test images that were recognised
 */

/** Points of a curve after its start, at most, and how many images one is taken over. */
const POINTS = 16;
const IMAGES = 250;

/**
 * Trains at the default rate and at every rate of the rule's. All of them start from the same weights and see the same
 * batches; the one with the least loss on the images held out is the tuned one.
 * @param {Rule} rule
 * @param {Task} task
 * @param {AbortSignal} signal
 * @returns {Promise<{ atDefault: Training, tuned: Training }>}
 */
export async function trainByRule(rule, task, signal) {
  const atDefault = await train(rule, undefined, task, signal);
  let tuned = atDefault;
  for (const rate of rule.rates) {
    if (rate === atDefault.rate) continue;
    const training = await train(rule, rate, task, signal);
    // A training that has gone to NaN is no better than any.
    if (training.heldOut < tuned.heldOut || Number.isNaN(tuned.heldOut)) tuned = training;
  }
  return { atDefault, tuned };
}

/**
 * @param {Rule} rule
 * @param {number | undefined} learningRate
 * @param {Task} task
 * @param {AbortSignal} signal
 * @returns {Promise<Training>}
 */
async function train(rule, learningRate, { sizes, epochs, batch, train, heldOut, test }, signal) {
  const network = new Network(sizes, 1);
  const optimizer = rule.create(network.parameters, learningRate);
  try {
    const rate = optimizer.learningRate;
    const settled = (body) => (rule.averages ? optimizer.withAverages(body) : body());
    const total = epochs * Math.ceil(train.rows / batch);
    const gap = Math.ceil(total / POINTS);
    const watch = new Stopwatch();
    const shuffle = shuffled(1);
    const order = new Int32Array(train.rows);
    const point = (/** @type {number} */ steps) => [steps, settled(() => network.evaluate(train, IMAGES).loss)];
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
    return settled(() => ({
      rate,
      curve,
      heldOut: network.evaluate(heldOut).loss,
      objective: network.evaluate(train).loss,
      accuracy: network.evaluate(test).accuracy,
    }));
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}
