// A network of dense layers with rectified units between them and a softmax at the end. A row of weights belongs to an
// input, so that an input that is 0 costs nothing and every other one is a call of `axpy`: the package's own kernels, over
// the memory where its parameters live anyway.

import { parameters } from "schuss";
import { reals } from "./draws.js";

/** @typedef {import("./ink.js").Ink} Ink */

/**
 * @typedef {object} Layer where in memory, in bytes, things are
 * @property {number} inputs
 * @property {number} outputs
 * @property {{ weights: number, bias: number }} values
 * @property {{ weights: number, bias: number }} gradients
 * @property {number} sums what the layer computes
 * @property {number} errors the derivative of the loss in these
 */

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

export class Network {
  #kernels;
  /** What the layers compute as values, the derivatives of the loss in that as gradients. */
  #outputs;
  /** @type {Layer[]} */
  #layers;

  /** @param {number[]} sizes the pixels, the units of each hidden layer, the classes */
  constructor(sizes) {
    const numbers = sizes.slice(1).map((_, k) => k + 1);
    const shapes = numbers.flatMap((k) => [
      [`weights${k}`, [sizes[k - 1], sizes[k]]],
      [`bias${k}`, sizes[k]],
    ]);
    this.parameters = parameters(Object.fromEntries(shapes));
    this.#outputs = parameters(Object.fromEntries(numbers.map((k) => [`layer${k}`, sizes[k]])));
    this.#kernels = this.parameters.engine.kernels;
    const { values, gradients } = this.parameters;
    this.#layers = numbers.map((k) => ({
      inputs: sizes[k - 1],
      outputs: sizes[k],
      values: { weights: values[`weights${k}`].byteOffset, bias: values[`bias${k}`].byteOffset },
      gradients: { weights: gradients[`weights${k}`].byteOffset, bias: gradients[`bias${k}`].byteOffset },
      sums: this.#outputs.values[`layer${k}`].byteOffset,
      errors: this.#outputs.gradients[`layer${k}`].byteOffset,
    }));
  }

  /**
   * Weights to start from: uniform, within sqrt(6 / inputs) of 0 (He et al. 2015); biases of 0.
   * @param {number} seed not 0
   */
  start(seed) {
    const real = reals(seed);
    const { values } = this.parameters;
    for (const [k, { inputs }] of this.#layers.entries()) {
      const limit = Math.sqrt(6 / inputs);
      const weights = values[`weights${k + 1}`];
      for (let i = 0; i < weights.length; i++) weights[i] = limit * (2 * real() - 1);
      values[`bias${k + 1}`].fill(0);
    }
  }

  /**
   * The mean loss -ln p(label) over some images. Its gradient is left in the parameter set.
   * @param {Ink} ink
   * @param {Int32Array} rows
   */
  lossAndGradient(ink, rows) {
    for (const gradient of Object.values(this.parameters.gradients)) gradient.fill(0);
    const units = this.#views();
    let losses = 0;
    for (const row of rows) {
      this.#forward(ink, row, units);
      const { values, gradients } = units[units.length - 1];
      const label = ink.labels[row];
      losses += softmaxLoss(values, label);
      for (let c = 0; c < values.length; c++) gradients[c] = (values[c] - (c === label ? 1 : 0)) / rows.length;
      this.#backward(ink, row, units);
    }
    return losses / rows.length;
  }

  /**
   * The mean loss over the first images, and the share of them that are recognised.
   * @param {Ink} ink
   * @param {number} [count] how many images
   */
  evaluate(ink, count = ink.rows) {
    const units = this.#views();
    const { values } = units[units.length - 1];
    let losses = 0;
    let right = 0;
    for (let row = 0; row < count; row++) {
      this.#forward(ink, row, units);
      losses += softmaxLoss(values, ink.labels[row]);
      if (values.indexOf(Math.max(...values)) === ink.labels[row]) right++;
    }
    return { loss: losses / count, accuracy: right / count };
  }

  dispose() {
    this.parameters.dispose();
    this.#outputs.dispose();
  }

  /** The arrays of each layer, read anew since the memory may have grown. */
  #views() {
    const { values, gradients } = this.#outputs;
    return this.#layers.map((_, k) => ({ values: values[`layer${k + 1}`], gradients: gradients[`layer${k + 1}`] }));
  }

  /** The layers' sums, rectified but for the last. */
  #forward(/** @type {Ink} */ { starts, places, levels }, /** @type {number} */ row, units) {
    const { axpy_f32, copy_f32 } = this.#kernels;
    const last = this.#layers.length - 1;
    for (const [k, { outputs, values, sums }] of this.#layers.entries()) {
      const stride = FLOAT * outputs;
      copy_f32(outputs, values.bias, sums);
      if (k === 0) {
        for (let i = starts[row]; i < starts[row + 1]; i++) {
          axpy_f32(outputs, levels[i], values.weights + stride * places[i], sums);
        }
      } else {
        const inputs = units[k - 1].values;
        for (let j = 0; j < inputs.length; j++) {
          if (inputs[j] !== 0) axpy_f32(outputs, inputs[j], values.weights + stride * j, sums);
        }
      }
      if (k < last) rectify(units[k].values);
    }
  }

  /** Adds an image's part to the gradient, from the errors of the last layer down. */
  #backward(/** @type {Ink} */ { starts, places, levels }, /** @type {number} */ row, units) {
    const { axpy_f32, dot_f32 } = this.#kernels;
    for (let k = this.#layers.length - 1; k >= 0; k--) {
      const { outputs, values, gradients, errors } = this.#layers[k];
      const stride = FLOAT * outputs;
      axpy_f32(outputs, 1, errors, gradients.bias);
      if (k === 0) {
        for (let i = starts[row]; i < starts[row + 1]; i++) {
          axpy_f32(outputs, levels[i], errors, gradients.weights + stride * places[i]);
        }
      } else {
        const below = units[k - 1];
        for (let j = 0; j < below.values.length; j++) {
          const input = below.values[j];
          below.gradients[j] = input === 0 ? 0 : dot_f32(outputs, values.weights + stride * j, errors);
          if (input !== 0) axpy_f32(outputs, input, errors, gradients.weights + stride * j);
        }
      }
    }
  }
}

function rectify(/** @type {Float32Array} */ values) {
  for (let j = 0; j < values.length; j++) if (values[j] < 0) values[j] = 0;
}

/**
 * Puts the probabilities into the place of the last layer's sums.
 * @param {Float32Array} values
 * @param {number} label
 * @returns {number} -ln p(label), from the sums: a probability may be 0
 */
function softmaxLoss(values, label) {
  let greatest = values[0];
  for (let c = 1; c < values.length; c++) greatest = Math.max(greatest, values[c]);
  const margin = greatest - values[label];
  let sum = 0;
  for (let c = 0; c < values.length; c++) {
    values[c] = Math.exp(values[c] - greatest);
    sum += values[c];
  }
  for (let c = 0; c < values.length; c++) values[c] /= sum;
  return Math.log(sum) + margin;
}
