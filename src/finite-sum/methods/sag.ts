import { Forecast } from "../forecast.js";
import type { LinearModel, Steps } from "../model.js";
import type { MultiModel } from "../multi-model.js";
import { diverged } from "../oracle.js";
import { evaluate, LazyProgress, type Solver, type TableContext } from "../solver.js";

/**
 * SAG and SAGA draw rows; the table gives an estimate of the gradient for nothing. Where that lets expect a norm within the
 * tolerance, the full gradient is taken, and that alone decides.
 *
 * Sums are over the rows drawn so far, but over all from the start where draws are weighted (it does not converge otherwise)
 * and where sparse rows have an l1, whose closed form needs a count that stands still.
 */
export function sagLike(method: "sag" | "saga") {
  return function* (context: TableContext<LinearModel | MultiModel>): Solver {
    const { model, draws, pace, plan } = context;
    const { passes, tolerance } = plan;
    if (!context.resumed && (context.weighted || model.regularizer.proximal)) model.zeroRows();
    const forecast = new Forecast(context.resumed ? model.estimateGradientNorm() : undefined);
    for (let pass = 1; pass <= passes; pass++) {
      const work = (steps: Steps, first: number) => {
        pace.look(steps.count, first);
        model.step(method, steps, pace.stepSize);
      };
      yield* draws.pass(work, model.rows, pace.slice);
      const estimate = model.estimateGradientNorm();
      if (!Number.isFinite(estimate)) throw diverged("gradient", estimate);
      pace.saw(estimate);
      if (forecast.next(estimate) <= tolerance) {
        const exact = yield* evaluate(model);
        forecast.saw(exact.gradientNorm);
        yield { passes: pass, ...exact };
        if (exact.gradientNorm <= tolerance) {
          const dualityGap = yield* model.dualityGap(exact, false);
          return { passes: pass, converged: true, ...exact, dualityGap };
        }
      } else {
        yield new LazyProgress(model, pass, estimate);
      }
    }
    const exact = yield* evaluate(model);
    const dualityGap = yield* model.dualityGap(exact, false);
    return { passes, converged: exact.gradientNorm <= tolerance, ...exact, dualityGap };
  };
}
