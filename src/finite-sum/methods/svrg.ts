import { randomBits } from "../sampling.js";
import { evaluate, type Solver, type StepContext } from "../solver.js";

/**
 * SVRG takes the full gradient, then steps through the rows; that makes two passes where it goes through all. The gradient at the
 * snapshot is the certificate.
 *
 * The snapshot is the last point of the pass; or with `"random"` one of its points, all alike likely, by ending the pass there
 * (Johnson, Zhang 2013, option II); or with `"loopless"` wherever a coin falls after a row, with probability 1 / n (Kovalev,
 * Horvath, Richtarik 2020), so that passes are of geometric length, up to one.
 */
export function* svrg({ model, draws, stepSize, plan, seed }: StepContext): Solver {
  const { passes, tolerance } = plan;
  const { snapshot } = plan.options;
  const { rows } = model;
  const bits = randomBits(seed ^ 0x5bd1e995);
  const uniform = () => (bits() + 0.5) / 2 ** 32;
  let steps = 0;
  for (let full = 0; ; full++) {
    const done = full + steps / rows;
    const exact = yield* evaluate(model, true);
    if (full > 0) yield { passes: done, ...exact };
    const converged = exact.gradientNorm <= tolerance;
    if (converged || done + 2 > passes) {
      const dualityGap = yield* model.dualityGap(exact.objective, false);
      return { passes: done, converged, ...exact, dualityGap };
    }
    model.takeSnapshot();
    let length = rows;
    if (snapshot === "random") length = Math.ceil(rows * uniform());
    else if (snapshot === "loopless")
      length = Math.min(rows, Math.ceil(Math.log(uniform()) / Math.log1p(-1 / (rows + 1))));
    steps += length;
    yield* draws.pass((slice) => model.step("svrg", slice, stepSize), length);
  }
}
