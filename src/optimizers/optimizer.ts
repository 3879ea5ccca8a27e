/// <reference lib="esnext.disposable" preserve="true" />

import { given } from "../check.js";
import { INSPECT, type Inspect } from "../inspect.js";
import type { FloatArray } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import type { Schedule } from "../schedules/index.js";
import type { CommonOptions } from "./common-options.js";
import { distribute } from "./distribute.js";
import { firstNonFinite, gradientNorm } from "./gradient-norm.js";
import { Group, type ParameterGroup } from "./group.js";
import { type GroupOptions, groupOptions } from "./group-options.js";
import { LossScale } from "./loss-scale.js";
import { resolveOptions } from "./resolve-options.js";
import { checkReturned } from "./returned.js";
import type { Rule } from "./rule.js";
import type { Run } from "./run.js";
import { checkState, type StateDict, stateHeader } from "./state.js";
import type { Arrays, Target } from "./target.js";

/**
 * Computes the gradients at the parameters as they are: fills those of the parameter set, or returns them. It may be
 * called more than once in a step, and must take the same samples wherever it is given the same number. The number counts
 * the calls of `step` from 0, those that were skipped or only added up among them.
 */
export type Closure = (sample: number) => Arrays | undefined;

/**
 * Parameters, the state of an update rule, and the count of steps. One step is one kernel call a group, however many
 * tensors there are. Made by `sgd`, `adam` and the other functions of ./index.ts.
 */
export class Optimizer<Own extends object = object> {
  readonly #rule: Rule<Own>;
  /** The options as given, for the groups that come later. */
  readonly #given: CommonOptions & Partial<Own>;
  readonly #options: ReturnType<typeof resolveOptions<Own>>;
  readonly #engine: Engine | undefined;
  readonly #lossScale: LossScale;
  #groups: readonly Group<Own>[];
  /** Those that the step is of. */
  #active: readonly Group<Own>[];
  /** Calls of `step` whose gradients wait for the update. */
  #pending = 0;
  /** Calls of `step` that did not throw. */
  #sampleCount = 0;
  #stepCount = 0;
  #skippedSteps = 0;
  #nonFiniteCount = 0;
  #disposed = false;
  /** Whether averages are in the place of the parameters. */
  #averaged = false;

  constructor(rule: Rule<Own>, target: Target, options: CommonOptions & Partial<Own> & { engine?: Engine } = {}) {
    if (typeof options !== "object" || options === null) {
      throw new TypeError(`${rule.name}: options must be an object, got ${given(options)}`);
    }
    const { engine, ...others } = options;
    this.#rule = rule;
    this.#given = others as CommonOptions & Partial<Own>;
    this.#engine = engine;
    this.#options = resolveOptions(rule, this.#given);
    this.#lossScale = new LossScale(this.#options.lossScale);
    this.#groups = [this.#makeGroup(target, this.#options)];
    this.#active = this.#groups;
    const { accumulate } = this.#options;
    if (accumulate > 1 && this.#stages.length > 1) {
      this.dispose();
      throw new RangeError(
        `${rule.name}: accumulate must be 1 where a step takes more than one gradient, got ${accumulate}`,
      );
    }
  }

  /** The name of the rule. */
  get name(): string {
    return this.#rule.name;
  }

  /** @internal */
  get rule(): Rule<Own> {
    return this.#rule;
  }

  /** The options as they were decided: those given, over the convention's, over the rule's. Of them only `learningRate` can change. */
  get options(): Readonly<Record<string, unknown>> {
    return Object.freeze({ ...this.#options });
  }

  /** Whether `step` takes nothing but a closure: the gradient is wanted at other points than the parameters. */
  get needsClosure(): boolean {
    return this.#stages.length > 1 || this.#stages[0]!.gradient === false;
  }

  /** How many updates have been made; skipped steps don't count. */
  get stepCount(): number {
    return this.#stepCount;
  }

  /** How many steps were skipped for gradients that were not finite. */
  get skippedSteps(): number {
    return this.#skippedSteps;
  }

  /** How many gradients were NaN or infinite in the last step that was made. */
  get nonFiniteCount(): number {
    return this.#nonFiniteCount;
  }

  /** What to multiply the loss of the next step by. */
  get lossScale(): number {
    return this.#lossScale.value;
  }

  /** The groups of parameters: the target's first, then those that were added. */
  get groups(): readonly ParameterGroup[] {
    return this.#groups;
  }

  /** The rate that the next step will take, in the first group. */
  get learningRate(): number {
    return this.#groups[0]!.learningRate;
  }

  /** A number or a schedule, for all groups. */
  set learningRate(rate: number | Schedule) {
    for (const group of this.#groups) group.learningRate = rate;
  }

  /**
   * Takes in more parameters, with options of their own over those of the optimizer. Their steps count from now on.
   *
   * @param target as for the optimizer itself; its names must be new
   * @param options what differs from the optimizer's options; `clipNorm`, `nonFinite`, `lossScale`, `accumulate`,
   *   `clearGradients` and `sharpness` concern all groups and can't differ. Multipliers by name are not taken over
   * @returns the group: `names`, `stepCount`, `learningRate`
   */
  addGroup(target: Target, options: GroupOptions & Partial<Own> = {}): ParameterGroup {
    this.#live();
    const own = groupOptions(this.name, this.#given, options);
    const group = this.#makeGroup(target, resolveOptions(this.#rule, own));
    const taken = new Set(this.#groups.flatMap(({ names }) => names));
    const twice = group.names.find((name) => taken.has(name));
    if (twice !== undefined) {
      group.dispose();
      throw new RangeError(`${this.name}: there is a parameter "${twice}" already`);
    }
    this.#groups = [...this.#groups, group];
    return group;
  }

  /**
   * Lets go of a group and its state.
   * @throws RangeError for a group that is none of this optimizer's, or the last one
   */
  removeGroup(group: ParameterGroup): void {
    this.#live();
    const removed = this.#groups.find((candidate) => candidate === group);
    if (removed === undefined) throw new RangeError(`${this.name}: the group is none of this optimizer's`);
    if (this.#groups.length === 1) throw new RangeError(`${this.name}: the last group can't be removed`);
    this.#groups = this.#groups.filter((candidate) => candidate !== group);
    removed.dispose();
  }

  /**
   * One update, or with `accumulate` a part of one. If it throws, parameters, state and count are as before; the set's
   * gradients may hold those given.
   *
   * @param gradients for a parameter set: nothing, its `gradients` are used, or arrays to copy there. For arrays: a
   *   record or a list like the target, every array with the same length and dtype as its parameter. Or a closure that
   *   computes either, which rules with more than one gradient a step need.
   * @param groups the groups that are updated, with norms over these alone. Default: all
   * @throws TypeError or RangeError for gradients that don't fit, RangeError for gradients that are not finite under
   *   `nonFinite: "throw"`, Error after `dispose()`
   */
  step(gradients?: Arrays | Closure, groups: readonly ParameterGroup[] = this.#groups): void {
    this.#live();
    this.#active = this.#checkActive(groups);
    if (this.#averaged) throw new Error(`${this.name}: step() inside withAverages()`);
    const closure = typeof gradients === "function" ? gradients : undefined;
    const stages = this.#stages;
    if (closure === undefined && this.needsClosure) {
      throw new TypeError(`${this.name}: step() needs a closure that computes the gradients`);
    }
    const rates = this.#active.map((group) => group.rates());
    for (const { target } of this.#active) target.loadParameters();
    let made: boolean;
    try {
      made = stages.every(({ gradient = true }, s) => {
        if (gradient) {
          if (s > 0) this.#present();
          const taken =
            closure === undefined
              ? (gradients as Arrays | undefined)
              : checkReturned(this.name, closure(this.#sampleCount));
          if (!this.#take(taken) || !this.#scaleGradients()) return false;
        }
        if (s === 0) for (const [k, group] of this.#active.entries()) group.begin(rates[k]!, this.#clears);
        for (const group of this.#active) group.stages[s]!.run(group.step);
        return true;
      });
    } catch (error) {
      for (const group of this.#active) group.abandon();
      throw error;
    }
    this.#sampleCount++;
    if (made) this.#finish();
    if (this.#clears) for (const { target } of this.#active) target.clear();
  }

  /** @internal */
  visit(runs: readonly Run[] | undefined): void {
    for (const group of this.#groups) group.visit(runs);
  }

  /**
   * Sets the gradients of the parameter sets to 0.
   * @throws TypeError if a target is arrays: their gradients are the caller's
   */
  zeroGradients(): void {
    this.#live();
    for (const { target } of this.#groups) {
      if (!target.ownsGradients) throw new TypeError(`${this.name}: the gradients belong to the caller`);
    }
    for (const group of this.#groups) group.clearGradients();
  }

  /**
   * Runs `body` with the averages in the place of the parameters, of the option `average` or of a rule that keeps some
   * itself, and puts the parameters back. Before the first step they are the same.
   * @param body must not be asynchronous, nor make a step
   * @throws TypeError if there is no average to take, or the body returns a promise
   */
  withAverages<Result>(body: () => Result): Result {
    this.#live();
    if (!this.#groups.some(({ hasAverage }) => hasAverage)) {
      throw new TypeError(`${this.name}: there is no average; ask for one with the option "average"`);
    }
    if (this.#averaged) throw new Error(`${this.name}: withAverages() inside withAverages()`);
    for (const { target } of this.#groups) target.loadParameters();
    const swapped = this.#groups.filter((group) => group.swapAverage());
    for (const { target } of swapped) target.unload();
    this.#averaged = true;
    let result: Result;
    try {
      result = body();
    } finally {
      this.#averaged = false;
      for (const group of swapped) {
        group.swapAverage();
        group.target.unload();
      }
    }
    if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
      throw new TypeError(`${this.name}: withAverages() needs a body that is done when it returns, got a promise`);
    }
    return result;
  }

  /**
   * A copy of the state: typed arrays by slot and parameter name, and a header that survives JSON. The options and the
   * parameters are not part of it, nor are gradients that wait for more under `accumulate`.
   */
  stateDict(): StateDict {
    this.#live();
    const slots: Record<string, Record<string, FloatArray>> = {};
    for (const group of this.#groups) {
      for (const [slot, tensors] of Object.entries(group.saveSlots())) slots[slot] = { ...slots[slot], ...tensors };
    }
    const { value, goodSteps } = this.#lossScale;
    const counts = { stepCount: this.#stepCount, sampleCount: this.#sampleCount - this.#pending };
    return { header: stateHeader(this.name, counts, { value, goodSteps }, this.#groups), slots };
  }

  /**
   * Takes over a state. Training goes on bit for bit as it would have, with the same options and parameters.
   * @throws TypeError or RangeError, with nothing changed, for a state of another rule, dtype, set of names or shape
   */
  loadStateDict(state: StateDict): void {
    this.#live();
    const { stepCount, sampleCount, lossScale, groups } = checkState(this.name, state, this.#groups);
    for (const [k, group] of this.#groups.entries()) {
      for (const slot of group.slotNames) {
        for (const name of group.names) group.loadSlot(slot, name, state.slots[slot]![name]!);
      }
      group.load(groups[k]!);
    }
    this.#stepCount = stepCount;
    this.#sampleCount = sampleCount;
    this.#pending = 0;
    if (lossScale !== undefined) Object.assign(this.#lossScale, lossScale);
  }

  /** Frees the state, and the copies of the caller's arrays; parameter sets stay. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const group of this.#groups) group.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  [INSPECT](_depth: number, style: object, inspect: Inspect): string {
    const parameters = this.#groups.flatMap(({ names }) => names);
    return `${this.name} ${inspect({ stepCount: this.stepCount, learningRate: this.learningRate, parameters }, style)}`;
  }

  get #stages() {
    return this.#groups[0]!.stages;
  }

  #makeGroup(target: Target, options: ReturnType<typeof resolveOptions<Own>>): Group<Own> {
    return new Group(this.#rule, target, options, this.#engine, () => gradientNorm(this.#active.map(({ set }) => set)));
  }

  #checkActive(groups: readonly ParameterGroup[]): readonly Group<Own>[] {
    if (groups === this.#groups) return this.#groups;
    const active = this.#groups.filter((group) => groups.includes(group));
    if (active.length < groups.length) throw new RangeError(`${this.name}: a group is none of this optimizer's`);
    if (this.#options.accumulate > 1 && active.length < this.#groups.length) {
      throw new RangeError(`${this.name}: accumulate needs steps of all groups`);
    }
    return active;
  }

  get #clears(): boolean {
    return this.#options.clearGradients;
  }

  /** Shows the caller the parameters as the last stage left them. */
  #present(): void {
    for (const { target } of this.#active) target.unload();
    if (this.#clears) this.#clear();
  }

  /** Takes gradients in, every group its own; false if the update is to wait for more. */
  #take(gradients: Arrays | undefined): boolean {
    const shared = gradients === undefined || this.#active.length === 1;
    const own = shared ? undefined : distribute(this.name, gradients, this.#active);
    const loads = this.#active.map(({ target }, k) =>
      target.takeGradients(own === undefined ? gradients : own[k], this.#pending > 0),
    );
    for (const load of loads) load();
    this.#pending = (this.#pending + 1) % this.#options.accumulate;
    return this.#pending === 0;
  }

  /** Sets the factors on the gradients that have come in; false if the step is to be skipped. */
  #scaleGradients(): boolean {
    const { clipNorm, nonFinite, accumulate } = this.#options;
    const scale = 1 / (this.#lossScale.value * accumulate);
    const skips = nonFinite === "skip" || this.#lossScale.adapts;
    let clip = 1;
    if (clipNorm !== Number.POSITIVE_INFINITY || skips || nonFinite === "throw") {
      const sets = this.#active.map(({ set }) => set);
      const norm = gradientNorm(sets) * scale;
      if (!Number.isFinite(norm) && skips) {
        this.#skip();
        return false;
      }
      if (!Number.isFinite(norm) && nonFinite === "throw")
        throw new RangeError(`${this.name}: ${firstNonFinite(sets)}`);
      if (norm > clipNorm) clip = clipNorm / norm;
    }
    for (const group of this.#active) group.scaleGradients(scale * clip);
    return true;
  }

  #skip(): void {
    this.#skippedSteps++;
    this.#lossScale.update(false);
    for (const group of this.#active) group.abandon();
    if (this.#clears) this.#clear();
  }

  #finish(): void {
    for (const group of this.#active) group.finish();
    this.#nonFiniteCount = this.#active.reduce((sum, { step }) => sum + step.nonFiniteCount, 0);
    this.#stepCount++;
    this.#lossScale.update(true);
    for (const { target } of this.#active) target.unload();
  }

  #clear(): void {
    for (const group of this.#active) {
      group.clearGradients();
      group.target.clear();
    }
  }

  #live(): void {
    if (this.#disposed) throw new Error(`${this.name}: used after dispose()`);
  }
}
