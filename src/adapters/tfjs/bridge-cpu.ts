// TensorFlow.js's cpu backend: its variables become views of the engine's memory, so that only gradients are copied.
//
// What the backend hands out as a variable's data is the very array. A view would go on changing in the hands of whoever
// took it for a snapshot, and would be empty once the memory has grown; so reads of these variables give copies.

import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { Engine } from "../../memory/engine.js";
import { assignCopy, type Bridge, bringGradient, viewOf } from "./bridge.js";
import type { Place } from "./place.js";
import type { TensorFlow } from "./tensorflow.js";

interface TensorData {
  values: Float32Array;
  readonly refCount: number;
}

/** The parts of the backend that are used. */
export interface CpuBackend {
  readonly data: { get(dataId: object): TensorData };
  readSync(dataId: object): ArrayLike<unknown>;
}

/** Data that are views, by backend: what is read of them is a copy. */
const views = new WeakMap<CpuBackend, WeakSet<object>>();

function viewsOf(backend: CpuBackend): WeakSet<object> {
  let known = views.get(backend);
  if (known === undefined) {
    const added = new WeakSet<object>();
    const read = backend.readSync;
    backend.readSync = function (dataId) {
      const values = read.call(this, dataId);
      return added.has(dataId) ? (values as Float32Array).slice() : values;
    };
    views.set(backend, added);
    known = added;
  }
  return known;
}

export class CpuBridge implements Bridge {
  readonly backend: CpuBackend;
  /** A memory of its own: it grows only while optimizers are set up. */
  readonly engine = new Engine();
  readonly reason = "kernels in a memory of their own, of which the cpu backend's variables are views";
  readonly borrowsFrom = Number.POSITIVE_INFINITY;
  readonly #tf: TensorFlow;
  readonly #views: WeakSet<object>;

  constructor(tf: TensorFlow, backend: CpuBackend) {
    this.#tf = tf;
    this.backend = backend;
    this.#views = viewsOf(backend);
  }

  bring(place: Place, variable: Variable, gradient: Tensor, add: boolean): void {
    this.locate(place, variable);
    bringGradient(this.engine, place, this.backend.data.get(gradient.dataId).values, add);
  }

  locate(place: Place, variable: Variable): void {
    let data = this.backend.data.get(variable.dataId);
    if (data.refCount > 1) data = this.#part(variable, data);
    if (data.values === place.seen) return;
    const view = viewOf(this.engine, place, "values");
    view.set(data.values);
    data.values = view;
    place.seen = view;
    this.#views.add(variable.dataId);
  }

  hand(): void {}

  release(place: Place, variable: Variable): void {
    const data = this.backend.data.get(variable.dataId);
    if (data?.values === place.seen) data.values = data.values.slice();
    this.#views.delete(variable.dataId);
  }

  dispose(): void {
    this.engine.dispose();
  }

  /** Gives the variable data of its own; who shares the old ones keeps them as they are. */
  #part(variable: Variable, shared: TensorData): TensorData {
    if (this.#views.has(variable.dataId)) {
      shared.values = shared.values.slice();
      this.#views.delete(variable.dataId);
    }
    assignCopy(this.#tf, variable);
    return this.backend.data.get(variable.dataId);
  }
}
