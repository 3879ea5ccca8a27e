import { fullGradient, type Oracle } from "../oracle.js";
import { evaluate, type Outcome, type Plan, type Progress, type Solver } from "../solver.js";

/** What a method works with that takes full gradients. */
export interface BatchContext {
  readonly oracle: Oracle;
  readonly plan: Plan;
}

/** The smooth part of F, with its gradient, at a point: one pass. */
interface Smooth {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Evaluations of F, counted. */
export class Evaluations {
  readonly #oracle: Oracle;
  count = 0;

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  *at(point: Float64Array): Generator<undefined, Smooth, void> {
    const { regularizer } = this.#oracle;
    this.#oracle.setPoint(point);
    yield* fullGradient(this.#oracle);
    this.count++;
    const gradient = this.#oracle.meanGradient();
    let squares = 0;
    const before = gradient.slice(0, regularizer.size);
    regularizer.addGradient(point, gradient);
    for (let k = 0; k < regularizer.size; k++) squares += (gradient[k]! - before[k]!) * point[k]!;
    return { value: this.#oracle.meanLoss() + squares / 2, gradient };
  }
}

/** Where a batch method stands: its point, and what the last evaluation there has told. */
export function progressOf(passes: number, objective: number, gradientNorm: number): Progress {
  return { passes, objective, gradientNorm };
}

/** The certificate at a point, which becomes the solution. */
export function* finish(
  oracle: Oracle,
  point: Float64Array,
  passes: number,
  { tolerance }: Plan,
): Generator<undefined, Outcome, void> {
  oracle.setPoint(point);
  const exact = yield* evaluate(oracle);
  const dualityGap = yield* oracle.dualityGap(exact.objective, false);
  return { passes, converged: exact.gradientNorm <= tolerance, ...exact, dualityGap };
}

export function difference(x: Float64Array, y: Float64Array): Float64Array {
  const z = new Float64Array(x.length);
  for (let k = 0; k < z.length; k++) z[k] = x[k]! - y[k]!;
  return z;
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!;
  return sum;
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
