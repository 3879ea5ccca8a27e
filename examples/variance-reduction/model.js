// The network with its gradient as one vector, at the present weights and at others that were kept; counts what it evaluates.

import { Network } from "../mnist/network.js";

/** @typedef {import("../mnist/ink.js").Ink} Ink */

const SEED = 1;

export class Model {
  #network;
  /** A second network, with the weights that were kept. */
  #kept;
  #ink;
  #all;
  #vector;
  #other;
  /** Gradients of one image that have been evaluated. */
  evaluated = 0;

  /**
   * @param {number[]} sizes
   * @param {Ink} ink
   */
  constructor(sizes, ink) {
    this.#network = new Network(sizes);
    this.#kept = new Network(sizes);
    this.#network.start(SEED);
    this.#ink = ink;
    this.#all = Int32Array.from({ length: ink.rows }, (_, i) => i);
    this.size = Object.values(this.parameters.values).reduce((sum, tensor) => sum + tensor.length, 0);
    this.#vector = new Float32Array(this.size);
    this.#other = new Float32Array(this.size);
  }

  get parameters() {
    return this.#network.parameters;
  }

  /** The gradient of a batch; it is left in the parameter set too. */
  gradient(/** @type {Int32Array} */ rows) {
    return this.#gradientOf(this.#network, rows, this.#vector);
  }

  /** The gradient of the same batch at the weights that were kept. */
  gradientAtKept(/** @type {Int32Array} */ rows) {
    return this.#gradientOf(this.#kept, rows, this.#other);
  }

  /** That of all images. */
  fullGradient() {
    return this.gradient(this.#all);
  }

  /** Keeps the weights as they are. */
  keep() {
    const { values } = this.parameters;
    const kept = this.#kept.parameters.values;
    for (const [name, tensor] of Object.entries(values)) kept[name].set(tensor);
  }

  /** Puts a direction in the gradient's place. */
  setGradient(/** @type {Float32Array} */ direction) {
    let first = 0;
    for (const tensor of Object.values(this.parameters.gradients)) {
      tensor.set(direction.subarray(first, first + tensor.length));
      first += tensor.length;
    }
  }

  evaluate(/** @type {Ink} */ ink) {
    return this.#network.evaluate(ink);
  }

  dispose() {
    this.#network.dispose();
    this.#kept.dispose();
  }

  #gradientOf(/** @type {Network} */ network, /** @type {Int32Array} */ rows, /** @type {Float32Array} */ into) {
    network.lossAndGradient(this.#ink, rows);
    this.evaluated += rows.length;
    let first = 0;
    for (const tensor of Object.values(network.parameters.gradients)) {
      into.set(tensor, first);
      first += tensor.length;
    }
    return into;
  }
}
