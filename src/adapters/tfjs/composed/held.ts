import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { FloatArray } from "../../../memory/dtype.js";
import type { Memory } from "../../../optimizers/memory.js";
import type { GroupHeader, StateDict } from "../../../optimizers/state.js";
import type { TensorFlow } from "../tensorflow.js";

/** What is remembered of a variable. */
export interface Held {
  stepCount: number;
  /** The numbers of its group: every variable has its own, and they are the same. */
  readonly memory: Memory;
  /** Those that are missing begin at the next step. */
  readonly slots: Record<string, Tensor>;
  /** Gradients that wait for more. */
  sum: Tensor | undefined;
}

/** What a state knows of a variable; if nothing, a beginning. */
export function takeHeld(tf: TensorFlow, variable: Variable, state: StateDict | undefined, memory: Memory): Held {
  const group = state?.header.groups.find(({ parameters }) => parameters.includes(variable.name));
  const held: Held = {
    stepCount: group?.stepCount ?? 0,
    memory: { ...memory, ...group?.memory },
    slots: {},
    sum: undefined,
  };
  if (group === undefined) return held;
  for (const [slot, tensors] of Object.entries(state!.slots)) {
    const array = tensors[variable.name];
    if (array === undefined) continue;
    if (array.length !== variable.size) {
      throw new RangeError(
        `${state!.header.rule}: slot "${slot}" of "${variable.name}" must be of ${variable.size}, got ${array.length}`,
      );
    }
    held.slots[slot] = tf.keep(tf.tensor(array as Float32Array, variable.shape, "float32"));
  }
  return held;
}

/** A state of all variables: those that count alike are a group. */
export function saveHeld(
  rule: string,
  held: ReadonlyMap<string, Held>,
  counts: { stepCount: number; sampleCount: number },
  lossScale: { value: number; goodSteps: number },
): StateDict {
  const groups = new Map<string, GroupHeader & { parameters: string[] }>();
  const slots: Record<string, Record<string, FloatArray>> = {};
  for (const [name, { stepCount, memory, slots: tensors }] of held) {
    const key = JSON.stringify([stepCount, memory]);
    const group = groups.get(key) ?? { parameters: [], dtype: "float32", stepCount, memory: { ...memory } };
    group.parameters.push(name);
    groups.set(key, group);
    for (const [slot, tensor] of Object.entries(tensors)) {
      slots[slot] = { ...slots[slot], [name]: tensor.dataSync<"float32">().slice() };
    }
  }
  const header = {
    format: "schuss-optimizer",
    version: 2,
    rule,
    ...counts,
    lossScale,
    groups: [...groups.values()],
  } as const;
  return { header, slots };
}
