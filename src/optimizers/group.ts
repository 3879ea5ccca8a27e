import { dtypes, type FloatArray, typed } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Schedule } from "../schedules/index.js";
import { resolveAdaptiveClip } from "./adaptive-clip.js";
import { averageMemory } from "./average.js";
import type { ResolvedCommon } from "./common-options.js";
import { CompressedSlots } from "./compressed-slots.js";
import { AVERAGE, Followers } from "./followers.js";
import type { Memory } from "./memory.js";
import { PassOptions, type TensorInfo } from "./pass-options.js";
import { projectOntoBall } from "./projection.js";
import { checkRate, rateAt } from "./rate.js";
import type { Resolved } from "./resolved.js";
import { Results } from "./results.js";
import type { Rule, Stage, UpdateRule } from "./rule.js";
import type { Run } from "./run.js";
import { sharpnessStages } from "./sharpness-stages.js";
import type { SlotStore } from "./slot-store.js";
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
  /** The numbers that its rule remembers beside the slots: Prodigy's distance, how many of Shampoo's roots failed. */
  readonly memory: Readonly<Memory>;
  /** The names of the tensors that its last step left out for gradients that were not finite, as rules of matrices do. */
  readonly skippedTensors: readonly string[];
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
  readonly #initialMemory: Memory;
  readonly #parts: { dispose(): void }[] = [];
  readonly stages: readonly Stage<Own>[];
  readonly step: Step<Own>;
  readonly #rule: Rule<Own>;
  readonly #own: SlotStore;
  readonly #followers: Followers;
  readonly #pass: PassOptions;
  readonly #frozen: readonly Run[];
  readonly #norms: TensorNorms;
  readonly #results: Results;
  /** The parameters from before the step, for the rules that move them before they take a gradient. */
  readonly #kept: Allocation | undefined;
  #keeping = false;
  /** The memory from before the step, while one is being made. */
  #memoryBefore: Memory | undefined;
  #learningRate: number | Schedule;
  stepCount = 0;

  constructor(
    rule: Rule<Own>,
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
    const make = <T extends { dispose(): void }>(part: T): T => {
      this.#parts.push(part);
      return part;
    };
    make(this.target);
    try {
      this.stages = this.#makeStages();
      const tensors = tensorTable(rule, options, set);
      this.#own = make(this.#makeSlots(tensors));
      this.#checkFollowers();
      this.#followers = make(new Followers(rule.name, set, options));
      this.#pass = make(new PassOptions(set.engine, this, tensors));
      this.#frozen = this.#pass.frozen;
      this.#norms = make(new TensorNorms(set, tensors?.length ?? 0));
      this.#results = make(new Results(set.engine, this, rule.results ?? 0));
      this.#kept = this.stages.length > 1 ? make(set.layout.allocate(set.engine, this)) : undefined;
    } catch (error) {
      this.dispose();
      throw error;
    }
    this.#initialMemory = { ...rule.memory?.(options), ...averageMemory(options.average) };
    this.memory = { ...this.#initialMemory };
    this.step = new Step<Own>({
      families: [rule.family].flat(),
      set,
      slots: this.#own,
      options,
      memory: this.memory,
      pass: this.#pass,
      norms: this.#norms,
      results: this.#results,
      names: this.names,
      rawNorm,
      keepParameters: () => this.#keep(),
      restoreParameters: () => this.restore(),
    });
  }

  get skippedTensors(): readonly string[] {
    return this.step.skippedTensors;
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
    const { decoupledWeightDecay, independentWeightDecay, clipValue, projection } = this.options;
    const t = this.stepCount + 1;
    this.#memoryBefore = { ...this.memory };
    if (t === 1) {
      this.#own.takeParameters();
      this.#followers.slots.takeParameters();
    }
    const { averages, averageWeight } = this.#followers.begin(t, learningRate, this.memory);
    this.step.begin(t, learningRate, {
      gradientScale: this.step.gradientScale,
      clipValue,
      l2: decoupledWeightDecay ? 0 : weightDecay,
      shrink: decoupledWeightDecay ? weightDecay * (independentWeightDecay ? 1 : learningRate) : 0,
      averages,
      averageWeight,
      clear,
      box: projection?.kind === "box" ? projection.radius : Number.POSITIVE_INFINITY,
    });
  }

  /**
   * Lets the next steps visit these elements only, and their state; undefined: all.
   * @throws RangeError if rule and options do more than one pass over elements that don't know of each other
   */
  visit(runs: readonly Run[] | undefined): void {
    const { stages, prepare, layerwise, name } = this.#rule;
    const { average, lookahead, projection, sharpness, stateStorage } = this.options;
    const besides = { average, lookahead, projection, sharpness, stateStorage };
    const option = Object.entries(besides).find(([, value]) => value !== undefined)?.[0];
    if (option !== undefined) throw new RangeError(`${name}: ${option} can't go with steps of single rows`);
    if (stages || prepare || layerwise || this.#own.has(AVERAGE) || this.#pass.table !== 0) {
      throw new RangeError(`${name}: a step of single rows needs a rule that treats every element by itself`);
    }
    this.step.runs = runs;
  }

  /** Sets the factor on the gradients that have come in, and the factors of single tensors that clipping asks for. */
  scaleGradients(scale: number): void {
    const { maximize, clipTensorNorm, adaptiveClip } = this.options;
    this.step.gradientScale = maximize ? -scale : scale;
    if (clipTensorNorm === Number.POSITIVE_INFINITY && adaptiveClip === Number.POSITIVE_INFINITY) return;
    const gradients = this.step.tensorNorms("gradients");
    const parameters = adaptiveClip === Number.POSITIVE_INFINITY ? undefined : this.step.tensorNorms("parameters");
    const { ratio, least } = resolveAdaptiveClip(adaptiveClip);
    const factorOf = (k: number) => {
      const limit = Math.min(clipTensorNorm, parameters ? ratio * Math.max(parameters[k]!, least) : clipTensorNorm);
      const norm = scale * gradients[k]!;
      return norm > limit ? limit / norm : 1;
    };
    this.#pass.setFactors(factorOf);
  }

  /** Ends the step: what happens to parameters and state only now and then. */
  finish(): void {
    if (this.#keeping) this.#restoreFrozen();
    this.#keeping = false;
    this.#memoryBefore = undefined;
    this.stepCount = this.step.t;
    this.#project();
    this.#own.flush(this.stepCount);
    this.#followers.follow(this.stepCount);
  }

  /** Back to the parameters from before the step, if a stage has moved them. */
  restore(): void {
    if (!this.#keeping) return;
    const { set } = this;
    typed(set.engine.kernels, "copy", set.dtype)(set.layout.length, this.#kept!.pointer, set.valuesPointer);
  }

  /** Ends a step that is not made after all, with everything as it was before. */
  abandon(): void {
    if (this.#memoryBefore !== undefined) Object.assign(this.memory, this.#memoryBefore);
    this.#memoryBefore = undefined;
    if (!this.#keeping) return;
    this.restore();
    this.target.unload();
    this.#keeping = false;
  }

  clearGradients(): void {
    const { set } = this;
    typed(set.engine.kernels, "fill", set.dtype)(set.layout.length, 0, set.gradientsPointer);
  }

  /** Exchanges the parameters with their average; false if there is none yet. */
  swapAverage(): boolean {
    const ready = this.#own.has(AVERAGE) ? this.stepCount > 0 : this.#followers.hasAverage(this.stepCount);
    if (!ready) return false;
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
    return [...this.#own.stateNames, ...this.#followers.slots.stateNames];
  }

  /** How many elements a slot has for a parameter. */
  slotLength(slot: string, name: string): number {
    return this.#slotsWith(slot).layout(slot).places.get(name)!.length;
  }

  saveSlots(): Record<string, Record<string, FloatArray>> {
    return { ...this.#own.save(), ...this.#followers.slots.save() };
  }

  loadSlot(slot: string, name: string, array: FloatArray): void {
    this.#slotsWith(slot).load(slot, name, array);
  }

  /** Takes over what a state says of this group beside the slots. What it does not know begins anew. */
  load({ stepCount, memory }: { stepCount: number; memory: Memory }): void {
    this.stepCount = stepCount;
    Object.assign(this.memory, this.#initialMemory, memory);
    for (const stage of this.stages) stage.forget?.();
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }

  #slotsWith(slot: string): SlotStore {
    return this.#own.has(slot) ? this.#own : this.#followers.slots;
  }

  #makeSlots(tensors: readonly TensorInfo[] | undefined): SlotStore {
    const { set, options } = this;
    const { name } = this.#rule;
    const slots = this.#rule.slots(options);
    const { stateStorage } = options;
    if (stateStorage === undefined) return new Slots(name, set, slots);
    if (!this.#rule.compressible?.(options)) {
      throw new RangeError(`${name}: stateStorage ${stateStorage.name} is not for this rule, as it is set up`);
    }
    if (set.dtype !== "float32")
      throw new RangeError(`${name}: stateStorage is for float32 parameters, got ${set.dtype}`);
    return new CompressedSlots(set, slots, stateStorage, tensors?.map(({ length }) => length) ?? [set.layout.length]);
  }

  #updateOnce(step: Step<Own>): void {
    const rule = this.#rule as UpdateRule<Own>;
    rule.prepare?.(step);
    step.update(rule.kernel(this.options), rule.scalars(step.t, step.learningRate, this.options, this.memory));
  }

  #makeStages(): readonly Stage<Own>[] {
    const rule = this.#rule;
    const { sharpness } = this.options;
    const own = rule.stages?.(this.options, this.set) ?? [{ run: (step: Step<Own>) => this.#updateOnce(step) }];
    this.#parts.push({ dispose: () => own.forEach((stage) => void stage.dispose?.()) });
    if (sharpness === undefined) return own;
    if (own.length > 1 || own[0]!.gradient === false) {
      throw new RangeError(
        `${rule.name}: sharpness can't go with a rule that moves the parameters before its gradient`,
      );
    }
    return sharpnessStages(sharpness, own[0]!);
  }

  #checkFollowers(): void {
    if (!this.#own.has(AVERAGE)) return;
    for (const name of ["average", "lookahead", "projection"] as const) {
      if (this.options[name] === undefined) continue;
      throw new RangeError(`${this.#rule.name}: ${name} can't go with a rule that keeps an average itself`);
    }
  }

  /** What is frozen goes back, to the bit, from where the stages have led it for a gradient. */
  #restoreFrozen(): void {
    const { engine, dtype, valuesPointer } = this.set;
    for (const { offset, length } of this.#frozen) {
      const bytes = offset * dtypes[dtype].bytes;
      typed(engine.kernels, "copy", dtype)(length, this.#kept!.pointer + bytes, valuesPointer + bytes);
    }
  }

  #project(): void {
    const { projection } = this.options;
    if (projection?.kind !== "ball") return;
    projectOntoBall(this.set, projection.radius, this.step.average);
  }

  #keep(): void {
    const { engine, layout, dtype, valuesPointer } = this.set;
    typed(engine.kernels, "copy", dtype)(layout.length, valuesPointer, this.#kept!.pointer);
    this.#keeping = true;
  }
}
