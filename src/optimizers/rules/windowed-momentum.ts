import { checkInteger } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface WindowedMomentumOptions extends CommonOptions {
  /** How many gradients the mean is taken of, in [1, 1024]; each is a slot. Default 10. */
  readonly window?: number;
}

type Own = Required<Pick<WindowedMomentumOptions, "window">>;

const gradientName = (k: number) => `gradient${k}`;

const windowedMomentumRule: UpdateRule<Own> = {
  name: "windowedMomentum",
  defaults: { learningRate: 1e-3, weightDecay: 0, decoupledWeightDecay: false, window: 10 },
  validate(where, { window }) {
    checkInteger(where, "window", window, 1, 1024);
  },
  family: updateMore,
  kernel: () => "windowedMomentum",
  slots: ({ window }) => [
    { name: "newSum", initial: 0 },
    { name: "oldSum", initial: 0 },
    ...Array.from({ length: window }, (_, k) => ({ name: gradientName(k), initial: 0 })),
  ],
  scalars: (t, learningRate, { window }) => [Number((t - 1) % window === 0), learningRate / Math.min(t, window)],
  stages: ({ window }) => [
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        step.update("windowedMomentum", windowedMomentumRule.scalars(t, learningRate, options, memory), {
          slots: ["newSum", "oldSum", gradientName((t - 1) % window)],
        });
      },
    },
  ],
};

/**
 * Descent along the mean of the last gradients, a window of them, or all while there are fewer. At step t = 1, 2, ...:
 *
 * ```math
 * p <- p - learningRate / min(t, window) * sum_(i > t - window) g_i
 * ```
 *
 * A step reads and writes as much memory however wide the window is: the sum is brought forward, and added up anew with every turn of
 * the ring that keeps the gradients, so that no rounding error or NaN outlives two turns.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `window` 10; and the common ones, see {@link WindowedMomentumOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = windowedMomentum({ w }, { learningRate: 0.5, window: 2 });
 * for (const g of [1, 3, 5]) optimizer.step({ w: new Float64Array([g]) });
 * // w is now [-2.5]: 1 - 0.5 - 1 - 2
 * @see Cutkosky, Lecture Notes for EC500: Optimization for Machine Learning, section 20
 */
export function windowedMomentum(target: Target, options: WindowedMomentumOptions & WithEngine = {}): Optimizer {
  return new Optimizer(windowedMomentumRule, target, options) as Optimizer;
}
