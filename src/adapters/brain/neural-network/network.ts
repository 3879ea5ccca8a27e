import { type NetworkKernels, network } from "../../../engine/families/network.js";
import type { Engine } from "../../../memory/engine.js";
import { FLUSH_BELOW, FLUSH_EVERY } from "../flush.js";
import type { Mode } from "../mode.js";
import { ACTIVATIONS, activationNumber, type HostArrays, type HostNetwork } from "./host.js";
import { type Layer, Layers, MATRICES, OF_BIASES, VECTORS } from "./layers.js";

const NAMES = [...VECTORS, ...OF_BIASES, ...MATRICES] as const;

const RELEASED = "brain: the network has been released";

/**
 * A network of brain.js whose arrays lie in linear memory and whose passes are kernels. brain.js reads and writes its
 * arrays as ever: those that it assigns are taken over at the next pass.
 */
export class Accelerated {
  readonly mode: Mode;
  readonly #net: HostNetwork;
  readonly #engine: Engine;
  readonly #kernels: NetworkKernels;
  /** What brain.js has assigned, and the memory does not hold yet. */
  readonly #assigned: Partial<HostArrays> = {};
  #dirty = true;
  #layers: Layers | undefined;
  #released = false;
  #steps = 0;

  constructor(net: HostNetwork, engine: Engine, mode: Mode) {
    this.mode = mode;
    this.#net = net;
    this.#engine = engine;
    this.#kernels = engine.family(network);
    for (const name of NAMES) {
      Object.assign(this.#assigned, { [name]: net[name] });
      Object.defineProperty(net, name, {
        configurable: true,
        enumerable: true,
        get: () => (name in this.#assigned ? this.#assigned[name] : this.#memory.arrays[name]),
        set: (value) => {
          this.#assigned[name] = value;
          this.#dirty = true;
        },
      });
    }
  }

  get #memory(): Layers {
    if (this.#layers === undefined) throw new Error(RELEASED);
    return this.#layers;
  }

  /** Copies everything back into arrays of brain.js's own and frees the memory. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const name of NAMES) {
      const value = name in this.#assigned ? this.#assigned[name] : this.#memory.arrays[name].map(copyOf);
      Object.defineProperty(this.#net, name, { configurable: true, enumerable: true, writable: true, value });
    }
    this.#layers?.dispose();
    this.#layers = undefined;
  }

  /** Takes over what was assigned. */
  #settle(): readonly Layer[] {
    if (this.#dirty) this.#adopt();
    return this.#memory.layers;
  }

  #adopt(): void {
    const sizes = this.#net.sizes ?? [];
    const before = this.#layers;
    const fits = before?.layers.length === sizes.length && before.layers.every(({ m }, l) => m === sizes[l]);
    const values = Object.fromEntries(NAMES.map((name) => [name, this.#net[name]])) as unknown as HostArrays;
    const layers = fits ? before : new Layers(this.#engine, sizes);
    this.#layers = layers;
    for (const name of NAMES) {
      if (!(name in this.#assigned)) continue;
      copyInto(layers.arrays[name], values[name]);
      delete this.#assigned[name];
    }
    this.#dirty = false;
    if (!fits) before?.dispose();
  }

  forward(kind: number, input: ArrayLike<number>): Float32Array {
    const layers = this.#settle();
    const { outputs } = this.#memory.arrays;
    const slope = this.#slope;
    outputs[0]!.set(input);
    let from = layers[0]!;
    for (let l = 1; l < layers.length; l++) {
      const to = layers[l]!;
      const { weights, biases, outputs } = to.pointers;
      this.#kernels.denseForward_f32(to.m, to.n, kind, slope, weights, to.lda, biases, from.pointers.outputs, outputs);
      from = to;
    }
    return outputs[layers.length - 1]!;
  }

  backward(kind: number, target: ArrayLike<number>): void {
    const layers = this.#settle();
    const { outputs, errors } = this.#memory.arrays;
    const slope = this.#slope;
    const last = layers.length - 1;
    const [output, error] = [outputs[last]!, errors[last]!];
    for (let i = 0; i < error.length; i++) error[i] = target[i]! - output[i]!;
    let above = layers[last]!;
    const top = above.pointers;
    this.#kernels.activationDeltas_f32(above.m, kind, slope, top.outputs, top.errors, top.deltas);
    for (let l = last - 1; l >= 0; l--) {
      const { m, pointers } = layers[l]!;
      const { weights, deltas } = above.pointers;
      this.#kernels.denseBackward_f32(
        above.m,
        m,
        kind,
        slope,
        weights,
        above.lda,
        deltas,
        pointers.outputs,
        pointers.errors,
        pointers.deltas,
      );
      above = layers[l]!;
    }
  }

  /** v <- momentum v + learningRate G, without momentum for the biases. */
  momentumStep(): void {
    const layers = this.#settle();
    const { learningRate, momentum } = this.#net.trainOpts;
    const { deltas, biases } = this.#memory.arrays;
    for (let l = 1; l < layers.length; l++) {
      const { m, n, lda, pointers } = layers[l]!;
      const inputs = layers[l - 1]!.pointers.outputs;
      this.#kernels.momentumOuter_f32(
        m,
        n,
        pointers.weights,
        lda,
        pointers.deltas,
        inputs,
        pointers.changes,
        learningRate,
        momentum,
      );
      const [delta, bias] = [deltas[l]!, biases[l]!];
      for (let i = 0; i < bias.length; i++) bias[i]! += learningRate * delta[i]!;
    }
    this.#flush(["changes"]);
  }

  adamStep(): void {
    const layers = this.#settle();
    this.#net.iterations++;
    const { learningRate, beta1, beta2, epsilon } = this.#net.trainOpts;
    const correction1 = 1 - beta1 ** this.#net.iterations;
    const correction2 = 1 - beta2 ** this.#net.iterations;
    const { deltas, biases, biasChangesLow, biasChangesHigh } = this.#memory.arrays;
    for (let l = 1; l < layers.length; l++) {
      const { m, n, lda, pointers } = layers[l]!;
      const inputs = layers[l - 1]!.pointers.outputs;
      const { weights, changesLow, changesHigh } = pointers;
      this.#kernels.adamOuter_f32(
        m,
        n,
        weights,
        lda,
        pointers.deltas,
        inputs,
        changesLow,
        changesHigh,
        beta1,
        1 - beta1,
        beta2,
        1 - beta2,
        learningRate / correction1,
        1 / Math.sqrt(correction2),
        epsilon,
      );
      const [delta, bias, lows, highs] = [deltas[l]!, biases[l]!, biasChangesLow[l]!, biasChangesHigh[l]!];
      for (let i = 0; i < bias.length; i++) {
        const gradient = delta[i]!;
        const low = lows[i]! * beta1 + (1 - beta1) * gradient;
        const high = highs[i]! * beta2 + (1 - beta2) * gradient * gradient;
        // brain.js takes the moments of the step before for the biases.
        const [first, second] = this.mode === "faithful" ? [lows[i]!, highs[i]!] : [low, high];
        lows[i] = low;
        highs[i] = high;
        bias[i]! += (learningRate * first) / correction1 / (Math.sqrt(second / correction2) + epsilon);
      }
    }
    this.#flush(["changesLow", "changesHigh"]);
  }

  /** Of the leaky ReLU; brain.js 1 has it on the network. */
  get #slope(): number {
    return this.#net.trainOpts.leakyReluAlpha ?? this.#net.leakyReluAlpha ?? 0;
  }

  /** Makes `praxis` and `activation` hold that were given after the network had been initialized. */
  heedOptions(): void {
    const net = this.#net;
    const adam = net.adjustWeights === net._adjustWeightsAdam;
    if (net.trainOpts.praxis === "adam" && !adam) net._setupAdam();
    if (!net.trainOpts.praxis && adam) net.adjustWeights = () => this.momentumStep();
    net.setActivation();
  }

  /** The passes, by activation. */
  passes() {
    return ACTIVATIONS.map(({ option, method }, k) => ({
      option,
      forward: {
        name: `_runInput${method}`,
        pass: (input: ArrayLike<number>) => this.forward(activationNumber(k), input),
      },
      backward: {
        name: `_calculateDeltas${method}`,
        pass: (target: ArrayLike<number>) => this.backward(activationNumber(k), target),
      },
    }));
  }

  #flush(names: readonly (typeof MATRICES)[number][]): void {
    if (++this.#steps % FLUSH_EVERY !== 0) return;
    for (const { m, lda, pointers } of this.#memory.layers.slice(1)) {
      for (const name of names) this.#engine.kernels.flush_f32(m * lda, FLUSH_BELOW, pointers[name]);
    }
  }
}

const copyOf = (row: Float32Array | Float32Array[]) => (Array.isArray(row) ? row.map((r) => r.slice()) : row.slice());

/** Rows into rows, at any depth; what is absent stays as it is. */
function copyInto(to: readonly (Float32Array | Float32Array[])[], from: readonly unknown[] | null): void {
  to.forEach((row, l) => {
    const source = from?.[l];
    if (source === undefined) return;
    if (Array.isArray(row)) copyInto(row, source as unknown[]);
    else row.set(source as ArrayLike<number>);
  });
}
