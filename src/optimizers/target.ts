import { given } from "../check.js";
import { type Dtype, dtypeOf, dtypes, type FloatArray } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import { ParameterSet } from "../memory/parameters.js";

/** Typed arrays by name, or a list of them, named "0", "1", ... */
export type Arrays = Readonly<Record<string, FloatArray>> | readonly FloatArray[];

/** What an optimizer updates: a parameter set, without copies, or the caller's own arrays, copied in and out. */
export type Target = ParameterSet | Arrays;

/** The parameters of a group, and how they and their gradients come in and go out. */
export interface BoundTarget {
  readonly set: ParameterSet;
  /** Brings the parameters into the set's memory. Checks them all before it writes anything. */
  loadParameters(): void;
  /** Checks the gradients. What it returns brings them there, or adds them to those that are there. */
  takeGradients(gradients: Arrays | undefined, add: boolean): () => void;
  /** Brings the updated parameters back to the caller. */
  unload(): void;
  /** Sets the gradients that the caller gave last to 0, if they are its own. */
  clear(): void;
  /** Whether the gradients are those of a parameter set. */
  readonly ownsGradients: boolean;
  dispose(): void;
}

export function bindTarget(where: string, target: Target, engine: Engine | undefined): BoundTarget {
  if (!(target instanceof ParameterSet)) return bindArrays(where, target, engine);
  if (engine !== undefined && engine !== target.engine) {
    throw new RangeError(`${where}: the parameter set lives in another engine than the option names`);
  }
  return bindSet(where, target);
}

function bindSet(where: string, set: ParameterSet): BoundTarget {
  if (set.disposed) throw new Error(`${where}: the parameter set has been disposed of`);
  return {
    set,
    loadParameters() {},
    takeGradients(gradients, add) {
      // Without arrays the caller has written, or added, to the set's gradients.
      if (gradients === undefined) return () => {};
      const entries = checkArrays(where, "gradient", gradients, set);
      return () => bring(add, entries, set, set.gradientsPointer);
    },
    unload() {},
    clear() {},
    ownsGradients: true,
    dispose() {},
  };
}

function bindArrays(where: string, arrays: Arrays, engine: Engine | undefined): BoundTarget {
  const named = entriesOf(where, "target", arrays);
  const dtype = commonDtype(where, named);
  const shapes = Object.fromEntries(named.map(([name, array]) => [name, array.length]));
  const set = new ParameterSet(shapes, engine === undefined ? { dtype } : { dtype, engine });
  /** The arrays as the last step found them: the caller may put others in their place between steps. */
  let parameters: Entries = [];
  let gradients: Entries = [];
  return {
    set,
    loadParameters() {
      parameters = checkArrays(where, "parameter", arrays, set);
      bring(false, parameters, set, set.valuesPointer);
    },
    takeGradients(given, add) {
      if (given === undefined) {
        throw new TypeError(`${where}: step() needs the gradients, since the target is not a parameter set`);
      }
      const entries = checkArrays(where, "gradient", given, set);
      return () => {
        gradients = entries;
        bring(add, entries, set, set.gradientsPointer);
      };
    },
    unload() {
      const slab = slabAt(set, set.valuesPointer);
      for (const [name, array] of parameters) {
        const { offset, length } = set.layout.places.get(name)!;
        array.set(slab.subarray(offset, offset + length));
      }
    },
    clear() {
      for (const [, array] of gradients) array.fill(0);
    },
    ownsGradients: false,
    dispose: () => set.dispose(),
  };
}

type Entries = (readonly [name: string, array: FloatArray])[];

/** All of a slab as one array: with many small tensors an array for each would cost more than the step. */
function slabAt(set: ParameterSet, pointer: number): FloatArray {
  return set.engine.view(set.dtype, pointer, set.layout.length);
}

/** Copies arrays into a slab, or adds them to it. */
function bring(add: boolean, entries: Entries, set: ParameterSet, pointer: number): void {
  const slab = slabAt(set, pointer);
  for (const [name, array] of entries) {
    const { offset } = set.layout.places.get(name)!;
    if (!add) slab.set(array, offset);
    else for (let i = 0; i < array.length; i++) slab[offset + i]! += array[i]!;
  }
}

export function entriesOf(where: string, what: string, arrays: unknown): Entries {
  if (typeof arrays !== "object" || arrays === null || ArrayBuffer.isView(arrays)) {
    throw new TypeError(`${where}: ${what} must be a record or a list of typed arrays, got ${given(arrays)}`);
  }
  return Object.entries<FloatArray>(arrays as Record<string, FloatArray>);
}

function commonDtype(where: string, named: Entries): Dtype {
  if (new Set(named.map(([, array]) => array)).size < named.length) {
    throw new RangeError(`${where}: the same array stands under two names`);
  }
  let common: Dtype | undefined;
  for (const [name, array] of named) {
    const dtype = dtypeOf(array);
    if (dtype === undefined) {
      throw new TypeError(
        `${where}: parameter "${name}" must be a Float32Array or a Float64Array, got ${given(array)}`,
      );
    }
    if (isDetached(array)) throw new RangeError(`${where}: parameter "${name}" is a detached array`);
    if (dtype !== (common ?? dtype))
      throw new TypeError(`${where}: parameter "${name}" is ${dtype}, others are ${common}`);
    common = dtype;
  }
  if (common === undefined) throw new RangeError(`${where}: target has no parameters`);
  return common;
}

/** The arrays as entries, once they are known to fit the set. */
function checkArrays(where: string, what: string, arrays: Arrays, set: ParameterSet): Entries {
  const entries = entriesOf(where, `${what}s`, arrays);
  for (const [name, array] of entries) {
    const place = set.layout.places.get(name);
    if (place === undefined) {
      throw new RangeError(
        `${where}: ${what} "${name}" belongs to no parameter; there are ${quoted(set.layout.places.keys())}`,
      );
    }
    if (dtypeOf(array) !== set.dtype) {
      throw new TypeError(`${where}: ${what} "${name}" must be a ${dtypes[set.dtype].array.name}, got ${given(array)}`);
    }
    if (array.length !== place.length) {
      const got = isDetached(array) ? "a detached array" : `${array.length}`;
      throw new RangeError(`${where}: ${what} "${name}" must have ${place.length} elements, got ${got}`);
    }
  }
  if (entries.length < set.layout.places.size) {
    const present = new Set(entries.map(([name]) => name));
    const missing = [...set.layout.places.keys()].filter((name) => !present.has(name));
    throw new RangeError(`${where}: ${what} missing for ${quoted(missing)}`);
  }
  return entries;
}

/** Whether an array has lost its memory, as one read from a parameter set does when the memory grows. */
function isDetached(array: FloatArray): boolean {
  if (array.length > 0) return false;
  try {
    // An empty buffer can be viewed, a detached one can't. `ArrayBuffer.prototype.detached` is not there in Node 20.
    new Uint8Array(array.buffer);
    return false;
  } catch {
    return true;
  }
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => JSON.stringify(name)).join(", ");
}
