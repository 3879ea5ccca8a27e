import { evaluate, type Solver, type StepContext } from "../solver.js";

/**
 * SVRG takes the full gradient, then goes once through the rows; that makes two passes. The gradient at the snapshot is
 * the certificate.
 */
export function* svrg({ model, draws, stepSize, plan }: StepContext): Solver {
  const { passes, tolerance } = plan;
  for (let done = 0; ; done += 2) {
    const exact = yield* evaluate(model, true);
    if (done > 0) yield { passes: done, ...exact };
    const converged = exact.gradientNorm <= tolerance;
    if (converged || done + 2 > passes) {
      const dualityGap = yield* model.dualityGap(exact.objective, false);
      return { passes: done, converged, ...exact, dualityGap };
    }
    model.takeSnapshot();
    yield* draws.pass((steps) => model.step("svrg", steps, stepSize));
  }
}
