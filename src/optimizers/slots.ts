import { type FloatArray, typed } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import { Layout } from "../memory/layout.js";
import type { ParameterSet } from "../memory/parameters.js";
import { flushInterval, flushThreshold } from "./flush.js";
import type { Slot } from "./slot.js";
import type { SlotStore } from "./slot-store.js";

interface Stored {
  readonly slot: Slot;
  readonly layout: Layout;
  readonly slab: Allocation;
}

/** State tensors of the parameters' element type: a slab for each slot. */
export class Slots implements SlotStore {
  readonly storage = undefined;
  readonly names: readonly string[];
  readonly #set: ParameterSet;
  readonly #stored = new Map<string, Stored>();
  readonly #flushInterval: number;

  constructor(where: string, set: ParameterSet, slots: readonly Slot[]) {
    this.names = slots.map(({ name }) => name);
    this.#set = set;
    this.#flushInterval = flushInterval(slots);
    try {
      for (const slot of slots) {
        const layout = slot.shape === undefined ? set.layout : new Layout(where, mapShapes(set, slot.shape), set.dtype);
        this.#stored.set(slot.name, { slot, layout, slab: layout.allocate(set.engine, this) });
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
    for (const { slot, layout, slab } of this.#stored.values()) {
      // The padding stays 0. What starts as the parameters waits for the first step: they may be set until then.
      if (typeof slot.initial !== "number" || slot.initial === 0) continue;
      for (const name of layout.places.keys()) layout.view(set.engine, slab, name).fill(slot.initial);
    }
  }

  get stateNames(): readonly string[] {
    return this.names.filter((name) => !this.#stored.get(name)!.slot.temporary);
  }

  has(name: string): boolean {
    return this.#stored.has(name);
  }

  pointers(name: string): readonly number[] {
    return [this.pointer(name)];
  }

  pointer(name: string): number {
    return this.#stored.get(name)!.slab.pointer;
  }

  layout(name: string): Layout {
    return this.#stored.get(name)!.layout;
  }

  view(slot: string, parameter: string): FloatArray {
    const { layout, slab } = this.#stored.get(slot)!;
    return layout.view(this.#set.engine, slab, parameter);
  }

  takeParameters(): void {
    const { engine, layout, dtype, valuesPointer } = this.#set;
    for (const { slot, slab } of this.#stored.values()) {
      if (slot.initial === "parameters")
        typed(engine.kernels, "copy", dtype)(layout.length, valuesPointer, slab.pointer);
    }
  }

  flush(t: number): void {
    if (t % this.#flushInterval !== 0) return;
    const { engine, dtype } = this.#set;
    const flush = typed(engine.kernels, "flush", dtype);
    for (const { slot, layout, slab } of this.#stored.values()) {
      if (slot.decay !== undefined) flush(layout.length, flushThreshold(slot, dtype), slab.pointer);
    }
  }

  load(slot: string, parameter: string, array: FloatArray): void {
    this.view(slot, parameter).set(array);
  }

  save(): Record<string, Record<string, FloatArray>> {
    const saved: Record<string, Record<string, FloatArray>> = {};
    for (const slot of this.stateNames) {
      const { layout } = this.#stored.get(slot)!;
      saved[slot] = Object.fromEntries([...layout.places.keys()].map((name) => [name, this.view(slot, name).slice()]));
    }
    return saved;
  }

  dispose(): void {
    for (const { slab } of this.#stored.values()) slab.dispose();
  }
}

function mapShapes(set: ParameterSet, shape: NonNullable<Slot["shape"]>) {
  return Object.fromEntries(Object.entries<readonly number[]>(set.shapes).map(([name, sizes]) => [name, shape(sizes)]));
}
