// A softmax layer on minibatches, by AdamW. The layer's loss and gradient are plain JavaScript, the same function for
// both runs; only the optimizer differs.

import { adamw, parameters, schedules } from "schuss";
import { shuffled } from "./draws.js";
import { Stopwatch } from "./stopwatch.js";
import { adamwInPlainJavaScript } from "./twin-adamw.js";

/** @typedef {import("./data.js").Digits} Digits */

/** @typedef {import("./twin-linear.js").Floats} Floats */

/** @typedef {{ weights: Floats, bias: Floats }} Tensors of the weights: ten for each pixel */

/**
 * @typedef {object} Layer
 * @property {Tensors} values
 * @property {Tensors} gradients
 */

/**
 * @typedef {object} Point where a training stood
 * @property {number} steps
 * @property {number} seconds of the whole training so far
 * @property {number} stepSeconds of these, what the optimizer's steps took
 * @property {number} loss the mean over the batches since the point before
 */

/**
 * @typedef {object} Training
 * @property {Point[]} curve
 * @property {number} objective the mean loss over the training digits at the end
 * @property {number} accuracy the share of the test digits that were recognised
 */

/** @typedef {{ onEpoch: (epochs: number, point: Point) => unknown, signal: AbortSignal }} Hooks */

export const EPOCHS = 5;
export const BATCH = 128;
const CLASSES = 10;
const PEAK_RATE = 3e-3;

/** Points of the curve in an epoch, about. */
const POINTS = 20;

/**
 * Trains a layer with schuss.
 * @param {Digits} digits
 * @param {Digits} test
 * @param {Hooks} hooks
 */
export async function trainWithSchuss(digits, test, hooks) {
  const layer = parameters({ weights: [digits.columns, CLASSES], bias: CLASSES });
  const optimizer = adamw(layer, { learningRate: scheduleFor(digits) });
  try {
    return await train(layer, optimizer, digits, test, hooks);
  } finally {
    optimizer.dispose();
    layer.dispose();
  }
}

/**
 * Trains a layer with plain JavaScript.
 * @param {Digits} digits
 * @param {Digits} test
 * @param {Hooks} hooks
 */
export async function trainWithTwin(digits, test, hooks) {
  const tensors = () => ({ weights: new Float32Array(digits.columns * CLASSES), bias: new Float32Array(CLASSES) });
  const layer = { values: tensors(), gradients: tensors() };
  const optimizer = adamwInPlainJavaScript(layer, { learningRate: scheduleFor(digits) });
  return train(layer, optimizer, digits, test, hooks);
}

const batchesOf = (/** @type {Digits} */ { rows }) => Math.ceil(rows / BATCH);

const scheduleFor = (/** @type {Digits} */ digits) => schedules.cosine(PEAK_RATE, EPOCHS * batchesOf(digits));

/**
 * @param {Layer} layer
 * @param {{ step(): void }} optimizer
 * @param {Digits} digits
 * @param {Digits} test
 * @param {Hooks} hooks
 * @returns {Promise<Training>}
 */
async function train(layer, optimizer, digits, test, { onEpoch, signal }) {
  const batches = batchesOf(digits);
  const shuffle = shuffled(1);
  const order = new Int32Array(digits.rows);
  /** @type {Point[]} */
  const curve = [];
  const watch = new Stopwatch();
  let steps = 0;
  let stepSeconds = 0;
  let losses = 0;
  let lossesFrom = 0;
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    shuffle(order);
    for (let first = 0; first < digits.rows; first += BATCH) {
      losses += lossAndGradient(layer, digits, order.subarray(first, first + BATCH));
      const before = performance.now();
      optimizer.step();
      stepSeconds += (performance.now() - before) / 1000;
      steps++;
      if (steps % Math.ceil(batches / POINTS) === 0 || steps === EPOCHS * batches) {
        curve.push({ steps, seconds: watch.seconds, stepSeconds, loss: losses / (steps - lossesFrom) });
        losses = 0;
        lossesFrom = steps;
      }
      await watch.breathe(signal);
    }
    await watch.leaveOut(() => onEpoch(epoch, curve[curve.length - 1]));
  }
  return { curve, objective: evaluate(layer, digits).loss, accuracy: evaluate(layer, test).accuracy };
}

/**
 * The mean loss -ln p(label) over some rows. Its gradient is left in the layer.
 * @param {Layer} layer
 * @param {Digits} digits
 * @param {Int32Array} rows
 */
function lossAndGradient(layer, { pixels, labels, columns }, rows) {
  const values = { ...layer.values };
  const { weights, bias } = layer.gradients;
  const errors = new Float32Array(CLASSES);
  let losses = 0;
  weights.fill(0);
  bias.fill(0);
  for (let k = 0; k < rows.length; k++) {
    const from = rows[k] * columns;
    const label = labels[rows[k]];
    probabilities(values, pixels, from, columns, errors);
    losses -= Math.log(errors[label]);
    errors[label] -= 1;
    for (let c = 0; c < CLASSES; c++) {
      errors[c] /= rows.length;
      bias[c] += errors[c];
    }
    for (let j = 0; j < columns; j++) {
      const pixel = pixels[from + j];
      if (pixel === 0) continue;
      for (let c = 0, w = j * CLASSES; c < CLASSES; c++, w++) weights[w] += pixel * errors[c];
    }
  }
  return losses / rows.length;
}

/**
 * The mean loss and the share of digits that are recognised.
 * @param {Layer} layer
 * @param {Digits} digits
 */
function evaluate(layer, { pixels, labels, rows, columns }) {
  const values = { ...layer.values };
  const p = new Float32Array(CLASSES);
  let losses = 0;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    probabilities(values, pixels, row * columns, columns, p);
    losses -= Math.log(p[labels[row]]);
    if (p.indexOf(Math.max(...p)) === labels[row]) right++;
  }
  return { loss: losses / rows, accuracy: right / rows };
}

/**
 * p = softmax(x.weights + bias), for the image that begins at `from`. Four fifths of the pixels are 0: ten products are
 * worth the question.
 * @param {Tensors} values
 * @param {Digits["pixels"]} pixels
 * @param {number} from
 * @param {number} columns
 * @param {Float32Array} p
 */
function probabilities({ weights, bias }, pixels, from, columns, p) {
  p.set(bias);
  for (let j = 0; j < columns; j++) {
    const pixel = pixels[from + j];
    if (pixel === 0) continue;
    for (let c = 0, w = j * CLASSES; c < CLASSES; c++, w++) p[c] += pixel * weights[w];
  }
  let greatest = p[0];
  for (let c = 1; c < CLASSES; c++) greatest = Math.max(greatest, p[c]);
  let sum = 0;
  for (let c = 0; c < CLASSES; c++) {
    p[c] = Math.exp(p[c] - greatest);
    sum += p[c];
  }
  for (let c = 0; c < CLASSES; c++) p[c] /= sum;
}
