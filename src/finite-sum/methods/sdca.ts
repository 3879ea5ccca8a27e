import type { LinearModel } from "../model.js";
import { evaluate, LazyProgress, Lookout, type Outcome, type Solver, type StepContext } from "../solver.js";

/** What decides: the gradient norm, or the duality gap where the loss has corners. */
function* certify(model: LinearModel, passes: number, tolerance: number): Generator<undefined, Outcome, void> {
  const exact = yield* evaluate(model);
  const smooth = model.problem.loss.smooth;
  const dualityGap = yield* model.dualityGap(exact, !smooth);
  const certificate = smooth ? exact.gradientNorm : (dualityGap ?? Number.POSITIVE_INFINITY);
  return { passes, converged: certificate <= tolerance, ...exact, dualityGap };
}

/**
 * SDCA and, with a relaxation, Finito. The table holds the dual variables, from which the weights follow.
 *
 * The dual of an intercept without penalty is the condition that the dual variables sum to 0, which single coordinates can't
 * keep. So the intercept stands in a quadratic l2/2 (b - c)^2 whose centre c moves to b after every pass: the proximal point
 * method in b, or the method of multipliers for the condition.
 */
export function dual(relaxationOf: (model: LinearModel) => number) {
  return function* ({ model, draws, plan, resumed }: StepContext): Solver {
    const { passes, tolerance } = plan;
    const l2 = model.regularizer.leastL2;
    const scale = 1 / (l2 * model.rows);
    model.shrinkBy(1 / l2);
    const interceptScale = model.problem.intercept ? scale : 0;
    const options = { scale, interceptScale, relaxation: relaxationOf(model) };
    if (!resumed) {
      model.zeroRows();
      model.setPoint(new Float64Array(model.length));
    }
    const lookout = new Lookout(tolerance);
    for (let pass = 1; ; pass++) {
      yield* draws.pass((steps) => model.dualStep(steps, options));
      model.centreIntercept(interceptScale);
      if (pass < passes && !lookout.due(pass)) {
        yield new LazyProgress(model, pass);
        continue;
      }
      const outcome = yield* certify(model, pass, tolerance);
      yield outcome;
      lookout.saw(pass, model.problem.loss.smooth ? outcome.gradientNorm : outcome.dualityGap!);
      if (outcome.converged || pass >= passes) return outcome;
    }
  };
}
