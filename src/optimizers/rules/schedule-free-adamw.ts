import { belowOne, checkNumber, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { AVERAGE } from "../followers.js";
import { oneMinusPower } from "../one-minus-power.js";
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

export interface ScheduleFreeAdamwOptions extends CommonOptions, ScheduleFreeOptions {
  /** Share of the average in the point where gradients are taken, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8. */
  readonly epsilon?: number;
}

type Own = Required<Pick<ScheduleFreeAdamwOptions, "beta1" | "beta2" | "epsilon">> & ScheduleFree;

/** gamma of step t over the learning rate. */
const factorAt = (t: number, options: Own) => Math.sqrt(oneMinusPower(options.beta2, t)) * warmupFactor(t, options);

const scheduleFreeAdamwRule: UpdateRule<Own> = {
  name: "scheduleFreeAdamw",
  defaults: {
    learningRate: 2.5e-3,
    weightDecay: 0,
    decoupledWeightDecay: true,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    ...scheduleFreeDefaults,
  },
  validate(where, options) {
    checkNumber(where, "beta1", options.beta1, belowOne);
    checkNumber(where, "beta2", options.beta2, belowOne);
    checkNumber(where, "epsilon", options.epsilon, nonNegative);
    checkScheduleFree(where, options);
  },
  family: updateMore,
  kernel: () => "scheduleFreeAdamw",
  slots: ({ beta2 }) => [
    { name: AVERAGE, initial: "parameters" },
    { name: "iterate", initial: "parameters" },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
  ],
  memory: () => ({ weightSum: 0 }),
  scalars(t, learningRate, options, memory) {
    const { beta1, beta2, epsilon } = options;
    const rate = learningRate * factorAt(t, options);
    const share = averageShare(rate, options, memory);
    return [rate, 1 - share, share, beta1, 1 - beta1, beta2, 1 - beta2, epsilon];
  },
  stages: () => [
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        const shrink = step.shrink * (options.independentWeightDecay ? 1 : factorAt(t, options));
        const scalars = scheduleFreeAdamwRule.scalars(t, learningRate, options, memory);
        step.update("scheduleFreeAdamw", scalars, { settings: { shrink } });
      },
    },
  ],
};

/**
 * Schedule-free AdamW: a constant rate, and the average of the iterates in the place of a schedule and of momentum. At step
 * t = 1, 2, ...:
 *
 * ```math
 * x <- p                                      at the start
 * z <- p                                      at the start
 * v <- beta2 v + (1 - beta2) g^2
 * gamma = learningRate sqrt(1 - beta2^t) min(1, t / warmupSteps)
 * z <- z - gamma g / (sqrt(v) + epsilon) - gamma weightDecay p
 * W <- W + gamma^weightPower
 * c = gamma^weightPower / W
 * x <- (1 - c) x + c z
 * p <- (1 - beta1) z + beta1 x
 * ```
 *
 * The parameters p are where gradients are to be taken (y in the paper); x is what has been learnt: `withAverages` puts it in their place,
 * for evaluation and for use. This is the algorithm as published; the authors' later code corrects v alone by
 * 1 - beta2^t, which leaves decay and weights as large in the first steps as later. The second moment counts as 0 below
 * 2^-115 (float32) or 2^-1011 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 2.5e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `weightDecay` 0,
 *   `warmupSteps` 0, `weightPower` 2 (of gamma in c), `decoupledWeightDecay` true; and the common ones but
 *   `average`, `lookahead` and `projection`, see {@link ScheduleFreeAdamwOptions}. The defaults are the authors'
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = scheduleFreeAdamw({ w }, { learningRate: 0.1, warmupSteps: 10 });
 * for (let t = 0; t < 100; t++) optimizer.step({ w: w.slice() }); // of w^2 / 2
 * optimizer.withAverages(() => console.log(w[0])); // what has been learnt
 * @see Defazio et al., The Road Less Scheduled, NeurIPS 2024, Algorithm 1
 */
export function scheduleFreeAdamw(target: Target, options: ScheduleFreeAdamwOptions & WithEngine = {}): Optimizer {
  return new Optimizer(scheduleFreeAdamwRule, target, options) as Optimizer;
}
