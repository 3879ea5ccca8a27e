import { type FloatArray, typed } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Schedule } from "../schedules/index.js";
import { resolveAdaptiveClip } from "./adaptive-clip.js";
import { averageMemory, averageWeight } from "./average.js";
import type { ResolvedCommon } from "./common-options.js";
import { AVERAGE, Followers } from "./followers.js";
import type { Memory } from "./memory.js";
import { PassOptions } from "./pass-options.js";
import { checkRate, rateAt } from "./rate.js";
import type { Resolved } from "./resolved.js";
import type { Stage, UpdateRule } from "./rule.js";
import { sharpnessStages } from "./sharpness-stages.js";
import { Slots } from "./slots.js";
import { Step } from "./step.js";
import { type BoundTarget, bindTarget, type Target } from "./target.js";
import { TensorNorms } from "./tensor-norms.js";
import { tensorTable } from "./tensor-table.js";

/** Parameters that are trained with the same options. */
export interface ParameterGroup {
  /** The names of its parameters. */
  readonly names: readonly string[];
  /** How many updates it has seen. */
  readonly stepCount: number;
  /** The rate that its next step will take; set it to a number or a schedule of the group's steps. */
  get learningRate(): number;
  set learningRate(rate: number | Schedule);
}

/** A target with everything that belongs to it: options, state, and how a step of it is made. */
export class Group<Own extends object> implements ParameterGroup {
  readonly names: readonly string[];
  readonly options: ResolvedCommon & Resolved<Own>;
  readonly target: BoundTarget;
  readonly memory: Memory;
  readonly stages: readonly Stage<Own>[];
  readonly step: Step<Own>;
  readonly #rule: UpdateRule<Own>;
  readonly #own: Slots;
  readonly #followers: Followers;
  readonly #pass: PassOptions;
  readonly #norms: TensorNorms;
  #kept: Allocation | undefined;
  #keeping = false;
  #learningRate: number | Schedule;
  stepCount = 0;

  constructor(
    rule: UpdateRule<Own>,
    target: Target,
    options: ResolvedCommon & Resolved<Own>,
    engine: Engine | undefined,
    rawNorm: () => number,
  ) {
    this.#rule = rule;
    this.options = options;
    this.#learningRate = options.learningRate;
    this.target = bindTarget(rule.name, target, engine);
    const { set } = this.target;
    this.names = [...set.layout.places.keys()];
    const made: { dispose(): void }[] = [this.target];
    const make = <T extends { dispose(): void }>(part: T): T => {
      made.push(part);
      return part;
    };
    try {
      this.#own = make(new Slots(rule.name, set, rule.slots(options)));
      this.#followers = make(new Followers(rule.name, set, options));
      this.#pass = make(new PassOptions(set.engine, this, tensorTable(rule, options, set)));
      this.#norms = make(new TensorNorms(set, this.#pass.tensors));
    } catch (error) {
      for (const part of made) part.dispose();
      throw error;
    }
    this.memory = { ...rule.memory?.(options), ...averageMemory(options.average) };
    const own = rule.stages?.(options) ?? [{ run: (step: Step<Own>) => this.#updateOnce(step) }];
    this.stages = options.sharpness === undefined ? own : sharpnessStages(options.sharpness, own);
    this.step = new Step<Own>({
      families: [rule.family].flat(),
      set,
      slots: this.#own,
      options,
      memory: this.memory,
      pass: this.#pass,
      norms: this.#norms,
      names: this.names,
      rawNorm,
      keepParameters: () => this.#keep(),
      restoreParameters: () => this.restore(),
    });
  }

  get set(): ParameterSet {
    return this.target.set;
  }

  get learningRate(): number {
    return rateAt(this.#rule.name, "learningRate", this.#learningRate, this.stepCount);
  }

  set learningRate(rate: number | Schedule) {
    this.#learningRate = checkRate(this.#rule.name, "learningRate", rate);
  }

  /** The rates of the next step. Throws for a schedule that leaves the range. */
  rates(): { learningRate: number; weightDecay: number } {
    const { weightDecay } = this.options;
    return {
      learningRate: this.learningRate,
      weightDecay: rateAt(this.#rule.name, "weightDecay", weightDecay, this.stepCount),
    };
  }

  /** Begins the next step, once nothing can be refused any more. */
  begin({ learningRate, weightDecay }: { learningRate: number; weightDecay: number }, clear: boolean): void {
    const { decoupledWeightDecay, independentWeightDecay, clipValue, average } = this.options;
    const t = this.stepCount + 1;
    if (t === 1) {
      this.#own.takeParameters();
      this.#followers.slots.takeParameters();
    }
    this.step.begin(t, learningRate, {
      clipValue,
      l2: decoupledWeightDecay ? 0 : weightDecay,
      shrink: decoupledWeightDecay ? weightDecay * (independentWeightDecay ? 1 : learningRate) : 0,
      averageWeight: average === undefined ? 0 : averageWeight(average, t, learningRate, this.memory),
      averages: this.#followers.averages,
      clear,
    });
  }

  /** Sets the factor on the gradients that have come in, and the factors of single tensors that clipping asks for. */
  scaleGradients(scale: number): void {
    const { maximize, clipTensorNorm, adaptiveClip } = this.options;
    this.step.gradientScale = maximize ? -scale : scale;
    if (clipTensorNorm === Number.POSITIVE_INFINITY && adaptiveClip === Number.POSITIVE_INFINITY) return;
    const gradients = this.step.tensorNorms("gradients");
    const parameters = adaptiveClip === Number.POSITIVE_INFINITY ? undefined : this.step.tensorNorms("parameters");
    const { ratio, least } = resolveAdaptiveClip(adaptiveClip);
    this.#pass.setFactors((k) => {
      const limit = Math.min(clipTensorNorm, parameters ? ratio * Math.max(parameters[k]!, least) : clipTensorNorm);
      const norm = scale * gradients[k]!;
      return norm > limit ? { gradientScale: limit / norm } : {};
    });
  }

  /** Ends the step: what happens to parameters and state only now and then. */
  finish(): void {
    this.#keeping = false;
    this.stepCount = this.step.t;
    this.#own.flush(this.stepCount);
    this.#followers.follow(this.stepCount);
  }

  /** Back to the parameters from before the step, if a stage has moved them. */
  restore(): void {
    if (!this.#keeping) return;
    const { set } = this;
    typed(set.engine.kernels, "copy", set.dtype)(set.layout.length, this.#kept!.pointer, set.valuesPointer);
  }

  /** Ends a step that is not made after all. */
  abandon(): void {
    this.restore();
    this.#keeping = false;
  }

  clearGradients(): void {
    const { set } = this;
    typed(set.engine.kernels, "fill", set.dtype)(set.layout.length, 0, set.gradientsPointer);
  }

  /** Exchanges the parameters with their average; false if there is none. */
  swapAverage(): boolean {
    if (!this.hasAverage || this.stepCount === 0) return false;
    const { engine, dtype, layout, valuesPointer } = this.set;
    const values = engine.view(dtype, valuesPointer, layout.length);
    const averages = engine.view(dtype, this.#slotsWith(AVERAGE).pointer(AVERAGE), layout.length);
    const before = values.slice();
    values.set(averages);
    averages.set(before);
    return true;
  }

  /** Whether an average of the parameters is kept, by the option or by the rule itself. */
  get hasAverage(): boolean {
    return this.slotNames.includes(AVERAGE);
  }

  get slotNames(): readonly string[] {
    return [...this.#own.names, ...this.#followers.slots.names];
  }

  /** How many elements a slot has for a parameter. */
  slotLength(slot: string, name: string): number {
    return this.#slotsWith(slot).layout(slot).places.get(name)!.length;
  }

  saveSlots(): Record<string, Record<string, FloatArray>> {
    return { ...this.#own.save(), ...this.#followers.slots.save() };
  }

  loadSlot(slot: string, name: string, array: FloatArray): void {
    this.#slotsWith(slot).view(slot, name).set(array);
  }

  dispose(): void {
    this.#kept?.dispose();
    for (const part of [this.#own, this.#followers, this.#pass, this.#norms, this.target]) part.dispose();
  }

  #slotsWith(slot: string): Slots {
    return this.#own.has(slot) ? this.#own : this.#followers.slots;
  }

  #updateOnce(step: Step<Own>): void {
    const rule = this.#rule;
    rule.prepare?.(step);
    step.update(
      rule.kernel(this.options),
      rule.scalars(step.t, step.learningRate, this.options, this.memory, this.set.dtype),
    );
  }

  #keep(): void {
    const { engine, layout, dtype, valuesPointer } = this.set;
    this.#kept ??= layout.allocate(engine, this);
    typed(engine.kernels, "copy", dtype)(layout.length, valuesPointer, this.#kept.pointer);
    this.#keeping = true;
  }
}
