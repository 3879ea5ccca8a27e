import { checkInteger, checkNumber, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { AVERAGE } from "../followers.js";
import { Optimizer } from "../optimizer.js";
import type { StagedRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AsgdOptions extends CommonOptions {
  /** Decay lambda of the parameters, and of the rate with the steps, >= 0. Default 1e-4. */
  readonly decay?: number;
  /** Power alpha with which the rate falls, >= 0. Default 0.75. */
  readonly power?: number;
  /** The step t0 behind which parameters are averaged, >= 0. Default 1e6. */
  readonly averageFrom?: number;
}

type Own = Required<Pick<AsgdOptions, "decay" | "power" | "averageFrom">>;

const asgdRule: StagedRule<Own> = {
  name: "asgd",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    decay: 1e-4,
    power: 0.75,
    averageFrom: 1e6,
  },
  validate(where, { decay, power, averageFrom }) {
    checkNumber(where, "decay", decay, nonNegative);
    checkNumber(where, "power", power, nonNegative);
    checkInteger(where, "averageFrom", averageFrom, 0, Number.MAX_SAFE_INTEGER);
  },
  family: update,
  slots: () => [{ name: AVERAGE, initial: "parameters" }],
  stages: () => [
    {
      run(step) {
        const { t, learningRate, options } = step;
        const { decay, power, averageFrom } = options;
        const rate = learningRate / (1 + decay * learningRate * (t - 1)) ** power;
        const settings = {
          shrink: step.shrink + decay * rate,
          averages: step.pointer({ slot: AVERAGE }),
          averageWeight: 1 / Math.max(1, t - 1 - averageFrom),
        };
        step.update("sgd", [rate], { slots: [], settings });
      },
    },
  ],
};

/**
 * Averaged SGD: a rate that falls slowly, and the mean of the parameters from some step on. At step t = 1, 2, ...:
 *
 * ```math
 * a <- p                                      at the start
 * eta = learningRate / (1 + decay learningRate (t - 1))^power
 * p <- p - eta (g + decay p)
 * c = 1 / max(1, t - 1 - averageFrom)
 * a <- (1 - c) a + c p
 * ```
 *
 * which is the stochastic gradient of the loss with the penalty decay ||p||^2 / 2. The average a is what has been learnt:
 * `withAverages` puts it in the place of the parameters. Up to step averageFrom + 2 it is the parameters themselves. Rule and
 * defaults are torch's, whose lambd, alpha and t0 are the three options here; optax, TensorFlow.js and Keras have none. For
 * other averages, or a rate of your own, take `sgd` with `average` and a schedule.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 0.01, `decay` 1e-4, `power` 0.75, `averageFrom` 1e6; and the common ones but `average`,
 *   `lookahead` and `projection`, see {@link AsgdOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = asgd({ w }, { learningRate: 0.5, decay: 0, averageFrom: 0 });
 * for (let t = 0; t < 3; t++) optimizer.step({ w: w.slice() }); // of w^2 / 2
 * optimizer.withAverages(() => w[0]); // the mean of the last two, 0.25 and 0.125: 0.1875
 * @see Polyak, Juditsky, Acceleration of stochastic approximation by averaging, SIAM J. Control Optim. 1992; Bottou, 2010
 */
export function asgd(target: Target, options: AsgdOptions & WithEngine = {}): Optimizer {
  return new Optimizer(asgdRule, target, options) as Optimizer;
}
