import { evaluate, LazyProgress, type Outcome, type Solver, type StepContext } from "../solver.js";

/** Steps are of one size for so many rows: short against a pass, long against a kernel call. */
const PIECES = 32;

/**
 * Stochastic gradient descent: the steps of SVRG from a table and a sum of zeros, w <- prox( (1 - t l2) w - t s_i loss' x_i ).
 *
 * With l2 the step falls as t = t0 / (1 + t0 l2 k) after k rows (Bottou 2012), without it as t0 / sqrt(1 + k / n). It does not
 * converge at a steady step, and slowly at a falling one; there is a certificate all the same, taken at the end.
 */
export function* sgd({ model, draws, stepSize, plan }: StepContext): Solver {
  const { passes, tolerance } = plan;
  const { rows } = model;
  const l2 = model.regularizer.greatestL2;
  const size = Math.max(1, Math.min(2048, Math.ceil(rows / PIECES)));
  let seen = draws.passes * rows;
  model.zeroRows();
  for (let pass = 1; pass <= passes; pass++) {
    const work = draws.pass(
      (steps) => {
        const t = l2 > 0 ? stepSize / (1 + stepSize * l2 * seen) : stepSize / Math.sqrt(1 + seen / rows);
        model.step("svrg", steps, t);
        seen += steps.count;
      },
      rows,
      size,
    );
    yield* work;
    if (pass < passes) yield new LazyProgress(model, pass);
  }
  const exact = yield* evaluate(model);
  const { smooth } = model.problem.loss;
  const dualityGap = yield* model.dualityGap(exact, false);
  const outcome: Outcome = { passes, converged: smooth && exact.gradientNorm <= tolerance, ...exact, dualityGap };
  yield outcome;
  return outcome;
}
