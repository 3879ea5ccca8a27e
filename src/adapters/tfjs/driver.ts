import type { Variable } from "@tensorflow/tfjs-core";
import type { CommonOptions } from "../../optimizers/common-options.js";
import type { ParameterGroup } from "../../optimizers/group.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { StateDict } from "../../optimizers/state.js";
import type { Bridge } from "./bridge.js";
import { Cohort } from "./cohort.js";
import type { Entry, Place } from "./place.js";
import { matchNames, mergeStates } from "./states.js";
import type { Create, Stepper } from "./stepper.js";
import type { TensorFlow } from "./tensorflow.js";

/** The variables of a step. */
interface Company {
  /** In the order in which they came. */
  readonly places: readonly Place[];
  /** Of the optimizer; undefined for all. */
  readonly groups: readonly ParameterGroup[] | undefined;
}

function isOf(entries: readonly Entry[], company: Company | undefined): boolean {
  if (company?.places.length !== entries.length) return false;
  for (let k = 0; k < entries.length; k++) {
    const { name, length } = company.places[k]!;
    if (entries[k]!.name !== name || entries[k]!.variable.size !== length) return false;
  }
  return true;
}

/**
 * An optimizer of this package over TensorFlow.js's variables. The variables may be others at every step: those that
 * always come together are a cohort, with a count of steps of its own, and a cohort is split when a part of it comes alone.
 */
export class Driver implements Stepper {
  readonly #tf: TensorFlow;
  readonly #create: Create;
  readonly #chooseBridge: () => Bridge;
  #options: CommonOptions;
  #bridge: Bridge | undefined;
  #optimizer: Optimizer | undefined;
  #cohorts: readonly Cohort[] = [];
  /** Those of the last step. */
  #company: Company | undefined;
  /** A state for variables that have not come yet. */
  #waiting: StateDict | undefined;

  /** @param options checked, with nothing by name */
  constructor(tf: TensorFlow, create: Create, options: CommonOptions, chooseBridge: () => Bridge) {
    this.#tf = tf;
    this.#create = create;
    this.#options = { ...options, clearGradients: this.#accumulates(options) };
    this.#chooseBridge = chooseBridge;
  }

  /** Where the work is done, in a sentence; undefined before the first step. */
  get reason(): string | undefined {
    return this.#bridge?.reason;
  }

  get bytesInUse(): number {
    return this.#bridge?.engine.bytesInUse ?? 0;
  }

  /** Goes on with other options, checked as well. */
  reconfigure(changed: CommonOptions): void {
    const { learningRate, ...others } = changed;
    this.#options = { ...this.#options, ...changed };
    if (learningRate !== undefined && this.#optimizer !== undefined) this.#optimizer.learningRate = learningRate;
    if (Object.keys(others).length === 0 || this.#optimizer === undefined) return;
    this.#rebuild(this.#cohorts.map(variablesOf(this.#tf)));
  }

  /** One step of these variables. */
  step(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const { places, groups } = this.#companyOf(entries);
    const optimizer = this.#optimizer!;
    const bridge = this.#bridge!;
    const add = this.#accumulates(this.#options);
    for (let k = 0; k < places.length; k++) bridge.bring(places[k]!, entries[k]!.variable, entries[k]!.gradient, add);
    optimizer.step(undefined, groups);
    for (let k = 0; k < places.length; k++) bridge.hand(places[k]!, entries[k]!.variable);
  }

  /** Runs the body with averages in the variables' places. */
  withAverages<Result>(body: () => Result): Result {
    if (this.#optimizer === undefined) return body();
    const tensors = this.#cohorts.flatMap(({ places }) =>
      [...places.values()].map((place) => ({ place, variable: variableOf(this.#tf, place.name) })),
    );
    const hand = () => {
      for (const { place, variable } of tensors) this.#bridge!.hand(place, variable);
    };
    for (const { place, variable } of tensors) this.#bridge!.locate(place, variable);
    try {
      return this.#optimizer.withAverages(() => {
        hand();
        return body();
      });
    } finally {
      hand();
    }
  }

  /** The state of all variables so far. */
  stateDict(): StateDict | undefined {
    return mergeStates(this.#waiting, this.#optimizer?.stateDict());
  }

  /** Takes over a state; what it has of variables that have not come yet waits for them. */
  loadStateDict(state: StateDict): void {
    const shapes = this.#cohorts.map(variablesOf(this.#tf));
    this.#release();
    this.#waiting = state;
    if (shapes.length > 0) this.#build(shapes, state);
  }

  dispose(): void {
    this.#release();
    this.#waiting = undefined;
  }

  /** Whether a step is one pass that takes its addresses anew, and so may go where the variables are. */
  #isElementwise(): boolean {
    const probe = this.#create({ check: new Float32Array(1) }, this.#options);
    try {
      probe.visit([]);
      return true;
    } catch {
      return false;
    } finally {
      probe.dispose();
    }
  }

  #accumulates({ accumulate = 1 }: CommonOptions): boolean {
    return accumulate > 1;
  }

  /** Where these variables are: looked up if they are others than the last, or come in another order. */
  #companyOf(entries: readonly Entry[]): Company {
    if (this.#bridge?.backend !== this.#tf.backend() || this.#bridge.engine.disposed) {
      this.#rebuild(this.#cohorts.map(variablesOf(this.#tf)));
    }
    if (!isOf(entries, this.#company)) {
      const cohorts = this.#cohortsOf(entries);
      const places = new Map(cohorts.flatMap((cohort) => [...cohort.places]));
      const all = cohorts.length === this.#cohorts.length;
      this.#company = {
        places: entries.map(({ name }) => places.get(name)!),
        groups: all ? undefined : cohorts.flatMap(({ groups }) => groups),
      };
    }
    return this.#company!;
  }

  /** The cohorts that these variables are together, made anew where they are not. */
  #cohortsOf(entries: readonly Entry[]): readonly Cohort[] {
    const names = new Set(entries.map(({ name }) => name));
    const touched = this.#cohorts.filter(({ places }) => [...places.keys()].some((name) => names.has(name)));
    const covered = touched.reduce((sum, { places }) => sum + places.size, 0);
    const known = entries.every(({ name, variable }) =>
      touched.some(({ places }) => places.get(name)?.length === variable.size),
    );
    if (known && covered === entries.length) return touched;
    const parts = this.#cohorts.flatMap((cohort) => {
      const variables = variablesOf(this.#tf)(cohort);
      const inside = variables.filter(({ name }) => names.has(name));
      const outside = variables.filter(({ name }) => !names.has(name));
      return [inside, outside].filter(({ length }) => length > 0);
    });
    const old = new Set(parts.flat().map(({ name }) => name));
    const fresh = entries.filter(({ name }) => !old.has(name)).map(({ variable }) => variable);
    this.#rebuild(fresh.length > 0 ? [...parts, fresh] : parts);
    return this.#cohorts.filter(({ places }) => [...places.keys()].some((name) => names.has(name)));
  }

  #rebuild(parts: readonly (readonly Variable[])[]): void {
    const state = this.#optimizer?.stateDict();
    this.#release();
    this.#build(parts, state);
  }

  /** Cohorts of these variables; those that a state knows go on from it, the others begin. */
  #build(given: readonly (readonly Variable[])[], state: StateDict | undefined): void {
    const parts = given.filter(({ length }) => length > 0);
    this.#bridge = this.#chooseBridge();
    this.#waiting = matchNames(this.#waiting, parts.flat());
    const all = mergeStates(this.#waiting, state);
    const knows = new Set(all?.header.groups.flatMap(({ parameters }) => parameters));
    const accumulates = this.#accumulates(this.#options);
    const borrowsFrom = this.#isElementwise() ? this.#bridge.borrowsFrom : Number.POSITIVE_INFINITY;
    const cohorts = parts.map((variables) => new Cohort(this.#bridge!, variables, borrowsFrom, accumulates));
    const isKnown = ({ places }: Cohort) => [...places.keys()].every((name) => knows.has(name));
    const ordered = [...cohorts.filter(isKnown), ...cohorts.filter((cohort) => !isKnown(cohort))];
    let loaded = all === undefined;
    for (const cohort of ordered) {
      if (!isKnown(cohort) && !loaded) loaded = this.#load(all!);
      cohort.groups = cohort.sets.map((set) => this.#addGroup(set));
    }
    if (!loaded) this.#load(all!);
    this.#cohorts = cohorts;
  }

  #addGroup(set: Cohort["sets"][number]) {
    if (this.#optimizer !== undefined) return this.#optimizer.addGroup(set);
    this.#optimizer = this.#create(set, this.#options);
    return this.#optimizer.groups[0]!;
  }

  /** What the state lacks, since other options need it, begins anew. */
  #load(state: StateDict): true {
    if (this.#optimizer === undefined) return true;
    const slots = Object.fromEntries(
      Object.entries(this.#optimizer.stateDict().slots).map(([slot, tensors]) => [
        slot,
        Object.fromEntries(Object.entries(tensors).map(([name, begun]) => [name, state.slots[slot]?.[name] ?? begun])),
      ]),
    );
    this.#optimizer.loadStateDict({ header: state.header, slots });
    return true;
  }

  /** Gives the variables back, and frees everything. */
  #release(): void {
    const { registeredVariables } = this.#tf.engine();
    for (const { places } of this.#cohorts) {
      for (const place of places.values()) {
        const variable = registeredVariables[place.name];
        if (variable !== undefined && !variable.isDisposed) this.#bridge!.release(place, variable);
      }
    }
    this.#optimizer?.dispose();
    for (const cohort of this.#cohorts) cohort.dispose();
    this.#bridge?.dispose();
    this.#optimizer = undefined;
    this.#bridge = undefined;
    this.#cohorts = [];
    this.#company = undefined;
  }
}

function variableOf(tf: TensorFlow, name: string): Variable {
  return tf.engine().registeredVariables[name]!;
}

/** The variables of a cohort that are still there. */
const variablesOf =
  (tf: TensorFlow) =>
  ({ places }: Cohort): readonly Variable[] =>
    [...places.keys()].map((name) => variableOf(tf, name)).filter((variable) => variable !== undefined);
