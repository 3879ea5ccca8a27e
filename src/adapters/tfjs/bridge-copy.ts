// Any backend: gradients are read back, and parameters uploaded as fresh tensors.

import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { Engine } from "../../memory/engine.js";
import { type Bridge, bringGradient, viewOf } from "./bridge.js";
import type { Place } from "./place.js";
import type { TensorFlow } from "./tensorflow.js";

export class CopyBridge implements Bridge {
  readonly backend: object;
  readonly engine = new Engine();
  readonly reason: string;
  readonly borrowsFrom = Number.POSITIVE_INFINITY;
  readonly #tf: TensorFlow;

  constructor(tf: TensorFlow, backend: object, reason: string) {
    this.#tf = tf;
    this.backend = backend;
    this.reason = reason;
  }

  bring(place: Place, variable: Variable, gradient: Tensor, add: boolean): void {
    this.locate(place, variable);
    bringGradient(this.engine, place, gradient.dataSync<"float32">(), add);
  }

  locate(place: Place, variable: Variable): void {
    if (variable.dataId === place.seen) return;
    viewOf(this.engine, place, "values").set(variable.dataSync<"float32">());
    place.seen = variable.dataId;
  }

  hand(place: Place, variable: Variable): void {
    const values = viewOf(this.engine, place, "values").slice();
    const tensor = this.#tf.tensor(values, variable.shape, "float32");
    variable.assign(tensor as Variable);
    tensor.dispose();
    place.seen = variable.dataId;
  }

  release(): void {}

  dispose(): void {
    this.engine.dispose();
  }
}
