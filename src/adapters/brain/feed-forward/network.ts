import { network } from "../../../engine/families/network.js";
import type { Engine } from "../../../memory/engine.js";
import type { Mode } from "../mode.js";
import { className, type HostFeedForward, type HostLayer } from "./host.js";
import { override } from "./override.js";
import { Parameters } from "./parameters.js";
import { Product } from "./product.js";
import { repairs } from "./repairs.js";

/** A FeedForward of brain.js whose weights lie in linear memory, and whose praxis and products are kernels. */
export class AcceleratedFeedForward {
  readonly #engine: Engine;
  readonly #mode: Mode;
  readonly #undo: (() => void)[] = [];
  #parts: { release(): void }[] = [];
  /** The rate that `train` was given. */
  #rate: number | undefined;

  constructor(net: HostFeedForward, engine: Engine, mode: Mode) {
    this.#engine = engine;
    this.#mode = mode;
    const { initialize, _prepTraining } = net;
    this.#undo.push(
      override(net, "initialize", () => {
        this.#giveBack();
        initialize.call(net);
        this.#adopt(net);
      }),
    );
    if (mode === "fixed") {
      this.#undo.push(
        override(net, "_prepTraining", (data: unknown, options?: { readonly learningRate?: number }) => {
          const prepared = _prepTraining.call(net, data, options);
          this.#rate = options?.learningRate ?? this.#rate;
          return prepared;
        }),
      );
    }
    if (net._model) this.#adopt(net);
  }

  /** Copies everything back into arrays of brain.js's own and frees the memory. */
  release(): void {
    this.#giveBack();
    for (const undo of this.#undo) undo();
  }

  #giveBack(): void {
    for (const part of this.#parts) part.release();
    this.#parts = [];
  }

  #adopt(net: HostFeedForward): void {
    const layers = net.layers!;
    const kernels = this.#engine.family(network);
    const learning = new Map<HostLayer, Parameters>();
    for (const layer of net._model!) {
      // A praxis that several layers share has one slot for all of them, which is left to brain.js.
      if (net._model!.some((other) => other !== layer && other.praxis === layer.praxis)) continue;
      const parameters = Parameters.of(this.#engine, kernels, layer, this.#mode, () => this.#rate);
      if (parameters === undefined) continue;
      learning.set(layer, parameters);
      this.#parts.push(parameters);
    }
    for (const layer of layers) {
      const parameters = className(layer) === "Multiply" ? learning.get(layer.inputLayer1!) : undefined;
      if (parameters !== undefined && isOwnProduct(layer, layers)) {
        this.#parts.push(new Product(this.#engine, kernels, layer, parameters));
      }
      if (this.#mode === "fixed") this.#parts.push(...repairs(layer).map((release) => ({ release })));
    }
  }
}

/** Whether a Multiply's gradient is an outer product that no other layer adds to. */
function isOwnProduct(multiply: HostLayer, layers: readonly HostLayer[]): boolean {
  const { inputLayer1: weights, inputLayer2: below } = multiply;
  if (below!.width !== 1 || !weights!.settings.cleanupDeltas) return false;
  return layers.every(
    (layer) =>
      layer.inputLayer !== weights &&
      layer.inputLayer2 !== weights &&
      (layer === multiply || layer.inputLayer1 !== weights),
  );
}
