import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import { type AverageOptions, averageWeight, checkpoints } from "./average.js";
import { type LookaheadOptions, resolveLookahead } from "./lookahead.js";
import type { Memory } from "./memory.js";
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

/** What the pass of a step is to do about averages. */
interface PassAverages {
  readonly averages: number;
  readonly averageWeight: number;
}

const NONE: PassAverages = { averages: 0, averageWeight: 0 };

/** What follows the parameters at a distance, whatever the rule: an average, checkpoints, slow weights. */
export class Followers {
  readonly slots: Slots;
  readonly #set: ParameterSet;
  readonly #options: Options;
  /** Weight of the parameters in an average that waits until they have gone back. */
  #waiting: number | undefined;

  constructor(where: string, set: ParameterSet, options: Options) {
    this.#set = set;
    this.#options = options;
    this.slots = new Slots(where, set, slotsOf(options));
  }

  /** Before step t: the average that its pass brings forward, if there is one and the parameters don't go back behind it. */
  begin(t: number, learningRate: number, memory: Memory): PassAverages {
    const { average } = this.#options;
    this.#waiting = undefined;
    if (average === undefined || average.kind === "last") return NONE;
    const weight = averageWeight(average, t, learningRate, memory);
    if (!this.#goesBack(t)) return { averages: this.slots.pointer(AVERAGE), averageWeight: weight };
    this.#waiting = weight;
    return NONE;
  }

  /** After step t: what happens only every so many steps. */
  follow(t: number): void {
    if (this.#goesBack(t)) this.#goBack();
    if (this.#waiting !== undefined) this.#average(this.#waiting);
    this.#takeCheckpoint(t);
  }

  /** Whether the average is one of the parameters after step t already, and not only of those before the first. */
  hasAverage(t: number): boolean {
    const { average } = this.#options;
    return average !== undefined && t >= (checkpoints(average)?.every ?? 1);
  }

  dispose(): void {
    this.slots.dispose();
  }

  #goesBack(t: number): boolean {
    const { lookahead } = this.#options;
    return lookahead !== undefined && t % resolveLookahead(lookahead).steps === 0;
  }

  #goBack(): void {
    const { rate } = resolveLookahead(this.#options.lookahead!);
    const { engine, dtype, layout, valuesPointer } = this.#set;
    const slow = this.slots.pointer(SLOW);
    const axpy = typed(engine.kernels, "axpy", dtype);
    // By the difference, which is 0 for what is frozen: that keeps its bits.
    axpy(layout.length, -1, slow, valuesPointer);
    axpy(layout.length, rate, valuesPointer, slow);
    typed(engine.kernels, "copy", dtype)(layout.length, slow, valuesPointer);
  }

  #average(weight: number): void {
    const { engine, dtype, layout, valuesPointer } = this.#set;
    const average = this.slots.pointer(AVERAGE);
    typed(engine.kernels, "axpby", dtype)(layout.length, weight, valuesPointer, 1 - weight, average);
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
