import { checkInteger, checkNumber, given, positive } from "../check.js";
import { type Dtype, dtypeOf, type FloatArray } from "../memory/dtype.js";
import type { Memory } from "./memory.js";

const FORMAT = "schuss-optimizer";
const VERSION = 2;

/** What a state says of a group. */
export interface GroupHeader {
  /** The names of its parameters. */
  readonly parameters: readonly string[];
  readonly dtype: Dtype;
  readonly stepCount: number;
  /** Numbers that the rule remembers beside the slots. */
  readonly memory: Readonly<Record<string, number>>;
}

/** An optimizer's state: a header that survives JSON, and typed arrays by slot and parameter name. */
export interface StateDict {
  readonly header: {
    readonly format: typeof FORMAT;
    readonly version: number;
    readonly rule: string;
    readonly stepCount: number;
    /** Calls of `step`, for the closure. Default `stepCount`. */
    readonly sampleCount?: number;
    readonly lossScale?: { readonly value: number; readonly goodSteps: number };
    readonly groups: readonly GroupHeader[];
  };
  readonly slots: Readonly<Record<string, Readonly<Record<string, FloatArray>>>>;
}

/** What a state is made of and must fit. */
interface StatefulGroup {
  readonly names: readonly string[];
  readonly set: { readonly dtype: Dtype };
  readonly stepCount: number;
  readonly memory: Memory;
  readonly slotNames: readonly string[];
  slotLength(slot: string, name: string): number;
}

export function stateHeader(
  rule: string,
  counts: { stepCount: number; sampleCount: number },
  lossScale: { value: number; goodSteps: number },
  groups: readonly StatefulGroup[],
): StateDict["header"] {
  return {
    format: FORMAT,
    version: VERSION,
    rule,
    ...counts,
    lossScale,
    groups: groups.map(({ names, set, stepCount, memory }) => ({
      parameters: [...names],
      dtype: set.dtype,
      stepCount,
      memory: { ...memory },
    })),
  };
}

/** What a state says of the count, the loss scale and every group, once it is known to fit. */
interface CheckedState {
  readonly stepCount: number;
  readonly sampleCount: number;
  readonly lossScale: { readonly value: number; readonly goodSteps: number } | undefined;
  /** In the order of the groups asked for. */
  readonly groups: readonly { readonly stepCount: number; readonly memory: Memory }[];
}

/** Version 1 had one group, without memory, whose dtype stood in the header. */
function upgrade(header: StateDict["header"], names: readonly string[]): StateDict["header"] {
  if (header.version !== 1) return header;
  const { dtype, stepCount } = header as unknown as { dtype: Dtype; stepCount: number };
  return { ...header, groups: [{ parameters: names, dtype, stepCount, memory: {} }] };
}

/** Throws, naming the slot and the parameter, if the state does not fit. */
export function checkState(where: string, state: StateDict, groups: readonly StatefulGroup[]): CheckedState {
  if (state?.header?.format !== FORMAT) {
    const text = typeof state?.header === "string" ? ": its header is text, not yet parsed" : "";
    throw new TypeError(`${where}: not a state of an optimizer, got ${given(state)}${text}`);
  }
  checkInteger(where, "the state's version", state.header.version, 1, VERSION);
  const names = groups.flatMap((group) => group.names);
  const head = upgrade(state.header, names);
  checkInteger(where, "the state's stepCount", head.stepCount, 0, Number.MAX_SAFE_INTEGER);
  const { sampleCount = head.stepCount, lossScale } = head;
  checkInteger(where, "the state's sampleCount", sampleCount, 0, Number.MAX_SAFE_INTEGER);
  if (lossScale !== undefined) {
    checkNumber(where, "the state's lossScale.value", lossScale.value, positive);
    checkInteger(where, "the state's lossScale.goodSteps", lossScale.goodSteps, 0, Number.MAX_SAFE_INTEGER);
  }
  if (head.rule !== where) throw new RangeError(`${where}: the state belongs to "${head.rule}"`);
  const checked = groups.map((group) => checkGroup(where, head, group));
  const known = new Set(groups.flatMap(({ slotNames }) => slotNames));
  for (const [slot, tensors] of Object.entries(state.slots ?? {})) {
    if (!known.has(slot)) throw new RangeError(`${where}: the state has a slot "${slot}" that is not used here`);
    for (const name of Object.keys(tensors)) {
      if (!names.includes(name)) throw new RangeError(`${where}: slot "${slot}" has an unknown parameter "${name}"`);
    }
  }
  for (const group of groups) checkSlots(where, state, group);
  return { stepCount: head.stepCount, sampleCount, lossScale, groups: checked };
}

/** The saved group that holds the parameters of one of ours; it may hold more. */
function checkGroup(where: string, head: StateDict["header"], { names, set, memory }: StatefulGroup) {
  const saved = head.groups?.find(({ parameters }) => parameters.includes(names[0]!));
  const missing = names.find((name) => !saved?.parameters.includes(name));
  if (saved === undefined || missing !== undefined) {
    throw new RangeError(`${where}: no group of the state has the parameter "${missing ?? names[0]}"`);
  }
  if (saved.dtype !== set.dtype) {
    throw new RangeError(`${where}: the state is ${saved.dtype}, the parameters ${set.dtype}`);
  }
  checkInteger(where, "the state's stepCount", saved.stepCount, 0, Number.MAX_SAFE_INTEGER);
  for (const [name, value] of Object.entries(saved.memory)) {
    if (!(name in memory)) throw new RangeError(`${where}: the state remembers "${name}", which is not used here`);
    if (typeof value !== "number")
      throw new TypeError(`${where}: the state's "${name}" must be a number, got ${given(value)}`);
  }
  return { stepCount: saved.stepCount, memory: saved.memory };
}

function checkSlots(where: string, state: StateDict, group: StatefulGroup): void {
  const { names, set } = group;
  for (const slot of group.slotNames) {
    const tensors = state.slots?.[slot];
    if (tensors === undefined) throw new RangeError(`${where}: the state has no slot "${slot}"`);
    for (const name of names) {
      const array = tensors[name];
      const length = group.slotLength(slot, name);
      if (array === undefined) throw new RangeError(`${where}: slot "${slot}" of the state has no parameter "${name}"`);
      if (!ArrayBuffer.isView(array)) {
        throw new TypeError(
          `${where}: slot "${slot}" of "${name}" must be a typed array, which JSON does not keep, got ${given(array)}`,
        );
      }
      if (dtypeOf(array) !== set.dtype || array.length !== length) {
        throw new RangeError(
          `${where}: slot "${slot}" of "${name}" must be ${set.dtype} of ${length}, got ${given(array)} of ${array.length}`,
        );
      }
    }
  }
}
