import { belowOne, checkNumber, nonNegative, positive } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface ProdigyOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1); its root is that of the sums behind the estimate. Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8. */
  readonly epsilon?: number;
  /** The first estimate of the distance to the solution, > 0: well below what it may be. Default 1e-6. */
  readonly initialDistance?: number;
  /** Factor on the estimates, > 0; the one to be tuned, if any. Default 1. */
  readonly distanceFactor?: number;
}

type Own = Required<Pick<ProdigyOptions, "beta1" | "beta2" | "epsilon" | "initialDistance" | "distanceFactor">>;

const prodigyRule: UpdateRule<Own> = {
  name: "prodigy",
  defaults: {
    learningRate: 1,
    weightDecay: 0,
    decoupledWeightDecay: true,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    initialDistance: 1e-6,
    distanceFactor: 1,
  },
  validate(where, { beta1, beta2, epsilon, initialDistance, distanceFactor }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkNumber(where, "initialDistance", initialDistance, positive);
    checkNumber(where, "distanceFactor", distanceFactor, positive);
  },
  family: updateMore,
  kernel: () => "prodigy",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
    { name: "start", initial: "parameters" },
    { name: "gradientSum", initial: 0, decay: Math.sqrt(beta2) },
  ],
  memory: ({ initialDistance }) => ({ distance: initialDistance, numerator: 0 }),
  results: 8,
  scalars(_t, learningRate, options, { distance: d }) {
    const { beta1, beta2, epsilon } = options;
    const beta3 = Math.sqrt(beta2);
    const intake3 = sumIntake(learningRate, options, d!);
    const moments = [beta1, (1 - beta1) * d!, beta2, (1 - beta2) * d! * d!, beta3, intake3];
    return [...moments, learningRate * d!, d! * epsilon];
  },
  stages: () => [
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        const d = memory.distance!;
        const shrink = step.shrink * (options.independentWeightDecay ? 1 : d);
        const scalars = [...prodigyRule.scalars(t, learningRate, options, memory), step.results.pointer];
        step.update("prodigy", scalars, { settings: { shrink } });
        const [product, , , , norm] = step.results.read();
        const intake = sumIntake(learningRate, options, d);
        memory.numerator = Math.sqrt(options.beta2) * memory.numerator! + intake * product!;
        const estimate = (options.distanceFactor * memory.numerator) / norm!;
        if (estimate > d && estimate < Number.POSITIVE_INFINITY) memory.distance = estimate;
      },
    },
  ],
};

/** The weight of a gradient in both sums, over the square of the first estimate: their ratio is the same, and float32 holds them. */
function sumIntake(learningRate: number, { beta2, initialDistance }: Own, d: number): number {
  return (1 - Math.sqrt(beta2)) * learningRate * (d / initialDistance) ** 2;
}

/**
 * Prodigy: Adam that finds its own rate, by estimating the distance d from the start p_0 to the solution:
 *
 * ```math
 * d <- initialDistance                    at the start
 * m <- beta1 m + (1 - beta1) d g
 * v <- beta2 v + (1 - beta2) d^2 g^2
 * r <- sqrt(beta2) r + (1 - sqrt(beta2)) learningRate d^2 dot(g, p_0 - p)
 * s <- sqrt(beta2) s + (1 - sqrt(beta2)) learningRate d^2 g
 * p <- p - learningRate d m / (sqrt(v) + d epsilon)
 * d <- max(d, distanceFactor r / ||s||_1)
 * ```
 *
 * The learning rate is a factor that stays at 1 or follows a schedule below it. Every group of parameters has an estimate of its own. Decoupled weight decay takes learningRate d weightDecay p away. The first
 * moment and s count as 0 below 2^-100 (float32) or 2^-960 (float64), the second below 2^-115 or 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `initialDistance` 1e-6,
 *   `distanceFactor` 1, `weightDecay` 0, `decoupledWeightDecay` true; and the common ones, see
 *   {@link ProdigyOptions}. The defaults are the authors'
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, -2]);
 * const optimizer = prodigy({ w });
 * for (let t = 0; t < 300; t++) optimizer.step({ w: w.slice() }); // of |w|^2 / 2, without a rate to tune
 * @see Mishchenko, Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, ICML 2024, Algorithm 4
 */
export function prodigy(target: Target, options: ProdigyOptions & WithEngine = {}): Optimizer {
  return new Optimizer(prodigyRule, target, options) as Optimizer;
}
