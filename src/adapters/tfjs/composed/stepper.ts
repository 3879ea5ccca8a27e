// Backends whose memory is out of reach: steps made of TensorFlow.js's own operations, so that nothing is read back.

import type { Variable } from "@tensorflow/tfjs-core";
import { averageMemory } from "../../../optimizers/average.js";
import { AVERAGE } from "../../../optimizers/followers.js";
import { LossScale } from "../../../optimizers/loss-scale.js";
import type { StateDict } from "../../../optimizers/state.js";
import type { Entry } from "../place.js";
import { matchNames, mergeStates } from "../states.js";
import type { Stepper } from "../stepper.js";
import type { TensorFlow } from "../tensorflow.js";
import { type Held, saveHeld, takeHeld } from "./held.js";
import { globalClip, type Moved, move, slotsOf } from "./pass.js";
import type { Composable } from "./support.js";

export class ComposedStepper implements Stepper {
  readonly reason: string;
  readonly #tf: TensorFlow;
  #composable: Composable;
  readonly #held = new Map<string, Held>();
  /** A state for variables that have not come yet. */
  #waiting: StateDict | undefined;
  readonly #lossScale: LossScale;
  /** Calls of `step` whose gradients wait for the update. */
  #pending = 0;
  #stepCount = 0;
  #sampleCount = 0;

  constructor(tf: TensorFlow, composable: Composable, reason: string) {
    this.#tf = tf;
    this.#composable = composable;
    this.#lossScale = new LossScale(composable.options.lossScale);
    this.reason = reason;
  }

  get bytesInUse(): number {
    const tensors = [...this.#held.values()].flatMap(({ slots, sum }) => [
      ...Object.values(slots),
      ...(sum ? [sum] : []),
    ]);
    return tensors.reduce((bytes, { size }) => bytes + 4 * size, 0);
  }

  /** Goes on with other options; a slot that is new begins at the next step. */
  recompose(composable: Composable): void {
    this.#composable = composable;
    const kept = new Set(slotsOf(composable).map(({ name }) => name));
    for (const { slots } of this.#held.values()) {
      for (const [slot, tensor] of Object.entries(slots)) {
        if (kept.has(slot)) continue;
        tensor.dispose();
        delete slots[slot];
      }
    }
  }

  step(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const { accumulate } = this.#composable.options;
    this.#take(entries);
    const whole = accumulate === 1 ? entries : this.#addUp(entries, accumulate);
    try {
      if (whole !== undefined) this.#update(whole);
    } finally {
      if (whole !== undefined) this.#forgetSums();
    }
    this.#sampleCount++;
  }

  withAverages<Result>(body: () => Result): Result {
    if (this.#held.size === 0) return body();
    if (!slotsOf(this.#composable).some(({ name }) => name === AVERAGE)) {
      throw new TypeError(`${this.#name}: there is no average; ask for one with the option "average"`);
    }
    const exchanged = this.#variables([...this.#held.keys()]).flatMap((variable) => {
      const average = this.#held.get(variable.name)!.slots[AVERAGE];
      return average === undefined ? [] : [{ variable, average, before: this.#tf.clone(variable) }];
    });
    for (const { variable, average } of exchanged) variable.assign(average as Variable);
    try {
      return body();
    } finally {
      for (const { variable, before } of exchanged) {
        variable.assign(before as Variable);
        before.dispose();
      }
    }
  }

  stateDict(): StateDict | undefined {
    if (this.#held.size === 0) return this.#waiting;
    const counts = { stepCount: this.#stepCount, sampleCount: this.#sampleCount - this.#pending };
    const { value, goodSteps } = this.#lossScale;
    return mergeStates(this.#waiting, saveHeld(this.#name, this.#held, counts, { value, goodSteps }));
  }

  loadStateDict(state: StateDict): void {
    const variables = this.#variables([...this.#held.keys()]);
    this.dispose();
    const { stepCount, sampleCount = stepCount, lossScale } = state.header;
    this.#waiting = state;
    this.#stepCount = stepCount;
    this.#sampleCount = sampleCount;
    if (lossScale !== undefined) Object.assign(this.#lossScale, lossScale);
    this.#hold(variables);
  }

  dispose(): void {
    for (const held of this.#held.values()) this.#drop(held);
    this.#held.clear();
    this.#waiting = undefined;
    this.#pending = 0;
  }

  get #name(): string {
    return this.#composable.rule.name;
  }

  #drop({ slots, sum }: Held): void {
    for (const tensor of Object.values(slots)) tensor.dispose();
    sum?.dispose();
  }

  /** The variables of these names that are still there. */
  #variables(names: readonly string[]): readonly Variable[] {
    const { registeredVariables } = this.#tf.engine();
    return names.map((name) => registeredVariables[name]).filter((variable) => variable !== undefined);
  }

  #take(entries: readonly Entry[]): void {
    for (const { name, variable } of entries) {
      const held = this.#held.get(name);
      const fits = held === undefined || Object.values(held.slots).every(({ size }) => size === variable.size);
      if (fits) continue;
      // Another variable under a name that was there before.
      this.#drop(held);
      this.#held.delete(name);
    }
    this.#hold(entries.map(({ variable }) => variable).filter(({ name }) => !this.#held.has(name)));
  }

  /** Begins to remember variables, from what waits for them where something does. */
  #hold(variables: readonly Variable[]): void {
    if (variables.length === 0) return;
    const { rule, options } = this.#composable;
    this.#waiting = matchNames(this.#waiting, variables);
    for (const variable of variables) {
      const memory = { ...rule.memory?.(options), ...averageMemory(options.average) };
      this.#held.set(variable.name, takeHeld(this.#tf, variable, this.#waiting, memory));
    }
  }

  /** The sums of the gradients of all variables that had some; undefined while there are more to come. */
  #addUp(entries: readonly Entry[], accumulate: number): readonly Entry[] | undefined {
    const tf = this.#tf;
    for (const { name, gradient } of entries) {
      const held = this.#held.get(name)!;
      const before = held.sum;
      held.sum = tf.keep(before === undefined ? tf.clone(gradient) : tf.add(before, gradient));
      before?.dispose();
    }
    this.#pending = (this.#pending + 1) % accumulate;
    if (this.#pending > 0) return undefined;
    return this.#variables([...this.#held.keys()]).flatMap((variable) => {
      const gradient = this.#held.get(variable.name)!.sum;
      return gradient === undefined ? [] : [{ name: variable.name, variable, gradient }];
    });
  }

  #forgetSums(): void {
    for (const held of this.#held.values()) {
      held.sum?.dispose();
      held.sum = undefined;
    }
  }

  /** One update. Nothing is changed before everything is computed. */
  #update(entries: readonly Entry[]): void {
    const tf = this.#tf;
    const { options } = this.#composable;
    const scale = 1 / (this.#lossScale.value * options.accumulate);
    if (!this.#checkFinite(entries)) return;
    const moves: (Moved & { readonly variable: Variable; readonly held: Held })[] = [];
    tf.tidy(() => {
      const clip = globalClip(tf, this.#composable, entries, scale);
      const factor = clip === 1 ? scale : tf.mul(clip, scale);
      for (const entry of entries) {
        const held = this.#held.get(entry.name)!;
        moves.push({ ...move(tf, this.#composable, entry, held, factor), variable: entry.variable, held });
      }
      for (const { parameter, slots } of moves) {
        for (const tensor of [parameter, ...Object.values(slots)]) if (tensor !== undefined) tf.keep(tensor);
      }
    });
    for (const { parameter, slots, memory, variable, held } of moves) {
      if (parameter !== undefined) variable.assign(parameter as Variable);
      parameter?.dispose();
      for (const [slot, tensor] of Object.entries(slots)) {
        if (held.slots[slot] !== tensor) held.slots[slot]?.dispose();
        held.slots[slot] = tensor;
      }
      Object.assign(held.memory, memory);
      held.stepCount++;
    }
    this.#stepCount++;
    this.#lossScale.update(true);
  }

  /** Whether the step is to be made: for options that ask for it, one number is read back. */
  #checkFinite(entries: readonly Entry[]): boolean {
    const { nonFinite } = this.#composable.options;
    if (nonFinite === "propagate" && !this.#lossScale.adapts) return true;
    const tf = this.#tf;
    const areFinite = (some: readonly Entry[]) =>
      tf.tidy(() => {
        const counts = some.map(({ gradient }) => tf.sum(tf.logicalNot(tf.isFinite(gradient))));
        return tf.addN(counts).dataSync()[0] === 0;
      });
    if (areFinite(entries)) return true;
    if (nonFinite === "throw") {
      const broken = entries.find((entry) => !areFinite([entry]))!;
      throw new RangeError(`${this.#name}: the gradient of "${broken.name}" is not finite`);
    }
    this.#lossScale.update(false);
    return false;
  }
}
