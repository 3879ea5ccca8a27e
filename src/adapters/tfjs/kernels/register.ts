import type { TensorFlow } from "../tensorflow.js";
import { cpuSubstitutes } from "./cpu.js";
import type { Substitutes } from "./substitutes.js";
import { wasmSubstitutes } from "./wasm.js";

/** TensorFlow.js's backends, and what makes the substitutes for one. */
const makers = { wasm: wasmSubstitutes, cpu: cpuSubstitutes };

/** TensorFlow.js's kernels, and what takes their place. */
const replaced = { BatchMatMul: "multiply", GatherV2: "gather" } as const;

/** The functions that have taken the place of a backend's. */
const registered = new WeakSet<object>();

/**
 * Puts substitutes in the place of the backends' kernels, for all that use this TensorFlow.js.
 * @throws Error if no backend that there are substitutes for was imported
 */
export function registerKernels(where: string, tf: TensorFlow): void {
  const found = Object.entries(makers).filter(([backend]) => tf.getKernel("BatchMatMul", backend) !== undefined);
  if (found.length === 0) {
    throw new Error(`${where}: kernels need @tensorflow/tfjs-backend-wasm or -cpu, imported before`);
  }
  for (const [backend, make] of found) {
    const known = new WeakMap<object, Substitutes | "none">();
    const substitutesOf = (instance: object) => {
      if (!known.has(instance)) known.set(instance, make(instance) ?? "none");
      return known.get(instance)!;
    };
    for (const [name, method] of Object.entries(replaced)) replace(tf, name, backend, substitutesOf, method);
  }
}

function replace(
  tf: TensorFlow,
  name: string,
  backend: string,
  substitutesOf: (instance: object) => Substitutes | "none",
  method: keyof Substitutes,
): void {
  const host = tf.getKernel(name, backend);
  if (host === undefined || registered.has(host.kernelFunc)) return;
  const kernelFunc: typeof host.kernelFunc = (call) => {
    const substitutes = substitutesOf(call.backend as object);
    const result = substitutes === "none" ? undefined : substitutes[method](call as never);
    return result ?? host.kernelFunc(call);
  };
  registered.add(kernelFunc);
  tf.unregisterKernel(name, backend);
  tf.registerKernel({ ...host, kernelFunc });
}
