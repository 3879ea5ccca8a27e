import type { FloatArray } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { Layout } from "../memory/layout.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Slot } from "./slot.js";
import type { SlotStore } from "./slot-store.js";
import type { StateStorage, StoredSlot } from "./storage/storage.js";

interface Stored {
  readonly slot: Slot;
  readonly slabs: readonly Allocation[];
}

/** State tensors in fewer bits than the parameters. All of them have the parameters' shapes and start at 0. */
export class CompressedSlots implements SlotStore {
  readonly storage: StateStorage;
  readonly #set: ParameterSet;
  readonly #stretches: readonly number[];
  readonly #stored = new Map<string, Stored>();

  /** @param stretches elements that scales don't reach across: those of the kernels' tensors */
  constructor(set: ParameterSet, slots: readonly Slot[], storage: StateStorage, stretches: readonly number[]) {
    this.storage = storage;
    this.#set = set;
    this.#stretches = stretches;
    const made: Allocation[] = [];
    try {
      for (const slot of slots) {
        const slabs = storage.slabs(stretches).map((bytes) => {
          made.push(set.engine.allocate(this, bytes));
          return made.at(-1)!;
        });
        this.#stored.set(slot.name, { slot, slabs });
      }
    } catch (error) {
      for (const slab of made) slab.dispose();
      throw error;
    }
  }

  get names(): readonly string[] {
    return [...this.#stored.keys()];
  }

  get stateNames(): readonly string[] {
    return this.names;
  }

  pointers(name: string): readonly number[] {
    return this.#stored.get(name)!.slabs.map(({ pointer }) => pointer);
  }

  has(name: string): boolean {
    return this.#stored.has(name);
  }

  pointer(name: string): number {
    return this.#stored.get(name)!.slabs[0]!.pointer;
  }

  layout(): Layout {
    return this.#set.layout;
  }

  view(slot: string, parameter: string): FloatArray {
    return this.save()[slot]![parameter]!;
  }

  takeParameters(): void {}

  /** The kernels do it themselves, where they store. */
  flush(): void {}

  save(): Record<string, Record<string, FloatArray>> {
    const { places } = this.#set.layout;
    const saved: Record<string, Record<string, FloatArray>> = {};
    for (const name of this.#stored.keys()) {
      const elements = this.storage.decode(this.#slotInMemory(name));
      saved[name] = Object.fromEntries(
        [...places].map(([parameter, { offset, length }]) => [parameter, elements.slice(offset, offset + length)]),
      );
    }
    return saved;
  }

  load(slot: string, parameter: string, array: FloatArray): void {
    const stored = this.#slotInMemory(slot);
    const elements = this.storage.decode(stored);
    elements.set(array, this.#set.layout.places.get(parameter)!.offset);
    this.storage.encode(stored, elements);
  }

  dispose(): void {
    for (const { slabs } of this.#stored.values()) for (const slab of slabs) slab.dispose();
  }

  #slotInMemory(name: string): StoredSlot {
    return {
      buffer: this.#set.engine.memory.buffer as ArrayBuffer,
      pointers: this.pointers(name),
      stretches: this.#stretches,
      squared: this.#stored.get(name)!.slot.squared === true,
    };
  }
}
