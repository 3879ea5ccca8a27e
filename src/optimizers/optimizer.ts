/// <reference lib="esnext.disposable" preserve="true" />

import { checkBoolean, checkNames, checkNumber, checkOneOf, given, nonNegative, positive } from "../check.js";
import { typed } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { Schedule } from "../schedules/index.js";
import { flushInterval, flushThreshold } from "./flush.js";
import { CONVENTIONS, type CommonOptions, type Resolved, type Slot, type UpdateRule } from "./rule.js";
import { checkState, header, type StateDict } from "./state.js";
import { type Arrays, type BoundTarget, bindTarget, type Target } from "./target.js";

type Options = Resolved<Omit<CommonOptions, "clipNorm">> & { readonly clipNorm: number };

/** A kernel of assembly/update: the shared arguments, the slots, the scalars; returns the non-finite gradients. */
type UpdateKernel = (n: number, parameters: number, gradients: number, ...rest: number[]) => number;

const commonDefaults = {
  maximize: false,
  clipNorm: Number.POSITIVE_INFINITY,
  clearGradients: false,
  nonFinite: "propagate",
} as const;

/** The given options over the convention's over the rule's over the common defaults. `undefined` counts as not given. */
function resolve<Own extends object>(
  rule: UpdateRule<Own>,
  options: CommonOptions & Partial<Own>,
): Options & Resolved<Own> {
  const where = rule.name;
  const convention = checkOneOf(where, "convention", options.convention ?? "torch", CONVENTIONS);
  const defaults = { ...commonDefaults, convention, ...rule.defaults, ...rule.conventions?.[convention] };
  const present = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  checkNames(where, "option", present, Object.keys(defaults));
  const resolved = { ...defaults, ...present } as unknown as Options & Resolved<Own>;
  checkRate(where, resolved.learningRate);
  checkNumber(where, "weightDecay", resolved.weightDecay, nonNegative);
  checkBoolean(where, "decoupledWeightDecay", resolved.decoupledWeightDecay);
  checkBoolean(where, "maximize", resolved.maximize);
  checkBoolean(where, "clearGradients", resolved.clearGradients);
  checkOneOf(where, "nonFinite", resolved.nonFinite, ["propagate", "skip", "throw"]);
  if (resolved.clipNorm !== Number.POSITIVE_INFINITY) checkNumber(where, "clipNorm", resolved.clipNorm, positive);
  rule.validate(where, resolved);
  return resolved;
}

function checkRate(where: string, rate: unknown): number | Schedule {
  if (typeof rate === "function") return rate as Schedule;
  return checkNumber(where, "learningRate", rate, nonNegative);
}

/**
 * Parameters, the state of an update rule, and the count of steps. One step is one kernel call however many tensors
 * there are. Made by `sgd`, `adam` and the other functions of ./index.ts.
 */
export class Optimizer<Own extends object = object> {
  readonly #rule: UpdateRule<Own>;
  readonly #options: Options & Resolved<Own>;
  readonly #target: BoundTarget;
  readonly #engine: Engine;
  readonly #slots: readonly (Slot & { readonly slab: Allocation })[];
  readonly #flushInterval: number;
  #learningRate: number | Schedule;
  #stepCount = 0;
  #skippedSteps = 0;
  #nonFiniteCount = 0;
  #disposed = false;

  constructor(rule: UpdateRule<Own>, target: Target, options: CommonOptions & Partial<Own> & { engine?: Engine } = {}) {
    if (typeof options !== "object" || options === null) {
      throw new TypeError(`${rule.name}: options must be an object, got ${given(options)}`);
    }
    const { engine, ...others } = options;
    this.#rule = rule;
    this.#options = resolve(rule, others as CommonOptions & Partial<Own>);
    this.#learningRate = this.#options.learningRate;
    this.#target = bindTarget(rule.name, target, engine);
    this.#engine = this.#target.set.engine;
    const slots: (Slot & { slab: Allocation })[] = [];
    this.#slots = slots;
    try {
      for (const slot of rule.slots(this.#options)) {
        slots.push({ ...slot, slab: this.#target.set.layout.allocate(this.#engine, this) });
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
    this.#flushInterval = flushInterval(slots);
    this.#fillSlots();
  }

  /** The name of the rule. */
  get name(): string {
    return this.#rule.name;
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

  /** The rate that the next step will take. */
  get learningRate(): number {
    const rate = this.#learningRate;
    return typeof rate === "number" ? rate : checkNumber(this.name, "learningRate", rate(this.#stepCount), nonNegative);
  }

  /** A number or a schedule. */
  set learningRate(rate: number | Schedule) {
    this.#learningRate = checkRate(this.name, rate);
  }

  /**
   * One update. If it throws, parameters, state and count are as before; the set's gradients may hold those given.
   *
   * @param gradients for a parameter set: nothing, its `gradients` are used, or arrays to copy there. For arrays: a
   *   record or a list like the target, every array with the same length and dtype as its parameter.
   * @throws TypeError or RangeError for gradients that don't fit, RangeError for gradients that are not finite under
   *   `nonFinite: "throw"`, Error after `dispose()`
   */
  step(gradients?: Arrays): void {
    this.#live();
    const { set } = this.#target;
    const { maximize, weightDecay, decoupledWeightDecay, clearGradients } = this.#options;
    const learningRate = this.learningRate;
    this.#target.load(gradients);
    const clip = this.#clipFactor();
    if (clip === undefined) {
      if (clearGradients) this.#clear(gradients);
      return;
    }
    const t = this.#stepCount + 1;
    const kernel = typed(this.#engine.kernels, this.#rule.kernel(this.#options), set.dtype) as UpdateKernel;
    this.#nonFiniteCount = kernel(
      set.layout.length,
      set.valuesPointer,
      set.gradientsPointer,
      maximize ? -clip : clip,
      decoupledWeightDecay ? 0 : weightDecay,
      decoupledWeightDecay ? learningRate * weightDecay : 0,
      clearGradients ? 1 : 0,
      ...this.#slots.map(({ slab }) => slab.pointer),
      ...this.#rule.scalars(t, learningRate, this.#options),
    );
    this.#stepCount = t;
    if (t % this.#flushInterval === 0) this.#flush();
    this.#target.unload();
    if (clearGradients) this.#target.clear(gradients);
  }

  /**
   * Sets the gradients of the parameter set to 0.
   * @throws TypeError if the target is arrays: their gradients are the caller's
   */
  zeroGradients(): void {
    this.#live();
    if (!this.#target.ownsGradients) throw new TypeError(`${this.name}: the gradients belong to the caller`);
    this.#clear(undefined);
  }

  /**
   * A copy of the state: typed arrays by slot and parameter name, and a header that survives JSON. The options and the
   * parameters are not part of it.
   */
  stateDict(): StateDict {
    this.#live();
    const { set } = this.#target;
    const slots: Record<string, Record<string, Float32Array | Float64Array>> = {};
    for (const { name: slot, slab } of this.#slots) {
      slots[slot] = {};
      for (const name of set.layout.places.keys()) {
        slots[slot][name] = set.layout.view(this.#engine, slab, name).slice();
      }
    }
    return { header: header(this.name, set.dtype, this.#stepCount), slots };
  }

  /**
   * Takes over a state. Training goes on bit for bit as it would have, with the same options and parameters.
   * @throws TypeError or RangeError, with nothing changed, for a state of another rule, dtype, set of names or shape
   */
  loadStateDict(state: StateDict): void {
    this.#live();
    const { set } = this.#target;
    const lengths = new Map([...set.layout.places].map(([name, { length }]) => [name, length]));
    const slots = this.#slots.map(({ name }) => name);
    checkState(this.name, state, { rule: this.name, dtype: set.dtype, slots, lengths });
    for (const { name: slot, slab } of this.#slots) {
      for (const name of lengths.keys()) set.layout.view(this.#engine, slab, name).set(state.slots[slot]![name]!);
    }
    this.#stepCount = state.header.stepCount;
  }

  /** Frees the state, and the copies of the caller's arrays; a parameter set stays. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { slab } of this.#slots) slab.dispose();
    this.#target.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The factor that clipping puts on the gradient; undefined if the step is to be skipped. */
  #clipFactor(): number | undefined {
    const { clipNorm, nonFinite } = this.#options;
    if (clipNorm === Number.POSITIVE_INFINITY && nonFinite === "propagate") return 1;
    const norm = this.#gradientNorm();
    if (!Number.isFinite(norm)) {
      if (nonFinite === "skip") {
        this.#skippedSteps++;
        return undefined;
      }
      if (nonFinite === "throw") throw new RangeError(`${this.name}: ${this.#culprit()}`);
    }
    return norm > clipNorm ? clipNorm / norm : 1;
  }

  /** The first gradient that is not finite, in words. */
  #culprit(): string {
    for (const [name, gradient] of Object.entries<ArrayLike<number>>(this.#target.set.gradients)) {
      for (let i = 0; i < gradient.length; i++) {
        if (!Number.isFinite(gradient[i])) return `the gradient of "${name}" is ${gradient[i]} at ${i}`;
      }
    }
    return "the norm of the gradients overflows";
  }

  /** Finite where the gradients and their norm are, even if squares of theirs overflow. */
  #gradientNorm(): number {
    const { dtype, layout, gradientsPointer } = this.#target.set;
    const { kernels } = this.#engine;
    const norm = Math.sqrt(typed(kernels, "squaredNorm", dtype)(layout.length, gradientsPointer));
    if (Number.isFinite(norm)) return norm;
    const greatest = typed(kernels, "absoluteMaximum", dtype)(layout.length, gradientsPointer);
    if (!Number.isFinite(greatest)) return greatest;
    let squares = 0;
    for (const gradient of this.#engine.view(dtype, gradientsPointer, layout.length))
      squares += (gradient / greatest) ** 2;
    return greatest * Math.sqrt(squares);
  }

  #clear(gradients: Arrays | undefined): void {
    const { set } = this.#target;
    typed(this.#engine.kernels, "fill", set.dtype)(set.layout.length, 0, set.gradientsPointer);
    this.#target.clear(gradients);
  }

  #flush(): void {
    const { dtype, layout } = this.#target.set;
    const flush = typed(this.#engine.kernels, "flush", dtype);
    for (const slot of this.#slots) {
      if (slot.decay !== undefined) flush(layout.length, flushThreshold(slot, dtype), slot.slab.pointer);
    }
  }

  /** Puts the slots' initial values in, and leaves the padding at 0. */
  #fillSlots(): void {
    const { layout } = this.#target.set;
    for (const { initial, slab } of this.#slots) {
      if (initial === 0) continue;
      for (const name of layout.places.keys()) layout.view(this.#engine, slab, name).fill(initial);
    }
  }

  #live(): void {
    if (this.#disposed) throw new Error(`${this.name}: used after dispose()`);
  }
}
