import { fullGradient, type Oracle } from "../oracle.js";
import { type BatchStepContext, evaluate, type Outcome, type Solver } from "../solver.js";
import { difference, dot } from "../vectors.js";

/** The mean gradient of F over a batch whose row numbers are at `order`. */
export function batchGradient(model: Oracle, order: number, count: number, point: Float64Array): Float64Array {
  model.setPoint(point);
  model.beginGradient();
  model.addAt(order, count);
  const gradient = model.meanGradient(count);
  model.regularizer.addGradient(point, gradient);
  return gradient;
}

/** The full gradient of F. */
export function* gradientAt(model: Oracle, point: Float64Array): Generator<undefined, Float64Array, void> {
  model.setPoint(point);
  yield* fullGradient(model);
  const gradient = model.meanGradient();
  model.regularizer.addGradient(point, gradient);
  return gradient;
}

const normOf = (x: Float64Array) => Math.sqrt(dot(x, x));

function move(point: Float64Array, step: number, direction: Float64Array): Float64Array {
  const moved = point.slice();
  for (let k = 0; k < moved.length; k++) moved[k]! -= step * direction[k]!;
  return moved;
}

/** Rows in a batch: enough to outweigh what a step does with whole vectors, and still many batches a pass. */
export const batchOf = (rows: number) => Math.max(1, Math.min(16, Math.ceil(rows / 64)));

/** The certificate of the point at which the model is; whatever pass it is. */
export function* conclude(model: Oracle, passes: number, tolerance: number): Generator<undefined, Outcome, void> {
  const { smooth } = model.problem.loss;
  const exact = yield* evaluate(model);
  const dualityGap = yield* model.dualityGap(exact, false);
  return { passes, converged: smooth && exact.gradientNorm <= tolerance, ...exact, dualityGap };
}

/** How far the direction may fall within a pass before it is renewed (SARAH+). */
const FALLEN = 1 / 8;

/**
 * SARAH+ in batches: a full gradient, then d <- g(w) - g(w before) + d over the batches of a pass, until |d|^2 has fallen to 1/8.
 * SPIDER is the same with steps of one length at most, which is what bounds it on problems that are not convex.
 */
export function recursive(kind: "sarah" | "spider") {
  return function* ({ model, draws, stepSize, plan, batchSize }: BatchStepContext): Solver {
    const { passes, tolerance } = plan;
    const { rows } = model;
    let point = model.point();
    let visited = 0;
    for (;;) {
      const direction = yield* gradientAt(model, point);
      visited += rows;
      const exact = model.evaluate();
      const done = visited / rows;
      yield { passes: done, ...exact };
      if (exact.gradientNorm <= tolerance || done >= passes) return yield* conclude(model, done, tolerance);
      const first = normOf(direction);
      let before = point;
      point = move(point, stepSize, direction);
      const work = draws.pass(
        ({ order, count }) => {
          if (kind === "sarah" && dot(direction, direction) <= FALLEN * first * first) return;
          const change = difference(
            batchGradient(model, order, count, point),
            batchGradient(model, order, count, before),
          );
          for (let k = 0; k < change.length; k++) direction[k]! += change[k]!;
          visited += 2 * count;
          before = point;
          const shorter = kind === "spider" ? Math.min(1, first / normOf(direction)) : 1;
          point = move(point, stepSize * shorter, direction);
        },
        rows,
        batchSize,
      );
      yield* work;
    }
  };
}

/**
 * STORM: no full gradient, d <- g(w) + (1 - a) (d - g(w before)) over batches, with a and the step falling as Cutkosky and Orabona
 * 2019 have them, t^(-2/3) and t^(-1/3) of the batches seen.
 */
export function* storm({ model, draws, stepSize, plan, batchSize }: BatchStepContext): Solver {
  const { passes, tolerance } = plan;
  const { rows } = model;
  const size = batchSize;
  let point = model.point();
  let before = point;
  let direction: Float64Array | undefined;
  let batches = 0;
  for (let pass = 2; ; pass += 2) {
    yield* draws.pass(
      ({ order, count }) => {
        const gradient = batchGradient(model, order, count, point);
        const kept = 1 - (1 + batches / 8) ** (-2 / 3);
        if (direction === undefined) direction = gradient;
        else {
          const old = batchGradient(model, order, count, before);
          for (let k = 0; k < gradient.length; k++) direction[k] = gradient[k]! + kept * (direction[k]! - old[k]!);
        }
        before = point;
        point = move(point, stepSize * (1 + batches / 64) ** (-1 / 3), direction);
        batches++;
      },
      rows,
      size,
    );
    model.setPoint(point);
    const outcome = yield* conclude(model, pass, tolerance);
    yield outcome;
    if (outcome.converged || pass + 2 > passes) return outcome;
  }
}

/**
 * Katyusha (Allen-Zhu 2017, algorithm 1) in batches: SVRG's estimate at x = tau1 z + tau2 snapshot + (1 - tau1 - tau2) y, a long
 * mirror step for z, a short one for y, and their weighted average as the next snapshot.
 */
export function* katyusha({ model, draws, stepSize, plan, batchSize }: BatchStepContext): Solver {
  const { passes, tolerance } = plan;
  const { rows, regularizer } = model;
  const size = batchSize;
  const inner = Math.ceil(rows / size);
  const l2 = regularizer.leastL2;
  const smoothness = 1 / (3 * stepSize);
  const tau2 = 1 / 2;
  const tau1 = Math.min(Math.sqrt((inner * l2) / (3 * smoothness)), 1 / 2) || 1 / 4;
  const alpha = 1 / (3 * tau1 * smoothness);
  let snapshot = model.point();
  let y = snapshot;
  let z = snapshot;
  let visited = 0;
  for (;;) {
    const mean = yield* gradientAt(model, snapshot);
    visited += rows;
    const done = visited / rows;
    const exact = model.evaluate();
    yield { passes: done, ...exact };
    if (exact.gradientNorm <= tolerance || done >= passes) return yield* conclude(model, done, tolerance);
    const average = new Float64Array(y.length);
    let mass = 0;
    let weight = 1;
    yield* draws.pass(
      ({ order, count }) => {
        const x = new Float64Array(y.length);
        for (let k = 0; k < x.length; k++) x[k] = tau1 * z[k]! + tau2 * snapshot[k]! + (1 - tau1 - tau2) * y[k]!;
        const estimate = batchGradient(model, order, count, x);
        const old = batchGradient(model, order, count, snapshot);
        for (let k = 0; k < x.length; k++) estimate[k]! += mean[k]! - old[k]!;
        visited += 2 * count;
        z = move(z, alpha, estimate);
        y = move(x, stepSize, estimate);
        for (let k = 0; k < x.length; k++) average[k]! += weight * y[k]!;
        mass += weight;
        weight *= 1 + alpha * l2;
      },
      rows,
      size,
    );
    snapshot = average.map((sum) => sum / mass);
  }
}
