import type { Oracle } from "../oracle.js";
import { type BatchStepContext, LazyProgress, type Solver } from "../solver.js";
import { difference } from "../vectors.js";
import { batchGradient, conclude, gradientAt } from "./recursive.js";

/** w <- prox( w - step direction ) */
function proximalStep(
  { regularizer }: Oracle,
  point: Float64Array,
  step: number,
  direction: Float64Array,
): Float64Array {
  const moved = point.slice();
  for (let k = 0; k < moved.length; k++) moved[k]! -= step * direction[k]!;
  regularizer.prox(moved, step);
  return moved;
}

/** SGD as in ./sgd.ts, a step a batch: along the mean gradient of its rows. */
export function* minibatchSgd({ model, draws, stepSize, plan, batchSize }: BatchStepContext): Solver {
  const { passes, tolerance } = plan;
  const { rows } = model;
  const l2 = model.regularizer.leastL2;
  let seen = draws.passes * rows;
  let point = model.point();
  for (let pass = 1; ; pass++) {
    yield* draws.pass(
      ({ order, count }) => {
        const t = l2 > 0 ? stepSize / (1 + (stepSize * l2 * seen) / batchSize) : stepSize / Math.sqrt(1 + seen / rows);
        point = proximalStep(model, point, t, batchGradient(model, order, count, point));
        seen += count;
      },
      rows,
      batchSize,
    );
    model.setPoint(point);
    if (pass < passes) yield new LazyProgress(model, pass);
    else {
      const outcome = yield* conclude(model, pass, tolerance);
      yield outcome;
      return outcome;
    }
  }
}

/** SVRG as in ./svrg.ts, a step a batch: its mean gradient less the one at the snapshot, and the full gradient there. */
export function* minibatchSvrg({ model, draws, stepSize, plan, batchSize }: BatchStepContext): Solver {
  const { passes, tolerance } = plan;
  const { rows } = model;
  const average = plan.options.snapshot === "average";
  let snapshot = model.point();
  for (let done = 0; ; ) {
    const full = yield* gradientAt(model, snapshot);
    done++;
    const exact = model.evaluate();
    if (done > 1) yield { passes: done, ...exact };
    if (exact.gradientNorm <= tolerance || done + 2 > passes) return yield* conclude(model, done, tolerance);
    let point = snapshot;
    const sum = new Float64Array(point.length);
    let batches = 0;
    const before = snapshot;
    yield* draws.pass(
      ({ order, count }) => {
        const own = batchGradient(model, order, count, point);
        const direction = difference(own, batchGradient(model, order, count, before));
        for (let k = 0; k < direction.length; k++) direction[k]! += full[k]!;
        point = proximalStep(model, point, stepSize, direction);
        batches++;
        if (average) for (let k = 0; k < sum.length; k++) sum[k]! += point[k]!;
      },
      rows,
      batchSize,
    );
    done += 2;
    snapshot = average ? sum.map((total) => total / batches) : point;
  }
}
