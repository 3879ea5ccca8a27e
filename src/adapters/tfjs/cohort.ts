import type { Variable } from "@tensorflow/tfjs-core";
import { ParameterSet } from "../../memory/parameters.js";
import type { ParameterGroup } from "../../optimizers/group.js";
import type { Bridge } from "./bridge.js";
import type { Borrowed, Place } from "./place.js";

/** Variables that have had all their gradients together, and so count the same steps. */
export class Cohort {
  /** A set for the small tensors together, and one for each that is updated where it is. */
  readonly sets: readonly ParameterSet[];
  readonly places: ReadonlyMap<string, Place>;
  /** The groups of the optimizer that are made of the sets. */
  groups: readonly ParameterGroup[] = [];

  /**
   * @param borrowsFrom the size from which a variable is a set by itself
   * @param accumulates whether gradients are added up, and so can't stay where TensorFlow.js has them
   */
  constructor(bridge: Bridge, variables: readonly Variable[], borrowsFrom: number, accumulates: boolean) {
    const places = new Map<string, Place>();
    const sets: ParameterSet[] = [];
    const small = variables.filter(({ size }) => size < borrowsFrom);
    try {
      if (small.length > 0) {
        const shapes = Object.fromEntries(small.map(({ name, shape }) => [name, shape]));
        const set = new ParameterSet(shapes, { engine: bridge.engine });
        sets.push(set);
        for (const { name, size } of small) {
          const { offset } = set.layout.places.get(name)!;
          places.set(name, { name, length: size, set, offset, borrowed: undefined, seen: undefined });
        }
      }
      for (const variable of variables) {
        if (variable.size < borrowsFrom) continue;
        const place = borrow(bridge, variable, accumulates);
        sets.push(place.set);
        places.set(variable.name, place);
      }
    } catch (error) {
      for (const set of sets) set.dispose();
      throw error;
    }
    this.sets = sets;
    this.places = places;
  }

  dispose(): void {
    for (const set of this.sets) set.dispose();
  }
}

/** A set over a variable's own memory, and its gradient's; the bridge says before each step where they are. */
function borrow({ engine }: Bridge, { name, shape, size }: Variable, accumulates: boolean): Place {
  const elsewhere = () => ({ pointer: 0, bytes: 4 * size, dispose() {} });
  const borrowed: Borrowed = {
    values: elsewhere(),
    gradients: accumulates ? engine.allocate(engine, 4 * size) : elsewhere(),
  };
  const set = new ParameterSet({ [name]: shape }, { engine }, borrowed);
  return { name, length: size, set, offset: 0, borrowed, seen: undefined };
}
