import { belowOne, checkNumber } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { AVERAGE } from "../followers.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import {
  averageShare,
  checkScheduleFree,
  type ScheduleFree,
  type ScheduleFreeOptions,
  scheduleFreeDefaults,
  warmupFactor,
} from "../schedule-free.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface ScheduleFreeSgdOptions extends CommonOptions, ScheduleFreeOptions {
  /** Share beta of the average in the point where gradients are taken, in [0, 1). Default 0.9. */
  readonly momentum?: number;
}

type Own = Required<Pick<ScheduleFreeSgdOptions, "momentum">> & ScheduleFree;

const scheduleFreeSgdRule: UpdateRule<Own> = {
  name: "scheduleFreeSgd",
  defaults: {
    learningRate: 1,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0.9,
    ...scheduleFreeDefaults,
  },
  validate(where, options) {
    checkNumber(where, "momentum", options.momentum, belowOne);
    checkScheduleFree(where, options);
  },
  family: updateMore,
  kernel: () => "scheduleFreeSgd",
  slots: () => [
    { name: AVERAGE, initial: "parameters" },
    { name: "iterate", initial: "parameters" },
  ],
  memory: () => ({ weightSum: 0 }),
  scalars(t, learningRate, options, memory) {
    const rate = learningRate * warmupFactor(t, options);
    const share = averageShare(rate, options, memory);
    return [rate, 1 - share, share, options.momentum, 1 - options.momentum];
  },
  stages: () => [
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        const shrink = step.shrink * (options.independentWeightDecay ? 1 : warmupFactor(t, options));
        const scalars = scheduleFreeSgdRule.scalars(t, learningRate, options, memory);
        step.update("scheduleFreeSgd", scalars, { settings: { shrink } });
      },
    },
  ],
};

/**
 * Schedule-free SGD: a constant rate, and the average of the iterates in the place of a schedule. At step t = 1, 2, ...:
 *
 * ```math
 * x <- p                                      at the start
 * z <- p                                      at the start
 * gamma = learningRate min(1, t / warmupSteps)
 * z <- z - gamma g
 * W <- W + gamma^weightPower
 * c = gamma^weightPower / W
 * x <- (1 - c) x + c z
 * p <- (1 - momentum) z + momentum x
 * ```
 *
 * The parameters p are where gradients are to be taken (y in the paper); x is what has been learnt: `withAverages` puts it in their place,
 * for evaluation and for use. Weight decay is taken at p, decoupled or not.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1, `momentum` 0.9 in [0, 1), `warmupSteps` 0, `weightPower` 2 (of gamma in c); and the
 *   common ones but `average`, `lookahead` and `projection`, see {@link ScheduleFreeSgdOptions}. The defaults are the
 *   authors'
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = scheduleFreeSgd({ w }, { learningRate: 0.5 });
 * for (let t = 0; t < 100; t++) optimizer.step({ w: w.slice() }); // of w^2 / 2
 * optimizer.withAverages(() => console.log(w[0])); // what has been learnt
 * @see Defazio et al., The Road Less Scheduled, NeurIPS 2024
 */
export function scheduleFreeSgd(target: Target, options: ScheduleFreeSgdOptions & WithEngine = {}): Optimizer {
  return new Optimizer(scheduleFreeSgdRule, target, options) as Optimizer;
}
