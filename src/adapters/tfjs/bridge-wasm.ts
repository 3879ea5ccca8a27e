// TensorFlow.js's wasm backend: the kernels run in its own memory.
//
// The backend keeps XNNPACK operators, with the weights packed, under the id of the weights' tensor (matMul, fused matMul,
// conv2d, depthwise conv2d, prelu): after a weight was written to, they would go on with the old one. So every variable that
// was updated gets a new id for its data; giving up the old one is what makes the backend drop its operators. That is all
// that assigning a fresh tensor would do, without the allocation, the copy and TensorFlow.js's bookkeeping: 0.2 µs a tensor
// for 3.4, where the update of 100 elements takes 0.1.

import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { Engine } from "../../memory/engine.js";
import { assignCopy, type Bridge } from "./bridge.js";
import type { Place } from "./place.js";
import type { TensorFlow } from "./tensorflow.js";

/** What the backend remembers of a tensor's data. */
interface TensorData {
  id: number;
  readonly memoryOffset: number;
  readonly refCount: number;
}

/** The parts of the backend that are used, none of them in its types. Checked before use. */
export interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
    readonly tfjs: {
      registerTensor(id: number, size: number, address: number): void;
      disposeData(id: number): void;
    };
  };
  readonly dataIdMap: { get(dataId: object): TensorData };
  dataIdNextNumber: number;
}

/** Why the backend's memory can't be worked in; undefined if it can. */
export function whyNotInPlace(backend: Partial<WasmBackend>): string | undefined {
  const memory = backend.wasm?.asm?.memory;
  const kind = Object.prototype.toString.call(memory?.buffer);
  if (kind === "[object SharedArrayBuffer]")
    return "it is threaded, and the kernels are not compiled for shared memory";
  const shared = Object.prototype.toString.call(backend.wasm?.HEAPU8?.buffer) === "[object SharedArrayBuffer]";
  if (shared) return "it is threaded, and the kernels are not compiled for shared memory";
  const known =
    kind === "[object ArrayBuffer]" &&
    typeof backend.wasm?._malloc === "function" &&
    typeof backend.wasm._free === "function" &&
    typeof backend.wasm.tfjs?.registerTensor === "function" &&
    typeof backend.wasm.tfjs.disposeData === "function" &&
    typeof backend.dataIdMap?.get === "function" &&
    typeof backend.dataIdNextNumber === "number";
  return known ? undefined : "its memory is not where version 4.22 has it";
}

/** One engine a backend: its kernels are the same for all optimizers. */
const engines = new WeakMap<object, Engine>();

export function engineOf(backend: WasmBackend): Engine {
  let engine = engines.get(backend);
  if (engine === undefined || engine.disposed) {
    const { wasm } = backend;
    engine = new Engine({
      memory: wasm.asm.memory,
      allocator: { allocate: (bytes) => wasm._malloc(bytes), release: (address) => wasm._free(address) },
    });
    engines.set(backend, engine);
  }
  return engine;
}

/** Above this a copy in and out costs more than a kernel call of its own. */
const LARGE = 16384;

export class WasmBridge implements Bridge {
  readonly backend: WasmBackend;
  readonly engine: Engine;
  readonly reason = "kernels in the wasm backend's own memory, without copies";
  readonly borrowsFrom = LARGE;
  readonly #tf: TensorFlow;

  constructor(tf: TensorFlow, backend: WasmBackend) {
    this.#tf = tf;
    this.backend = backend;
    this.engine = engineOf(backend);
  }

  bring(place: Place, variable: Variable, gradient: Tensor, add: boolean): void {
    this.locate(place, variable);
    const from = this.backend.dataIdMap.get(gradient.dataId).memoryOffset;
    const { borrowed, length, set } = place;
    const to = set.gradientsPointer + 4 * place.offset;
    if (add) this.engine.kernels.axpy_f32(length, 1, from, to);
    else if (borrowed) borrowed.gradients.pointer = from;
    else this.#copy(length, from, to);
  }

  locate(place: Place, variable: Variable): void {
    const data = this.#own(variable);
    if (place.borrowed) place.borrowed.values.pointer = data.memoryOffset;
    else if (place.seen !== data.id) this.#copy(place.length, data.memoryOffset, this.#address(place));
    place.seen = data.id;
  }

  hand(place: Place, variable: Variable): void {
    const data = this.backend.dataIdMap.get(variable.dataId);
    if (!place.borrowed) this.#copy(place.length, this.#address(place), data.memoryOffset);
    const { tfjs } = this.backend.wasm;
    tfjs.disposeData(data.id);
    data.id = this.backend.dataIdNextNumber++;
    tfjs.registerTensor(data.id, place.length, data.memoryOffset);
    place.seen = data.id;
  }

  release(): void {}

  dispose(): void {}

  /** The variable's data, once nobody shares them. */
  #own(variable: Variable): TensorData {
    const data = this.backend.dataIdMap.get(variable.dataId);
    if (data.refCount === 1) return data;
    assignCopy(this.#tf, variable);
    return this.backend.dataIdMap.get(variable.dataId);
  }

  #address({ set, offset }: Place): number {
    return set.valuesPointer + 4 * offset;
  }

  #copy(length: number, from: number, to: number): void {
    this.backend.wasm.HEAPU8.copyWithin(to, from, from + 4 * length);
  }
}
