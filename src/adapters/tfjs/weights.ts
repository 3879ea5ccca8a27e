import type { Tensor } from "@tensorflow/tfjs-core";
import type { FloatArray } from "../../memory/dtype.js";
import type { StateDict } from "../../optimizers/state.js";
import type { HostSlot } from "./specs.js";
import type { NamedTensor, TensorFlow } from "./tensorflow.js";

/** How a state becomes TensorFlow.js's weights, and weights a state. */
export interface Layout {
  /** The weights after the count of iterations. */
  write(tf: TensorFlow, state: StateDict, order: readonly string[]): NamedTensor[];
  read(weights: readonly NamedTensor[], iterations: number): Promise<StateDict>;
}

const shapeOf = (tf: TensorFlow, name: string, length: number) => {
  const shape = tf.engine().registeredVariables[name]?.shape;
  return shape?.reduce((n, size) => n * size, 1) === length ? shape : [length];
};

/** The slots of one of TensorFlow.js's own rules: all tensors of the first, then all of the second. */
export function hostLayout(rule: string, slots: readonly HostSlot[]): Layout {
  return {
    write: (tf, state, order) =>
      slots.flatMap(([slot, ending, optional]) =>
        (optional && !(slot in state.slots) ? [] : order).map((name) => {
          const array = state.slots[slot]?.[name];
          const shape = tf.engine().registeredVariables[name]?.shape ?? [array?.length ?? 0];
          const tensor = array === undefined ? tf.zeros(shape) : tf.tensor(array as Float32Array, shape, "float32");
          return { name: `${name}/${ending}`, tensor };
        }),
      ),

    async read(weights, stepCount) {
      const named: Record<string, Record<string, FloatArray>> = {};
      const names = new Set<string>();
      for (const { name, tensor } of weights) {
        const found = slots.find(([, ending]) => name.endsWith(`/${ending}`));
        if (found === undefined) throw new RangeError(`${rule}: "${name}" is none of its weights`);
        const variable = name.slice(0, -found[1].length - 1);
        names.add(variable);
        named[found[0]] = { ...named[found[0]], [variable]: await valuesOf(tensor) };
      }
      const groups = [{ parameters: [...names], dtype: "float32" as const, stepCount, memory: {} }];
      return {
        header: { format: "schuss-optimizer", version: 2, rule, stepCount, groups: names.size > 0 ? groups : [] },
        slots: named,
      };
    },
  };
}

/** The slots of any rule, behind the header of the state in bytes. */
export const ownLayout: Layout = {
  write(tf, state) {
    const bytes = new TextEncoder().encode(JSON.stringify(state.header));
    const header = tf.tensor(Int32Array.from(bytes), [bytes.length], "int32");
    const tensors = Object.entries(state.slots).flatMap(([slot, arrays]) =>
      Object.entries(arrays).map(([name, array]) => ({
        name: `${name}/${slot}`,
        tensor: tf.tensor(array as Float32Array, shapeOf(tf, name, array.length), "float32"),
      })),
    );
    return [{ name: "header", tensor: header }, ...tensors];
  },

  async read([first, ...weights]) {
    const bytes = Uint8Array.from(await first!.tensor.data());
    const header = JSON.parse(new TextDecoder().decode(bytes)) as StateDict["header"];
    const slots: Record<string, Record<string, FloatArray>> = {};
    for (const { name, tensor } of weights) {
      const at = name.lastIndexOf("/");
      const slot = name.slice(at + 1);
      slots[slot] = { ...slots[slot], [name.slice(0, at)]: await valuesOf(tensor) };
    }
    return { header, slots };
  },
};

const valuesOf = async (tensor: Tensor) => Float32Array.from(await tensor.data<"float32">());
