import type { NetworkKernels } from "../../../engine/families/network.js";
import type { Allocation, Engine } from "../../../memory/engine.js";
import { FLUSH_BELOW, FLUSH_EVERY } from "../flush.js";
import type { Mode } from "../mode.js";
import { type HostLayer, replaceDeltas, rowsOf } from "./host.js";
import { override } from "./override.js";
import { ruleOf, type Step } from "./rules.js";
import { BYTES, expose, Slab } from "./slab.js";

const LANES = 4;

const wholeVectors = (n: number) => Math.ceil(n / LANES) * LANES;

/**
 * A layer that learns: its weights and the slot of its rule lie in linear memory, and its praxis is a kernel. The gradient is
 * an outer product where a {@link Product} gave one, else the rows that brain.js has.
 */
export class Parameters {
  readonly weights: Slab;
  /** Of the outer product: a number for each row, and one for each column. */
  readonly deltas: Slab;
  readonly inputs: Slab;
  readonly #slot: Slab;
  readonly #one: number;
  readonly #layer: HostLayer;
  readonly #engine: Engine;
  readonly #block: Allocation;
  readonly #step: Step;
  readonly #undo: (() => void)[];
  /** Whether the gradient is deltas inputs^T; whether there are rows of it in the layer's own deltas. */
  #outer = false;
  #rows: boolean;
  #steps = 0;

  /** None for a layer whose praxis brain.js is to run itself. */
  static of(engine: Engine, kernels: NetworkKernels, layer: HostLayer, mode: Mode, rate: () => number | undefined) {
    const rule = ruleOf(layer.praxis, mode);
    return rule && new Parameters(engine, layer, rule.bind(kernels, layer.praxis!.settings as never), rule, mode, rate);
  }

  private constructor(
    engine: Engine,
    layer: HostLayer,
    step: Step,
    { slot, works }: { readonly slot?: "momenta" | "changes"; readonly works: boolean },
    mode: Mode,
    rate: () => number | undefined,
  ) {
    const { width: n, height: m, settings } = layer;
    const praxis = layer.praxis!;
    this.#engine = engine;
    this.#layer = layer;
    this.#step = step;
    this.#rows = !settings.cleanupDeltas || rowsOf(layer.deltas).some((row) => Array.from(row).some(Boolean));
    // The rows of a column lie one behind the other, so that it can be updated as one row.
    const lda = n === 1 ? 1 : wholeVectors(n);
    const [matrix, column, row] = [wholeVectors(m * lda), wholeVectors(m), wholeVectors(Math.max(m, n))];
    this.#block = engine.allocate(this, (2 * matrix + column + row + 1) * BYTES);
    let { pointer } = this.#block;
    const take = (elements: number, ...shape: [number, number, number?]) => {
      const slab = new Slab(engine, this, pointer, ...shape);
      pointer += elements * BYTES;
      return slab;
    };
    this.weights = take(matrix, m, n, lda);
    this.#slot = take(matrix, m, n, lda);
    this.deltas = take(column, 1, m);
    this.inputs = take(row, 1, Math.max(m, n));
    this.#one = pointer;
    engine.view("float32", this.#one, 1)[0] = 1;
    this.#undo = [expose(settings, "weights", this.weights)];
    if (slot !== undefined) this.#undo.push(expose(praxis, slot, this.#slot));
    // What a praxis that does not work has made of its slot is no number.
    for (const row of works ? [] : this.#slot.rows) if (row.some(Number.isNaN)) row.fill(0);
    this.#undo.push(override(praxis, "run", () => this.#run(rate())));
    if (mode === "fixed" && !works) {
      const { learningRate, momentum } = praxis.settings;
      this.#undo.push(override(praxis, "toJSON", () => ({ learningRate, ...(slot && { momentum }) })));
    }
  }

  /** To be called after the vectors of the outer product have been written to: it is the gradient, or added to it. */
  accept(): void {
    if (this.#rows) this.#spill();
    else this.#outer = true;
  }

  /** To be called before they are: what they hold is not lost. */
  prepare(): void {
    if (!this.#outer) return;
    this.#spill();
    this.#outer = false;
    this.#rows = true;
  }

  release(): void {
    for (const undo of this.#undo) undo();
    this.#block.dispose();
  }

  /** Adds the outer product to the layer's rows. */
  #spill(): void {
    const [deltas, inputs] = [this.deltas.rows[0]!, this.inputs.rows[0]!];
    const rows = rowsOf(this.#layer.deltas) as number[][];
    rows.forEach((row, i) => {
      for (let k = 0; k < row.length; k++) row[k]! += deltas[i]! * inputs[k]!;
    });
    replaceDeltas(this.#layer, rows);
  }

  #run(rate: number | undefined): Float32Array[] {
    const { m, n, lda, pointer } = this.weights;
    const slot = this.#slot.pointer;
    if (this.#outer) this.#step(rate, m, n, pointer, lda, this.deltas.pointer, this.inputs.pointer, slot);
    else this.#runRows(rate);
    this.#outer = false;
    this.#rows = !this.#layer.settings.cleanupDeltas;
    if (++this.#steps % FLUSH_EVERY === 0) this.#engine.kernels.flush_f32(m * lda, FLUSH_BELOW, slot);
    return this.weights.rows;
  }

  /** Each row is an outer product by itself: of 1 and the row. A column is a row. */
  #runRows(rate: number | undefined): void {
    const { m, n, lda, pointer } = this.weights;
    const slot = this.#slot.pointer;
    const gradient = this.inputs.rows[0]!;
    const rows = rowsOf(this.#layer.deltas);
    if (n === 1) {
      for (let i = 0; i < m; i++) gradient[i] = rows[i]![0]!;
      this.#step(rate, 1, m, pointer, m, this.#one, this.inputs.pointer, slot);
      return;
    }
    for (let i = 0; i < m; i++) {
      gradient.set(rows[i]!);
      const offset = i * lda * BYTES;
      this.#step(rate, 1, n, pointer + offset, lda, this.#one, this.inputs.pointer, slot + offset);
    }
  }
}
