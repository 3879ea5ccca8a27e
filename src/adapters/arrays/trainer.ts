/// <reference lib="esnext.disposable" preserve="true" />

import { given } from "../../check.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { StateDict } from "../../optimizers/state.js";
import { methods } from "./methods.js";
import type { Net } from "./net.js";
import { resolveTrainerOptions, type TrainerOptions } from "./options.js";
import { Place } from "./place.js";

/** What ConvNetJS's `train` returns, and what toygrad's does. Times are in milliseconds. */
export interface TrainerResult {
  readonly loss: number;
  readonly fwd_time: number;
  readonly bwd_time: number;
  readonly cost_loss: number;
  readonly softmax_loss: number;
  readonly l1_decay_loss: number;
  readonly l2_decay_loss: number;
  readonly cost: number;
  readonly l1loss: number;
  readonly l2loss: number;
}

/**
 * Trains a ConvNetJS or toygrad network as their own trainers do, with the updates in WebAssembly. At every `batch_size`
 * -th sample, with the sum of the gradients g since the last:
 *
 *     g <- (g + l2_decay p + l1_decay sign(p)) / batch_size,    then the update of `method`
 *
 * A ConvNetJS network's arrays move into the kernels' memory until `dispose()`; of toygrad's the gradients do, and parameters
 * are copied in and out.
 *
 * @param net anything with `forward(x, true)`, `backward(y)` and `getParamsAndGrads()`, of `Float64Array`s or `Float32Array`s
 * @param options under ConvNetJS's names or toygrad's: `method` "sgd", `learning_rate` 0.01, `batch_size` 1, `l1_decay` 0,
 *   `l2_decay` 0, `momentum` 0.9, `ro` 0.95, `eps` 1e-6 (toygrad: 1e-8), `beta1` 0.9, `beta2` 0.999. `faithfulToBug:
 *   "multipliedBiasCorrection"` multiplies Adam's moments by their bias corrections, as toygrad 2.6 does, where the method
 *   divides by them: its first step is 316 times too short
 * @throws TypeError for a network that is none, or of mixed arrays; RangeError for options out of range
 *
 * @example
 * const net = new convnetjs.Net();
 * net.makeLayers([{ type: "input", out_sx: 1, out_sy: 1, out_depth: 2 }, { type: "softmax", num_classes: 2 }]);
 * // before: const trainer = new convnetjs.Trainer(net, { method: "adadelta", l2_decay: 0.001, batch_size: 10 });
 * const trainer = new Trainer(net, { method: "adadelta", l2_decay: 0.001, batch_size: 10 });
 * const { loss } = trainer.train(new convnetjs.Vol([0.3, -0.5]), 1);
 * @see ConvNetJS 0.3, `convnet_trainers.js`; toygrad 2.6, `trainers/abstract.js`
 */
export class Trainer<Input = unknown, Output = unknown> {
  readonly net: Net<Input, Output>;
  readonly #optimizer: Optimizer;
  readonly #place: Place;
  readonly #batchSize: number;
  /** The coefficients of the penalties for every tensor. */
  readonly #l1: readonly number[];
  readonly #l2: readonly number[];
  /** Samples so far. */
  k = 0;

  constructor(net: Net<Input, Output>, options: TrainerOptions = {}) {
    const where = "Trainer";
    if (typeof net?.getParamsAndGrads !== "function") {
      throw new TypeError(`${where}: net must have getParamsAndGrads(), got ${given(net)}`);
    }
    const tensors = net.getParamsAndGrads();
    const toygrad = tensors.some((tensor) => "l2decay" in tensor);
    const { method, learningRate, batchSize, l1, l2, ...settings } = resolveTrainerOptions(
      where,
      options,
      toygrad ? 1e-8 : 1e-6,
    );
    this.net = net;
    this.#batchSize = batchSize;
    this.#l1 = tensors.map((tensor) => l1 * (tensor.l1_decay_mul ?? tensor.l1decay ?? 1));
    this.#l2 = tensors.map((tensor) => l2 * (tensor.l2_decay_mul ?? tensor.l2decay ?? 1));
    this.#place = new Place(where, net as Net<never, never>);
    try {
      this.#optimizer = methods[method](this.#place.set, settings, {
        learningRate,
        lossScale: batchSize,
        clearGradients: true,
        ...(l2 !== 0 && {
          weightDecay: l2 / batchSize,
          weightDecayMultiplier: (name: string) => this.#l2[Number(name)]! / l2,
        }),
      });
    } catch (error) {
      this.#place.dispose();
      throw error;
    }
  }

  /** The rate of the next update; it may be set. */
  get learning_rate(): number {
    return this.#optimizer.learningRate;
  }

  set learning_rate(rate: number) {
    this.#optimizer.learningRate = rate;
  }

  get learningRate(): number {
    return this.learning_rate;
  }

  set learningRate(rate: number) {
    this.learning_rate = rate;
  }

  /** Bytes of parameters, gradients and state that the trainer holds. */
  get bytesInUse(): number {
    return this.#place.bytesInUse;
  }

  /** One sample, and at every `batch_size`-th an update. */
  train(input: Input, output: Output): TrainerResult {
    const began = Date.now();
    this.net.forward(input, true);
    const forwarded = Date.now();
    const cost = this.net.backward(output);
    const fwd_time = forwarded - began;
    const bwd_time = Date.now() - forwarded;
    this.k++;
    const { l1, l2 } = this.k % this.#batchSize === 0 ? this.#update() : { l1: 0, l2: 0 };
    return {
      loss: cost + l1 + l2,
      fwd_time,
      bwd_time,
      cost_loss: cost,
      softmax_loss: cost,
      l1_decay_loss: l1,
      l2_decay_loss: l2,
      cost,
      l1loss: l1,
      l2loss: l2,
    };
  }

  /** A copy of the state; with the network's own JSON, training goes on as if it had never stopped. */
  stateDict(): StateDict {
    return this.#optimizer.stateDict();
  }

  /** @throws TypeError or RangeError for a state of another method or network */
  loadStateDict(state: StateDict): void {
    this.#optimizer.loadStateDict(state);
  }

  /** Frees the memory; the network goes on with arrays of its own. Harmless when repeated. */
  dispose(): void {
    this.#optimizer.dispose();
    this.#place.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Returns the penalties at the parameters from before the update. */
  #update(): { l1: number; l2: number } {
    this.#place.load();
    const penalties = { l1: this.#place.penalty("l1", this.#l1), l2: this.#place.penalty("l2", this.#l2) };
    this.#place.addSigns(this.#l1);
    this.#optimizer.step();
    this.#place.store();
    return penalties;
  }
}
