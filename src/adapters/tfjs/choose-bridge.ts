import type { Bridge } from "./bridge.js";
import { CopyBridge } from "./bridge-copy.js";
import { type CpuBackend, CpuBridge } from "./bridge-cpu.js";
import { type WasmBackend, WasmBridge, whyNotInPlace } from "./bridge-wasm.js";
import type { TensorFlow } from "./tensorflow.js";

/** Where the parameters are: in the backend's own memory or as views where that can be, else copied. */
export type Memory = "auto" | "copies";

/** What was said already. */
const said = new Set<string>();

function say(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  console.warn(message);
}

/** The bridge for the backend that is in use now. */
export function chooseBridge(tf: TensorFlow, memory: Memory): Bridge {
  const backend: object = tf.backend();
  const name = tf.getBackend();
  if (memory === "copies") return new CopyBridge(tf, backend, "parameters and gradients are copied, as asked for");
  if (name === "wasm") {
    const why = whyNotInPlace(backend as Partial<WasmBackend>);
    if (why === undefined) return new WasmBridge(tf, backend as WasmBackend);
    return copying(`the memory of TensorFlow.js's wasm backend can't be worked in: ${why}`);
  }
  if (name === "cpu" && typeof (backend as Partial<CpuBackend>).data?.get === "function") {
    return new CpuBridge(tf, backend as CpuBackend);
  }
  return copying(`the memory of TensorFlow.js's backend "${name}" is out of reach`);

  function copying(why: string): Bridge {
    say(`schuss/tfjs: ${why}; parameters and gradients are copied at every step`);
    return new CopyBridge(tf, backend, `parameters and gradients are copied: ${why}`);
  }
}
