import type { NetworkKernels } from "../../../engine/families/network.js";
import type { Allocation, Engine } from "../../../memory/engine.js";
import { type HostLayer, type HostMatrix, replaceDeltas, rowsOf } from "./host.js";
import { override } from "./override.js";
import type { Parameters } from "./parameters.js";
import { BYTES, expose, Slab } from "./slab.js";

const IDENTITY = 0;

/**
 * A layer that multiplies weights by a column: W x forward, W^T deltas backward, and the gradient deltas x^T goes to the
 * weights as two vectors.
 */
export class Product {
  readonly #kernels: NetworkKernels;
  readonly #layer: HostLayer;
  readonly #below: HostLayer;
  readonly #parameters: Parameters;
  readonly #block: Allocation;
  readonly #outputs: Slab;
  /** Zeros; and what comes back for the layer below, twice, since no activation lies between. */
  readonly #biases: number;
  readonly #errors: Slab;
  readonly #undo: (() => void)[];

  constructor(engine: Engine, kernels: NetworkKernels, layer: HostLayer, parameters: Parameters) {
    const { m, n } = parameters.weights;
    this.#kernels = kernels;
    this.#layer = layer;
    this.#below = layer.inputLayer2!;
    this.#parameters = parameters;
    this.#block = engine.allocate(this, (2 * m + 2 * n) * BYTES);
    const { pointer } = this.#block;
    this.#outputs = new Slab(engine, this, pointer, m, 1);
    this.#biases = pointer + m * BYTES;
    this.#errors = new Slab(engine, this, pointer + 2 * m * BYTES, 2, n);
    this.#undo = [
      expose(layer.settings, "weights", this.#outputs),
      override(layer, "predict", () => this.predict()),
      override(layer, "compare", () => this.compare()),
    ];
  }

  predict(): void {
    const { weights, inputs } = this.#parameters;
    const { m, n, lda } = weights;
    this.#parameters.prepare();
    fill(inputs.rows[0]!, this.#below.weights);
    const { pointer } = this.#outputs;
    this.#kernels.denseForward_f32(m, n, IDENTITY, 0, weights.pointer, lda, this.#biases, inputs.pointer, pointer);
    // Lets brain.js clear the deltas, as ever.
    this.#layer.weights = this.#outputs.rows;
  }

  compare(): void {
    const { weights, deltas, inputs } = this.#parameters;
    const { m, n, lda } = weights;
    this.#parameters.prepare();
    fill(inputs.rows[0]!, this.#below.weights);
    fill(deltas.rows[0]!, this.#layer.deltas);
    this.#parameters.accept();
    const errors = this.#errors.pointer;
    const kernel = this.#kernels.denseBackward_f32;
    kernel(m, n, IDENTITY, 0, weights.pointer, lda, deltas.pointer, inputs.pointer, errors, errors + n * BYTES);
    const below = rowsOf(this.#below.deltas) as number[][];
    const back = this.#errors.rows[0]!;
    for (let k = 0; k < n; k++) below[k]![0]! += back[k]!;
    replaceDeltas(this.#below, below);
  }

  release(): void {
    for (const undo of this.#undo) undo();
    this.#block.dispose();
  }
}

/** A column of brain.js's as a vector. */
function fill(vector: Float32Array, column: HostMatrix): void {
  const rows = rowsOf(column);
  for (let i = 0; i < rows.length; i++) vector[i] = rows[i]![0]!;
}
