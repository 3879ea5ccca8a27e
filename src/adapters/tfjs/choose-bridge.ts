import type { Bridge } from "./bridge.js";
import { CopyBridge } from "./bridge-copy.js";
import { type CpuBackend, CpuBridge } from "./bridge-cpu.js";
import { type WasmBackend, WasmBridge, whyNotInPlace } from "./bridge-wasm.js";
import type { Composable } from "./composed/support.js";
import type { TensorFlow } from "./tensorflow.js";

/**
 * Where the parameters are: in the backend's own memory or as views where that can be, else where TensorFlow.js's
 * operations have them; copied; or in any case where the operations have them.
 */
export type Memory = "auto" | "copies" | "operations";

/** What was said already. */
const said = new Set<string>();

function say(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  console.warn(`schuss/tfjs: ${message}`);
}

/** Whether the backend's memory can be reached at all. */
function isReachable(tf: TensorFlow): boolean {
  const backend: object = tf.backend();
  const name = tf.getBackend();
  return name === "wasm" || (name === "cpu" && typeof (backend as Partial<CpuBackend>).data?.get === "function");
}

/** Why steps are to be made of TensorFlow.js's own operations; undefined if they are not. Said once. */
export function whyOperations(tf: TensorFlow, memory: Memory, found: Composable | string): string | undefined {
  if (memory === "operations") return "steps are made of TensorFlow.js's operations, as asked for";
  if (memory === "copies" || typeof found === "string" || isReachable(tf)) return undefined;
  const why = `the memory of TensorFlow.js's backend "${tf.getBackend()}" is out of reach`;
  say(`${why}; steps are made of its own operations`);
  return `steps are made of TensorFlow.js's operations: ${why}`;
}

/** The bridge for the backend that is in use now. */
export function chooseBridge(tf: TensorFlow, memory: Memory, found: Composable | string): Bridge {
  const backend: object = tf.backend();
  if (memory === "copies") return new CopyBridge(tf, backend, "parameters and gradients are copied, as asked for");
  if (!isReachable(tf)) {
    const what = typeof found === "string" ? `, and ${found} can't be made of its operations` : "";
    return copying(`the memory of TensorFlow.js's backend "${tf.getBackend()}" is out of reach${what}`);
  }
  if (tf.getBackend() === "cpu") return new CpuBridge(tf, backend as CpuBackend);
  const why = whyNotInPlace(backend as Partial<WasmBackend>);
  if (why === undefined) return new WasmBridge(tf, backend as WasmBackend);
  return copying(`the memory of TensorFlow.js's wasm backend can't be worked in: ${why}`);

  function copying(why: string): Bridge {
    say(`${why}; parameters and gradients are copied at every step`);
    return new CopyBridge(tf, backend, `parameters and gradients are copied: ${why}`);
  }
}
