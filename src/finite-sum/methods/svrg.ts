import type { LinearModel, Steps } from "../model.js";
import { randomBits } from "../sampling.js";
import { evaluate, type Solver, type StepContext } from "../solver.js";

/** Points of a pass of which the mean becomes the snapshot. */
const POINTS = 64;

/** Runs the steps of a pass and makes the mean of the points after each slice the present one. */
function* averaged(model: LinearModel, work: Iterable<undefined>): Generator<undefined, void, void> {
  const sum = new Float64Array(model.length);
  let points = 0;
  for (const slice of work) {
    const point = model.point();
    for (let k = 0; k < sum.length; k++) sum[k]! += point[k]!;
    points++;
    yield slice;
  }
  model.setPoint(sum.map((total) => total / points));
}

/**
 * SVRG takes the full gradient, then steps through the rows; that makes two passes where it goes through all. The gradient at the
 * snapshot is the certificate.
 *
 * The snapshot is the last point of the pass; or with `"average"` the mean of 64 of its points, evenly spread (Xiao, Zhang 2014);
 * or with `"random"` one of its points, all alike likely, by ending the pass there (Johnson, Zhang 2013, option II); or with
 * `"loopless"` wherever a coin falls after a row, with probability 1 / n (Kovalev, Horvath, Richtarik 2020), so that passes are
 * of geometric length, up to one.
 */
export function* svrg({ model, draws, pace, plan, seed }: StepContext): Solver {
  const { passes, tolerance } = plan;
  const { snapshot } = plan.options;
  const { rows } = model;
  const bits = randomBits(seed ^ 0x5bd1e995);
  const uniform = () => (bits() + 0.5) / 2 ** 32;
  const work = (steps: Steps, first: number) => {
    pace.look(steps.count, first);
    model.step("svrg", steps, pace.stepSize);
  };
  let steps = 0;
  for (let full = 0; ; full++) {
    const done = full + steps / rows;
    const exact = yield* evaluate(model, "slopes");
    if (full > 0) yield { passes: done, ...exact };
    const converged = exact.gradientNorm <= tolerance;
    if (converged || done + 2 > passes) {
      const dualityGap = yield* model.dualityGap(exact, false);
      return { passes: done, converged, ...exact, dualityGap };
    }
    model.takeSnapshot();
    let length = rows;
    if (snapshot === "random") length = Math.ceil(rows * uniform());
    else if (snapshot === "loopless")
      length = Math.min(rows, Math.ceil(Math.log(uniform()) / Math.log1p(-1 / (rows + 1))));
    steps += length;
    if (snapshot === "average") {
      yield* averaged(model, draws.pass(work, length, Math.min(pace.slice, Math.ceil(rows / POINTS))));
    } else yield* draws.pass(work, length, pace.slice);
  }
}
