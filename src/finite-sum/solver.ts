import type { Draws } from "./draws.js";
import type { LinearModel } from "./model.js";
import { type Evaluation, fullGradient, type Kept, type Oracle } from "./oracle.js";
import type { Pace } from "./pace.js";

/** What a method does, decided and checked. */
export interface Plan {
  readonly passes: number;
  readonly tolerance: number;
  /** Undefined for the method's own. */
  readonly stepSize: number | undefined;
  readonly options: MethodOptions;
}

/** Choices that only some methods have. */
export interface MethodOptions {
  /** SVRG: which point becomes the snapshot after a pass. */
  readonly snapshot: "last" | "average" | "random" | "loopless";
}

/** Where a solver stands at the end of a pass. */
export interface Progress extends Evaluation {
  /** Passes over the data so far: n gradients of single rows make one. */
  readonly passes: number;
}

/** How a solver ended. */
export interface Outcome extends Evaluation {
  readonly passes: number;
  readonly converged: boolean;
  readonly dualityGap?: number | undefined;
}

/**
 * A solver yields after every slice of work, so that whoever drives it can stop it, show progress, or let others run;
 * at the end of a pass it yields where it stands. It can be left at any yield.
 */
export type Solver = Generator<Progress | undefined, Outcome, void>;

/** What a method that steps from row to row works with, on a model that keeps its table. */
export interface TableContext<Model> {
  readonly model: Model;
  readonly draws: Draws;
  readonly plan: Plan;
  readonly pace: Pace;
  /** Whether the run goes on from a saved state, whose table and sums are in place. */
  readonly resumed: boolean;
  /** Whether rows are drawn with probabilities that differ. */
  readonly weighted: boolean;
}

/** The same for one output. */
export interface StepContext extends TableContext<LinearModel> {
  /** The step of methods whose step is theirs. */
  readonly stepSize: number;
  readonly seed: number;
}

/** What a method works with that steps from batch to batch: of any number of outputs. */
export interface BatchStepContext {
  readonly model: Oracle;
  readonly draws: Draws;
  readonly plan: Plan;
  readonly stepSize: number;
  /** Rows in a batch. */
  readonly batchSize: number;
}

/** The full gradient at the present point, in slices, and what it tells. */
export function* evaluate(oracle: Oracle, keep: Kept = "nothing"): Generator<undefined, Evaluation, void> {
  yield* fullGradient(oracle, keep);
  return oracle.evaluate();
}

/** Objective and gradient norm that are worked out, at the price of a pass over the data, when somebody reads them. */
export class LazyProgress implements Progress {
  readonly passes: number;
  readonly #oracle: Oracle;
  readonly #estimate: number | undefined;
  #exact: Evaluation | undefined;

  /** @param estimate a gradient norm that is at hand */
  constructor(oracle: Oracle, passes: number, estimate?: number) {
    this.#oracle = oracle;
    this.passes = passes;
    this.#estimate = estimate;
  }

  get objective(): number {
    return this.#evaluated().objective;
  }

  get gradientNorm(): number {
    return this.#estimate ?? this.#evaluated().gradientNorm;
  }

  #evaluated(): Evaluation {
    if (this.#exact === undefined) {
      const gradient = evaluate(this.#oracle);
      let step = gradient.next();
      while (!step.done) step = gradient.next();
      this.#exact = step.value;
    }
    return this.#exact;
  }
}

/**
 * When to look again at something that falls by a steady factor and costs a pass to look at: as soon as it might have fallen
 * to the tolerance, going by the two last looks.
 */
export class Lookout {
  readonly #tolerance: number;
  #last: { pass: number; value: number } | undefined;
  #next = 1;

  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  due(pass: number): boolean {
    return pass >= this.#next;
  }

  saw(pass: number, value: number): void {
    const before = this.#last;
    this.#last = { pass, value };
    const perPass = before === undefined ? 0 : Math.log(before.value / value) / (pass - before.pass);
    const missing = Math.log(value / this.#tolerance);
    const wait = perPass > 0 && missing > 0 ? Math.floor(0.7 * (missing / perPass)) : 1;
    this.#next = pass + Math.max(1, Math.min(wait, pass));
  }
}
