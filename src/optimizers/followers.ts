import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import { type AverageOptions, checkpoints } from "./average.js";
import { type LookaheadOptions, resolveLookahead } from "./lookahead.js";
import type { Slot } from "./slot.js";
import { Slots } from "./slots.js";

/** The slot that holds an average of the parameters, of the option `average` or of the rule itself. */
export const AVERAGE = "average";
const SLOW = "slow";

const checkpointName = (k: number) => `checkpoint${k}`;

interface Options {
  readonly average: AverageOptions | undefined;
  readonly lookahead: LookaheadOptions | undefined;
}

/** What follows the parameters at a distance, whatever the rule: an average, checkpoints, slow weights. */
export class Followers {
  readonly slots: Slots;
  readonly #set: ParameterSet;
  readonly #options: Options;

  constructor(where: string, set: ParameterSet, options: Options) {
    this.#set = set;
    this.#options = options;
    this.slots = new Slots(where, set, slotsOf(options));
  }

  /** Where the average lies that the pass of a step brings forward; 0 if it has none to. */
  get averages(): number {
    const { average } = this.#options;
    return average === undefined || average.kind === "last" ? 0 : this.slots.pointer(AVERAGE);
  }

  /** After step t: what happens only every so many steps. */
  follow(t: number): void {
    this.#lookAhead(t);
    this.#takeCheckpoint(t);
  }

  dispose(): void {
    this.slots.dispose();
  }

  #lookAhead(t: number): void {
    const { lookahead } = this.#options;
    if (lookahead === undefined) return;
    const { steps, rate } = resolveLookahead(lookahead);
    if (t % steps !== 0) return;
    const { engine, dtype, layout, valuesPointer } = this.#set;
    const slow = this.slots.pointer(SLOW);
    typed(engine.kernels, "axpby", dtype)(layout.length, rate, valuesPointer, 1 - rate, slow);
    typed(engine.kernels, "copy", dtype)(layout.length, slow, valuesPointer);
  }

  #takeCheckpoint(t: number): void {
    const last = checkpoints(this.#options.average);
    if (last === undefined || t % last.every !== 0) return;
    const { engine, dtype, layout, valuesPointer } = this.#set;
    const taken = t / last.every;
    const oldest = this.slots.pointer(checkpointName((taken - 1) % last.count));
    typed(engine.kernels, "copy", dtype)(layout.length, valuesPointer, oldest);
    const count = Math.min(taken, last.count);
    const average = this.slots.pointer(AVERAGE);
    typed(engine.kernels, "fill", dtype)(layout.length, 0, average);
    for (let k = 0; k < count; k++) {
      const checkpoint = this.slots.pointer(checkpointName(k));
      typed(engine.kernels, "axpy", dtype)(layout.length, 1 / count, checkpoint, average);
    }
  }
}

function slotsOf({ average, lookahead }: Options): readonly Slot[] {
  const slots: Slot[] = [];
  if (average !== undefined) slots.push({ name: AVERAGE, initial: "parameters" });
  for (let k = 0; k < (checkpoints(average)?.count ?? 0); k++) slots.push({ name: checkpointName(k), initial: 0 });
  if (lookahead !== undefined) slots.push({ name: SLOW, initial: "parameters" });
  return slots;
}
