import { checkInteger, given } from "../check.js";
import { type Dtype, dtypeOf, type FloatArray } from "../memory/dtype.js";

const FORMAT = "schuss-optimizer";
const VERSION = 1;

/** An optimizer's state: a header that survives JSON, and typed arrays by slot and parameter name. */
export interface StateDict {
  readonly header: {
    readonly format: typeof FORMAT;
    readonly version: number;
    readonly rule: string;
    readonly dtype: Dtype;
    readonly stepCount: number;
  };
  readonly slots: Readonly<Record<string, Readonly<Record<string, FloatArray>>>>;
}

export function header(rule: string, dtype: Dtype, stepCount: number): StateDict["header"] {
  return { format: FORMAT, version: VERSION, rule, dtype, stepCount };
}

/** What the state must fit. */
interface Expected {
  readonly rule: string;
  readonly dtype: Dtype;
  readonly slots: readonly string[];
  readonly lengths: ReadonlyMap<string, number>;
}

/** Throws, naming the slot and the parameter, if the state does not fit. */
export function checkState(where: string, state: StateDict, expected: Expected): void {
  const head = state?.header;
  if (head?.format !== FORMAT) throw new TypeError(`${where}: not a state of an optimizer, got ${given(state)}`);
  checkInteger(where, "the state's version", head.version, 1, VERSION);
  checkInteger(where, "the state's stepCount", head.stepCount, 0, Number.MAX_SAFE_INTEGER);
  if (head.rule !== expected.rule) throw new RangeError(`${where}: the state belongs to "${head.rule}"`);
  if (head.dtype !== expected.dtype)
    throw new RangeError(`${where}: the state is ${head.dtype}, the parameters ${expected.dtype}`);
  for (const slot of Object.keys(state.slots ?? {})) {
    if (!expected.slots.includes(slot))
      throw new RangeError(`${where}: the state has a slot "${slot}" that is not used here`);
  }
  for (const slot of expected.slots) {
    const tensors = state.slots?.[slot];
    if (tensors === undefined) throw new RangeError(`${where}: the state has no slot "${slot}"`);
    for (const [name, length] of expected.lengths) {
      const array = tensors[name];
      if (array === undefined) throw new RangeError(`${where}: slot "${slot}" of the state has no parameter "${name}"`);
      if (dtypeOf(array) !== expected.dtype || array.length !== length) {
        throw new RangeError(
          `${where}: slot "${slot}" of "${name}" must be ${expected.dtype} of ${length}, got ${given(array)} of ${array.length}`,
        );
      }
    }
    for (const name of Object.keys(tensors)) {
      if (!expected.lengths.has(name))
        throw new RangeError(`${where}: slot "${slot}" has an unknown parameter "${name}"`);
    }
  }
}
