import type { FloatArray } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import { CsrMatrix } from "./csr-matrix.js";
import { CsrModel } from "./csr-model.js";
import { DenseModel } from "./dense-model.js";
import { diverged, type Evaluation, type LinearModel } from "./model.js";
import type { CheckedProblem, LossName } from "./problem.js";
import type { Sampler } from "./sampling.js";

export type MethodName = "sag" | "svrg";

/** What a solver does, decided and checked. */
export interface Plan {
  readonly method: MethodName;
  readonly passes: number;
  readonly tolerance: number;
  readonly stepSize: number | undefined;
  readonly sampler: Sampler;
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
}

/**
 * A solver yields after every slice of work, so that whoever drives it can stop it, show progress, or let others run;
 * at the end of a pass it yields where it stands. It can be left at any yield.
 */
export type Solver = Generator<Progress | undefined, Outcome, void>;

/** Rows a kernel call visits: some milliseconds at most, and V8 takes up optimised code only between calls. */
const SLICE = 2048;

/** The greatest second derivative of a loss. */
const CURVATURE: Record<LossName, number> = { logistic: 1 / 4, squared: 1 };

export function place(engine: Engine, problem: CheckedProblem): LinearModel {
  const model =
    problem.features instanceof CsrMatrix
      ? new CsrModel(engine, problem)
      : new DenseModel(engine, outside(engine, problem));
  try {
    model.place();
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Features in the engine's own memory are copied out of it, since it may have to grow to take them in again. */
function outside(engine: Engine, problem: CheckedProblem): CheckedProblem {
  const features = problem.features as FloatArray;
  return features.buffer === engine.memory.buffer ? { ...problem, features: features.slice() } : problem;
}

/** 1 / L, with L the greatest smoothness constant of a single row's term. */
export function defaultStepSize({ greatestSquaredNorm, l2 }: LinearModel, loss: LossName): number {
  const smoothness = CURVATURE[loss] * greatestSquaredNorm + l2;
  const stepSize = 1 / smoothness;
  // Rows of zeros, or next to it: any step below 1 / l2 leaves the factor 1 - step l2 above 0.
  return stepSize * l2 < 1 ? stepSize : 1 / (2 * smoothness + 1);
}

export function* solve(engine: Engine, model: LinearModel, loss: LossName, plan: Plan): Solver {
  const stepSize = plan.stepSize ?? defaultStepSize(model, loss);
  if (stepSize * model.l2 >= 1) {
    throw new RangeError(`minimize: stepSize must be below 1 / l2 = ${1 / model.l2}, got ${stepSize}`);
  }
  const order = engine.allocate(model, 4 * SLICE);
  try {
    const methods = { sag, svrg };
    return yield* methods[plan.method](
      model,
      new Orders(engine, order.pointer, model.rows, plan.sampler),
      stepSize,
      plan,
    );
  } finally {
    order.dispose();
  }
}

/** The rows of a pass, brought into memory slice by slice. */
class Orders {
  readonly #engine: Engine;
  readonly #pointer: number;
  readonly #rows: Int32Array;
  readonly #sampler: Sampler;
  #pass = 0;

  constructor(engine: Engine, pointer: number, rows: number, sampler: Sampler) {
    this.#engine = engine;
    this.#pointer = pointer;
    this.#rows = new Int32Array(rows);
    this.#sampler = sampler;
  }

  /** Draws a pass and runs it: `run` gets each slice's length and place. */
  *pass(run: (steps: number, order: number) => void): Generator<undefined, void, void> {
    this.#sampler(this.#rows, this.#pass++);
    for (let first = 0; first < this.#rows.length; first += SLICE) {
      const slice = this.#rows.subarray(first, first + SLICE);
      checkRows(slice, this.#rows.length);
      new Int32Array(this.#engine.memory.buffer, this.#pointer, slice.length).set(slice);
      run(slice.length, this.#pointer);
      yield;
    }
  }
}

/** Slice by slice, since a sampler may hold on to its array and write to it again. */
function checkRows(slice: Int32Array, rows: number): void {
  for (let k = 0; k < slice.length; k++) {
    const row = slice[k]!;
    if (row < 0 || row >= rows) throw new RangeError(`minimize: order must hold rows in [0, ${rows - 1}], got ${row}`);
  }
}

/** The full gradient at the present weights, in slices. */
function* fullGradient(model: LinearModel, keep: boolean): Generator<undefined, Evaluation, void> {
  model.beginGradient();
  for (let first = 0; first < model.rows; first += SLICE) {
    model.add(first, Math.min(SLICE, model.rows - first), keep);
    yield;
  }
  return model.evaluate();
}

/**
 * SAG draws rows; its table gives an estimate of the gradient for nothing. Where the estimate falls to the tolerance,
 * the full gradient is taken, and that alone decides.
 */
function* sag(model: LinearModel, orders: Orders, stepSize: number, { passes, tolerance }: Plan): Solver {
  for (let pass = 1; pass <= passes; pass++) {
    yield* orders.pass((steps, order) => model.sag(steps, order, stepSize));
    const estimate = model.estimateGradientNorm();
    if (!Number.isFinite(estimate)) throw diverged("gradient", estimate);
    if (estimate <= tolerance) {
      const exact = yield* fullGradient(model, false);
      yield { passes: pass, ...exact };
      if (exact.gradientNorm <= tolerance) return { passes: pass, converged: true, ...exact };
    } else {
      yield new LazyProgress(model, pass, estimate);
    }
  }
  const exact = yield* fullGradient(model, false);
  return { passes, converged: exact.gradientNorm <= tolerance, ...exact };
}

/**
 * SVRG takes the full gradient, then goes once through the rows; that makes two passes. The gradient at the snapshot is
 * the certificate.
 */
function* svrg(model: LinearModel, orders: Orders, stepSize: number, { passes, tolerance }: Plan): Solver {
  for (let done = 0; ; done += 2) {
    const exact = yield* fullGradient(model, true);
    if (done > 0) yield { passes: done, ...exact };
    const converged = exact.gradientNorm <= tolerance;
    if (converged || done + 2 > passes) return { passes: done, converged, ...exact };
    model.takeSnapshot();
    yield* orders.pass((steps, order) => model.svrg(steps, order, stepSize));
  }
}

/** SAG knows its objective only at the price of a pass over the data, so it is taken when somebody reads it. */
class LazyProgress implements Progress {
  readonly passes: number;
  readonly gradientNorm: number;
  readonly #model: LinearModel;
  #objective: number | undefined;

  constructor(model: LinearModel, passes: number, gradientNorm: number) {
    this.#model = model;
    this.passes = passes;
    this.gradientNorm = gradientNorm;
  }

  get objective(): number {
    if (this.#objective === undefined) {
      const gradient = fullGradient(this.#model, false);
      let step = gradient.next();
      while (!step.done) step = gradient.next();
      this.#objective = step.value.objective;
    }
    return this.#objective;
  }
}
