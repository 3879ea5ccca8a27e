import { finiteSum } from "../engine/families/finite-sum.js";
import { defaultEngine } from "../memory/engine.js";
import { breathe } from "./breathe.js";
import { checkOptions, type MinimizeOptions } from "./options.js";
import { checkProblem, type MultiProblem, type Problem } from "./problem.js";
import type { MinimizeResult, PassReport } from "./report.js";
import { type AnyResult, Run } from "./run.js";

/** How long `minimize` works before it lets others run, in milliseconds. */
const TURN = 30;

/** What a run is made of, all checked but the numbers of the rows. */
function check(where: string, problem: Problem, options: MinimizeOptions): ConstructorParameters<typeof Run> {
  const checked = checkOptions(where, options);
  options.signal?.throwIfAborted();
  return [where, checked.engine ?? defaultEngine(), checkProblem(where, problem), checked];
}

/**
 * Solves a finite-sum problem, wholly inside the kernels, in slices between which others can run.
 *
 * ```math
 * F(w, b) = (sum_i s_i loss(dot(x_i, w) + b, y_i)) / (sum_i s_i) + l2 / 2 ||w||^2 + l1 ||w||_1 + penalty(w)
 * ```
 *
 * The rules of the methods that keep a residual M_i a row, with the sum S of M_i x_i over the n rows (at first: those drawn so
 * far), a step t, and D = s_i loss'(x_i.w + b, y_i) - M_i:
 *
 * ```math
 * M_i <- M_i + D                                       sag
 * w <- (1 - t l2) w - t S / n
 * w <- prox((1 - t l2) w - t (D x_i + S / n))          saga
 * M_i <- M_i + D
 * w <- prox((1 - t l2) w - t (D x_i + S / n))          svrg
 * w <- prox((1 - t l2) w - t s_i loss' x_i)            sgd
 * M_i <- argmax_M dual(M)                              sdca
 * w = shrink(-S / (l2 n), l1 / l2)
 * M_i <- M_i + r D                                     finito
 * ```
 *
 * where the M of svrg are those of the last full gradient, the t of sgd falls, and the w of finito is that of sdca. `sarah`, `spider`,
 * `storm` and `katyusha` step from batch to batch, without l1 and penalty; they are here to be compared with.
 *
 * Others take full gradients. `gd` and `apg`, proximal gradient descent and its accelerated kind, take every penalty. `apg` steps on
 * columns that are centred, where there is an intercept, and of curvature 1, where the penalty acts on each weight by itself: it is the
 * same problem, and columns in any units converge. For `sdca`, `finito` and `"auto"` dense columns that are far from 0 are centred
 * as well.
 * `lbfgs`, a quasi-Newton method, takes problems without l1 and penalty; `newton`, which takes the curvature from a part of the rows,
 * those of one output besides. Problems of several outputs, and `softmax`, are for `gd`, `apg`, `lbfgs`, `sag` and `saga`, and in
 * batches for `svrg` and `sgd`.
 *
 * @param problem the rows, labels, loss and penalties; see {@link Problem}. Features must stay as they are until the promise settles
 * @param options method, limits, draws, reporting; see {@link MinimizeOptions}
 * @returns weights, intercept, objective, the norm of the full gradient, the duality gap where the dual is known, passes, seconds,
 *   whether the certificate is within the tolerance, the method and why, and the state to go on from
 * @throws (rejects) TypeError or RangeError for an entry of the problem or an option of the wrong type, size or range, or a method
 *   that can't take the problem, saying what and why; RangeError if the step is so large that the objective overflows, or the memory can't be had; the signal's
 *   reason if aborted
 *
 * @example
 * const features = new Float64Array([0, 1, 2, 3]);
 * const labels = [0, 0, 1, 1];
 * const { weights, converged } = await minimize({ features, rows: 4, columns: 1, labels, loss: "logistic", l2: 0.1 });
 * @see Schmidt, Le Roux, Bach, "Minimizing Finite Sums with the Stochastic Average Gradient", 2013; Defazio, Bach,
 *   Lacoste-Julien, "SAGA", 2014; Johnson, Zhang, "Accelerating Stochastic Gradient Descent using Predictive Variance Reduction",
 *   2013; Shalev-Shwartz, Zhang, "Stochastic Dual Coordinate Ascent Methods", 2013; Defazio, Domke, Caetano, "Finito", 2014; Beck,
 *   Teboulle, "A Fast Iterative Shrinkage-Thresholding Algorithm", 2009; Nocedal, "Updating Quasi-Newton Matrices", 1980;
 *   Byrd, Chin, Neveitt, Nocedal, "On the Use of Stochastic Hessian Information in Optimization Methods for Machine Learning", 2011
 */
export function minimize(problem: MultiProblem, options?: MinimizeOptions): Promise<MinimizeResult<Float64Array>>;
export function minimize(problem: Problem, options?: MinimizeOptions): Promise<MinimizeResult>;
export function minimize(problem: Problem, options: MinimizeOptions = {}): Promise<AnyResult> {
  return minimizeFor("minimize", problem, options);
}

/** `minimize` for another function, whose name is in the errors. @internal */
export async function minimizeFor(where: string, problem: Problem, options: MinimizeOptions): Promise<AnyResult> {
  const checked = check(where, problem, options);
  const [, engine] = checked;
  // The rows are brought in by kernels, which would be compiled at the first call, and nothing else could run meanwhile.
  await engine.prepare(finiteSum);
  const run = new Run(...checked);
  const { signal, onPass } = options;
  try {
    for (let turnEnds = performance.now() + TURN; ; ) {
      const { report, result } = run.next();
      if (result !== undefined) return result;
      if (report !== undefined && onPass !== undefined) {
        const resume = run.watch.pause();
        await onPass(report as PassReport);
        resume();
      }
      if (performance.now() > turnEnds) {
        const resume = run.watch.pause();
        await breathe();
        resume();
        turnEnds = performance.now() + TURN;
      }
      signal?.throwIfAborted();
    }
  } finally {
    run.dispose();
  }
}

/**
 * As `minimize`, without letting anything else run: for workers, scripts and tests. `onPass` must be synchronous.
 *
 * @param problem as for `minimize`
 * @param options as for `minimize`
 * @returns what `minimize` promises
 * @throws as `minimize` rejects; `signal` is looked at after every slice
 *
 * @example
 * const features = new Float64Array([0, 1, 2, 3]);
 * const { weights, intercept } = minimizeSync({ features, labels: [1, 3, 5, 7], loss: "squared", l2: 0 });
 * // weights is [2], intercept is 1
 */
export function minimizeSync(problem: MultiProblem, options?: MinimizeOptions): MinimizeResult<Float64Array>;
export function minimizeSync(problem: Problem, options?: MinimizeOptions): MinimizeResult;
export function minimizeSync(problem: Problem, options: MinimizeOptions = {}): AnyResult {
  const { signal, onPass } = options;
  const run = new Run(...check("minimizeSync", problem, options));
  try {
    for (;;) {
      const { report, result } = run.next();
      if (result !== undefined) return result;
      if (report !== undefined && onPass !== undefined) {
        const resume = run.watch.pause();
        onPass(report as PassReport);
        resume();
      }
      signal?.throwIfAborted();
    }
  } finally {
    run.dispose();
  }
}

/**
 * As `minimizeSync`, pass by pass: an iterator of where the run stands, whose return value is the result. Leaving the loop ends
 * the run and frees its memory.
 *
 * @param problem as for `minimize`
 * @param options as for `minimize`; `onPass` must be synchronous, and is told of every pass before the loop is
 * @returns a generator of reports; each can be read until the next is asked for
 * @throws as `minimize` rejects
 *
 * @example
 * const features = new Float64Array([0, 1, 2, 3]);
 * const labels = [0, 0, 1, 1];
 * for (const { objective } of iterate({ features, labels, loss: "logistic" })) {
 *   if (objective < 0.4) break;
 * }
 */
export function* iterate(problem: Problem, options: MinimizeOptions = {}): Generator<PassReport, MinimizeResult, void> {
  const { signal, onPass } = options;
  const run = new Run(...check("iterate", problem, options));
  try {
    for (;;) {
      const { report, result } = run.next();
      if (result !== undefined) return result as MinimizeResult;
      if (report !== undefined) {
        const resume = run.watch.pause();
        onPass?.(report as PassReport);
        yield report as PassReport;
        resume();
      }
      signal?.throwIfAborted();
    }
  } finally {
    run.dispose();
  }
}
