/** Something of each mode of each block that is computed anew now and then: a root, a basis. */
export interface Due {
  /** Its part of the work. */
  readonly cost: number;
  /** The step at which it was computed last, 0 for never. */
  lastStep(): number;
}

export interface ScheduleOptions {
  /** Steps from one computation to the next, >= 1. */
  readonly frequency: number;
  readonly startStep: number;
}

/**
 * When each is due without a clock: in the steps t with (t - startStep) mod frequency = its phase. Phases are shared out by
 * cost, in order, so that every step has an equal share of the work: deterministic, and nothing to be remembered.
 */
export function phasesOf(items: readonly Due[], frequency: number): readonly number[] {
  const total = items.reduce((sum, { cost }) => sum + cost, 0);
  let before = 0;
  return items.map(({ cost }) => Math.floor((frequency * ((before += cost) - cost)) / total));
}

/** The phase whose turn it is at step t; undefined before the first. */
export function phaseAt(t: number, { frequency, startStep }: ScheduleOptions): number | undefined {
  return t < startStep ? undefined : (t - startStep) % frequency;
}

/** Those that have not been computed for `frequency` steps, the oldest first. */
export function oldestFirst<T extends Due>(
  items: readonly T[],
  t: number,
  { frequency, startStep }: ScheduleOptions,
): readonly T[] {
  if (t < startStep) return [];
  return items
    .map((item) => ({ item, last: item.lastStep() }))
    .filter(({ last }) => last === 0 || t - last >= frequency)
    .sort((a, b) => a.last - b.last)
    .map(({ item }) => item);
}

/** The time that is left of a step. */
export class Budget {
  readonly #limit: number;
  readonly #now: () => number;
  #start = 0;

  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  begin(): void {
    this.#start = this.#now();
  }

  /** Whether there is time for more. */
  get left(): boolean {
    return this.#now() - this.#start < this.#limit;
  }
}
