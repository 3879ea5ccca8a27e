import { checkInteger, given } from "../check.js";
import { type Dtype, dtypes, type FloatArray } from "./dtype.js";
import type { Allocation, Engine } from "./engine.js";

/** A tensor's shape: its sizes, or its length for a vector. */
export type Shape = number | readonly number[];

/** Where a tensor lies in its slab, in elements. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Keeps the owner of live views alive as long as the views. */
const owners = new WeakMap<object, object>();

/**
 * Bytes of a vector. Tensors start on whole ones, so that none shares one with its neighbour; on whole cache lines a thousand
 * tensors of 100 elements took 1.12 times as long.
 */
const VECTOR = 16;

/**
 * How the tensors of a set lie side by side in a slab. Parameters, gradients and every state slot of a set use the same
 * layout, so a step of the set is one kernel call over `length` elements. The padding between tensors is 0
 * (a rule that divides 0 by 0, as Adam with epsilon 0 does, may put NaN into that of the parameters; nothing reads it).
 */
export class Layout {
  readonly dtype: Dtype;
  readonly places: ReadonlyMap<string, Place>;
  /** Elements in the slab, padding included. */
  readonly length: number;

  /** @param padded whether tensors start on whole vectors; a single tensor in another's memory has no padding */
  constructor(where: string, shapes: Readonly<Record<string, Shape>>, dtype: Dtype, padded = true) {
    const places = new Map<string, Place>();
    let offset = 0;
    for (const [name, shape] of Object.entries(shapes)) {
      const length = sizeOf(where, name, shape);
      places.set(name, { offset, length });
      offset += padded ? paddedLength(length, dtype) : length;
    }
    this.dtype = dtype;
    this.places = places;
    this.length = offset;
  }

  /** Elements from the start of a tensor to that of the next. */
  stride(name: string): number {
    const { offset, length } = this.places.get(name)!;
    return Math.min(paddedLength(length, this.dtype), this.length - offset);
  }

  /** A zeroed slab of this layout. */
  allocate(engine: Engine, owner: object): Allocation {
    return engine.allocate(owner, this.length * dtypes[this.dtype].bytes);
  }

  /** The elements of one tensor in a slab of this layout. */
  view(engine: Engine, slab: Allocation, name: string): FloatArray {
    const { offset, length } = this.places.get(name)!;
    return engine.view(this.dtype, slab.pointer + offset * dtypes[this.dtype].bytes, length);
  }

  /**
   * The tensors of a slab by name. Every read gives an array that is live at that moment: the same one until the memory
   * grows, a new one after. The record and its arrays hold on to the slab's owner, which would else free the slab when
   * it is collected.
   */
  liveViews(engine: Engine, slab: Allocation, owner: object): Readonly<Record<string, FloatArray>> {
    const views: Record<string, FloatArray> = {};
    owners.set(views, owner);
    for (const [name, { length }] of this.places) {
      let view: FloatArray | undefined;
      Object.defineProperty(views, name, {
        enumerable: true,
        get: () => {
          // An array is empty once its memory has grown, and its length is read in a third of the time of two buffers;
          // of one that holds nothing it says nothing.
          if (view === undefined || view.length !== length || length === 0 || engine.disposed) {
            view = this.view(engine, slab, name);
            owners.set(view, owner);
          }
          return view;
        },
        set: () => {
          throw new TypeError(`parameters: "${name}" can't be replaced, only filled: .${name}.set(array)`);
        },
      });
    }
    return Object.freeze(views);
  }
}

/** Elements from the start of a tensor to that of the next. */
export function paddedLength(length: number, dtype: Dtype): number {
  const unit = VECTOR / dtypes[dtype].bytes;
  return Math.ceil(length / unit) * unit;
}

function sizeOf(where: string, name: string, shape: unknown): number {
  const sizes = typeof shape === "number" ? [shape] : shape;
  if (!Array.isArray(sizes)) {
    const own = ArrayBuffer.isView(shape) ? "; arrays of your own go to an optimizer as they are" : "";
    throw new TypeError(
      `${where}: the shape of "${name}" must be a number or a list of numbers, got ${given(shape)}${own}`,
    );
  }
  return sizes.reduce((n, size) => n * checkInteger(where, `the shape of "${name}"`, size, 0, 2 ** 31 - 1), 1);
}
