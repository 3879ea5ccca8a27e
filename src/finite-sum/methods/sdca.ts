import { Forecast } from "../forecast.js";
import type { LinearModel } from "../model.js";
import { evaluate, LazyProgress, Lookout, type Outcome, type Solver, type StepContext } from "../solver.js";
import { difference, norm } from "../vectors.js";

/** What decides: the gradient norm, or the duality gap where the loss has corners. */
function* certify(model: LinearModel, passes: number, tolerance: number): Generator<undefined, Outcome, void> {
  const exact = yield* evaluate(model);
  const smooth = model.problem.loss.smooth;
  const dualityGap = yield* model.dualityGap(exact, !smooth);
  const certificate = smooth ? exact.gradientNorm : (dualityGap ?? Number.POSITIVE_INFINITY);
  return { passes, converged: certificate <= tolerance, ...exact, dualityGap };
}

/** How far weights may be from those that the dual variables make, of their size: rounding leaves less. */
const APART = 1e-3;

/**
 * The weights are a sum over the rows, over l2: those of a state from under another penalty are made anew from its dual
 * variables. Others stay as they are, to the bit.
 */
function* agree(model: LinearModel, l2: number): Generator<undefined, void, void> {
  const sums = yield* model.resum();
  const made = sums.map((sum) => -sum / l2);
  const memory = model.memory();
  const raw = made.subarray(0, memory.raw.length);
  if (norm(difference(raw, memory.raw)) > APART * norm(memory.raw)) model.restore({ ...memory, raw });
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
    model.shrinkBy(1 / l2, resumed);
    const interceptScale = model.problem.intercept ? scale : 0;
    const options = { scale, interceptScale, relaxation: relaxationOf(model) };
    if (resumed) {
      yield* agree(model, l2);
    } else {
      model.zeroRows();
      model.intercept = 0;
    }
    model.moved();
    const { smooth } = model.problem.loss;
    const lookout = new Lookout(tolerance);
    // The gradient is what the dual variables still have to change by, row by row: a pass tells what they have.
    const forecast = new Forecast();
    for (let pass = 1; ; pass++) {
      yield* draws.pass((steps) => model.dualStep(steps, options));
      model.centreIntercept(interceptScale);
      const due = smooth ? forecast.next(l2 * model.moved()) <= tolerance : lookout.due(pass);
      if (pass < passes && !due) {
        yield new LazyProgress(model, pass);
        continue;
      }
      const outcome = yield* certify(model, pass, tolerance);
      yield outcome;
      if (smooth) forecast.saw(outcome.gradientNorm);
      else lookout.saw(pass, outcome.dualityGap!);
      if (outcome.converged || pass >= passes) return outcome;
    }
  };
}
