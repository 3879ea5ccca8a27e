import { fullGradient, type Kept, type Oracle } from "../oracle.js";
import type { Outcome, Plan, Progress, Solver } from "../solver.js";

/** What a method works with that takes full gradients. */
export interface BatchContext {
  readonly oracle: Oracle;
  readonly plan: Plan;
}

/** A point, and the smooth part of F there with its gradient. */
export interface Place {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Evaluations of F, counted. */
export class Evaluations {
  readonly #oracle: Oracle;
  readonly #keep: Kept;
  /** Where the oracle's sums are from, if they still are. */
  #last: Float64Array | undefined;
  count = 0;

  /** @param keep what an evaluation leaves in the rows' records */
  constructor(oracle: Oracle, keep: Kept = "nothing") {
    this.#oracle = oracle;
    this.#keep = keep;
  }

  *at(point: Float64Array): Generator<undefined, Place, void> {
    const { regularizer } = this.#oracle;
    this.#oracle.setPoint(point);
    yield* fullGradient(this.#oracle, this.#keep);
    this.count++;
    this.#last = point;
    const gradient = this.#oracle.meanGradient();
    let squares = 0;
    const before = gradient.slice(0, regularizer.size);
    regularizer.addGradient(point, gradient);
    for (let k = 0; k < regularizer.size; k++) squares += (gradient[k]! - before[k]!) * point[k]!;
    return { point, value: this.#oracle.meanLoss() + squares / 2, gradient };
  }

  /** Somebody else has used the oracle's sums. */
  forget(): void {
    this.#last = undefined;
  }

  /** The certificate at a point, which becomes the solution: at the last one evaluated it takes no further pass. */
  *finish(point: Float64Array, passes: number, { tolerance }: Plan): Generator<undefined, Outcome, void> {
    const oracle = this.#oracle;
    if (this.#last !== point) {
      oracle.setPoint(point);
      yield* fullGradient(oracle);
    }
    const exact = oracle.evaluate();
    const dualityGap = yield* oracle.dualityGap(exact, false);
    return { passes, converged: exact.gradientNorm <= tolerance, ...exact, dualityGap };
  }
}

/** Where a batch method stands: its point, and what the last evaluation there has told. */
export function progressOf(passes: number, objective: number, gradientNorm: number): Progress {
  return { passes, objective, gradientNorm };
}

/** The step of the gradient mapping that certifies: see Regularizer.mappingNorm. */
export function mappingNorm(
  { regularizer, mappingSmoothness }: Oracle,
  point: Float64Array,
  gradient: Float64Array,
): number {
  return regularizer.mappingNorm(point, gradient, 1 / mappingSmoothness);
}

export type BatchMethod = (context: BatchContext) => Solver;
