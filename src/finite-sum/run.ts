import type { Engine } from "../memory/engine.js";
import type { LinearModel } from "./model.js";
import type { CheckedProblem } from "./problem.js";
import { type Outcome, type Plan, type Progress, place, type Solver, solve } from "./solver.js";
import { Stopwatch } from "./stopwatch.js";

/** What `onPass` is told. `objective` and `weights()` can be read until it returns, or its promise is settled. */
export interface PassReport {
  /** Passes over the data so far. */
  readonly passes: number;
  /** Seconds of work so far, without the time spent in `onPass`. */
  readonly seconds: number;
  /** SVRG: the norm of the full gradient. SAG: its estimate from the table. */
  readonly gradientNorm: number;
  /** F at this point. For SAG, reading it costs a pass over the data, which does not count. */
  readonly objective: number;
  /** The weights at this point, a copy. */
  weights(): Float64Array;
  readonly intercept: number;
}

export interface MinimizeResult {
  /** w, one number a column. */
  readonly weights: Float64Array;
  /** b; 0 where the problem has none. */
  readonly intercept: number;
  /** F(w, b). */
  readonly objective: number;
  /** The norm of the full gradient of F at (w, b), computed there. */
  readonly gradientNorm: number;
  /**
   * Whole passes over the data. Full gradients that only certify are not counted: SAG's at the end, and where its estimate
   * has fallen to the tolerance.
   */
  readonly passes: number;
  /** Seconds of work, without the time spent in `onPass`. */
  readonly seconds: number;
  /** Whether `gradientNorm` is at most the tolerance. */
  readonly converged: boolean;
}

/** One run: the model in memory, the solver over it, the clock. */
export class Run {
  readonly model: LinearModel;
  readonly watch: Stopwatch;
  readonly #solver: Solver;
  readonly #maximumSeconds: number;
  readonly #tolerance: number;
  #last: Progress | undefined;
  /** Counts the slices, so that a report knows when it is out of date. */
  #slice = 0;

  constructor(engine: Engine, problem: CheckedProblem, plan: Plan, maximumSeconds: number) {
    this.watch = new Stopwatch();
    this.model = place(engine, problem);
    this.#solver = solve(engine, this.model, problem.loss, plan);
    this.#maximumSeconds = maximumSeconds;
    this.#tolerance = plan.tolerance;
  }

  /** Works for a slice: gives the report of a pass that has ended, the result, or nothing yet. */
  next(): { report?: PassReport; result?: MinimizeResult } {
    this.#slice++;
    const step = this.#solver.next();
    if (step.done) return { result: this.#result(step.value) };
    if (step.value === undefined) return this.#late() ? { result: this.#cutShort() } : {};
    this.#last = step.value;
    return { report: this.#report(step.value) };
  }

  dispose(): void {
    this.#slice++;
    this.#solver.return(undefined as never);
    this.model.dispose();
  }

  #late(): boolean {
    return this.watch.seconds > this.#maximumSeconds;
  }

  #report(progress: Progress): PassReport {
    const { model } = this;
    const slice = this.#slice;
    const current = <Value>(value: () => Value): Value => {
      if (slice === this.#slice) return value();
      throw new Error("minimize: the objective and the weights of a report can be read within onPass only");
    };
    return {
      passes: progress.passes,
      seconds: this.watch.seconds,
      gradientNorm: progress.gradientNorm,
      get objective() {
        return current(() => progress.objective);
      },
      weights: () => current(() => model.weights()),
      intercept: model.intercept,
    };
  }

  #result({ passes, converged, objective, gradientNorm }: Outcome): MinimizeResult {
    const { model, watch } = this;
    const { seconds } = watch;
    return {
      weights: model.weights(),
      intercept: model.intercept,
      objective,
      gradientNorm,
      passes,
      seconds,
      converged,
    };
  }

  /** Where a run that is out of time stands: its gradient is still taken in full. */
  #cutShort(): MinimizeResult {
    this.model.beginGradient();
    this.model.add(0, this.model.rows, false);
    const exact = this.model.evaluate();
    return this.#result({
      passes: this.#last?.passes ?? 0,
      converged: exact.gradientNorm <= this.#tolerance,
      ...exact,
    });
  }
}
