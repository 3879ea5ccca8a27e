import type { FloatArray } from "../../memory/dtype.js";
import type { StateDict } from "../../optimizers/state.js";

type Slots = Record<string, Record<string, FloatArray>>;

/** What the first state has and the second has not, and all of the second. */
export function mergeStates(older: StateDict | undefined, newer: StateDict | undefined): StateDict | undefined {
  if (older === undefined || newer === undefined) return newer ?? older;
  const taken = new Set(newer.header.groups.flatMap(({ parameters }) => parameters));
  const groups = older.header.groups
    .map((group) => ({ ...group, parameters: group.parameters.filter((name) => !taken.has(name)) }))
    .filter(({ parameters }) => parameters.length > 0);
  const slots: Slots = Object.fromEntries(Object.entries(newer.slots).map(([slot, tensors]) => [slot, { ...tensors }]));
  const names = groups.flatMap(({ parameters }) => parameters);
  for (const [slot, tensors] of Object.entries(older.slots)) {
    slots[slot] ??= {};
    for (const name of names) if (tensors[name] !== undefined) slots[slot][name] = tensors[name];
  }
  return { header: { ...newer.header, groups: [...newer.header.groups, ...groups] }, slots };
}

/**
 * A state with the names of these variables. TensorFlow.js's own optimizers go by the position; a loaded model may have
 * other names than the one that was saved. So a state none of whose names is known is taken by position, if the sizes fit.
 */
export function matchNames(
  state: StateDict | undefined,
  variables: readonly { readonly name: string; readonly size: number }[],
): StateDict | undefined {
  if (state === undefined) return undefined;
  const saved = state.header.groups.flatMap(({ parameters }) => parameters);
  // A rule without slots has no names in its weights, only a count of steps.
  if (saved.length === 0) {
    const { stepCount } = state.header;
    const parameters = variables.map(({ name }) => name);
    return { ...state, header: { ...state.header, groups: [{ parameters, dtype: "float32", stepCount, memory: {} }] } };
  }
  if (saved.some((name) => variables.some((variable) => variable.name === name))) return state;
  if (saved.length !== variables.length) return state;
  const renamed = new Map(saved.map((name, k) => [name, variables[k]!.name]));
  const fits = Object.values(state.slots).every((tensors) =>
    saved.every((name, k) => tensors[name] === undefined || tensors[name].length === variables[k]!.size),
  );
  if (!fits) return state;
  const rename = (name: string) => renamed.get(name) ?? name;
  return {
    header: {
      ...state.header,
      groups: state.header.groups.map((group) => ({ ...group, parameters: group.parameters.map(rename) })),
    },
    slots: Object.fromEntries(
      Object.entries(state.slots).map(([slot, tensors]) => [
        slot,
        Object.fromEntries(Object.entries(tensors).map(([name, array]) => [rename(name), array])),
      ]),
    ),
  };
}
