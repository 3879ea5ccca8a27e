// What `minimize` of schuss/finite-sum does, in plain JavaScript, as far as this example needs it.

import { Stopwatch } from "./stopwatch.js";
import { sag } from "./twin-sag.js";
import { svrg } from "./twin-svrg.js";

/** @typedef {import("./twin-linear.js").Floats} Floats */

/**
 * @typedef {object} Plan
 * @property {number} passes
 * @property {number} stepSize
 * @property {(order: Int32Array, pass: number) => void} order draws the rows of a pass
 */

/**
 * @typedef {object} Progress
 * @property {number} passes
 * @property {Floats} weights
 * @property {() => number} objective
 */

/** @typedef {Generator<Progress | undefined, Floats, void>} Solver */

const solvers = { sag, svrg };

/**
 * @param {import("./twin-linear.js").LogisticProblem} problem
 * @param {Plan & {
 *   method: "sag" | "svrg",
 *   onPass: (report: { passes: number, seconds: number, readonly objective: number }) => unknown,
 *   signal: AbortSignal,
 * }} options
 */
export async function minimizeInPlainJavaScript(problem, { method, onPass, signal, ...plan }) {
  const watch = new Stopwatch();
  const solver = solvers[method](problem, plan);
  for (;;) {
    const { done, value } = solver.next();
    if (done) return { weights: value };
    if (value !== undefined) {
      const { passes, objective } = value;
      const { seconds } = watch;
      await watch.leaveOut(() =>
        onPass({
          passes,
          seconds,
          get objective() {
            return objective();
          },
        }),
      );
    }
    await watch.breathe(signal);
  }
}
