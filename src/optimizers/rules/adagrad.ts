import { checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdagradOptions extends CommonOptions {
  /** Gamma >= 0 in learningRate / (1 + (t - 1) gamma) for step t = 1, 2, ... Default 0. */
  readonly learningRateDecay?: number;
  /** What the sums of squares start from, >= 0. Default 0 (optax, tfjs, keras: 0.1). */
  readonly initialAccumulator?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-10 (optax, tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /** Whether epsilon is added to the root or under it. Default `"outside"` (optax, tfjs, keras: `"inside"`). */
  readonly epsilonPlacement?: "outside" | "inside";
}

type Own = Required<Pick<AdagradOptions, "learningRateDecay" | "initialAccumulator" | "epsilon" | "epsilonPlacement">>;

const inside = { initialAccumulator: 0.1, epsilon: 1e-7, epsilonPlacement: "inside" } as const;

const adagradRule: UpdateRule<Own> = {
  name: "adagrad",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    learningRateDecay: 0,
    initialAccumulator: 0,
    epsilon: 1e-10,
    epsilonPlacement: "outside",
  },
  conventions: { optax: inside, tfjs: inside, keras: { ...inside, learningRate: 1e-3, decoupledWeightDecay: true } },
  validate(where, { learningRateDecay, initialAccumulator, epsilon, epsilonPlacement }) {
    checkNumber(where, "learningRateDecay", learningRateDecay, nonNegative);
    checkNumber(where, "initialAccumulator", initialAccumulator, nonNegative);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["outside", "inside"]);
  },
  family: update,
  kernel: () => "adagrad",
  slots: ({ initialAccumulator }) => [{ name: "sum", initial: initialAccumulator }],
  scalars(t, learningRate, { learningRateDecay, epsilon, epsilonPlacement }) {
    const rate = learningRate / (1 + (t - 1) * learningRateDecay);
    return epsilonPlacement === "inside" ? [rate, epsilon, 0] : [rate, 0, epsilon];
  },
};

/**
 * AdaGrad, per coordinate. At step t = 1, 2, ...:
 *
 * ```math
 * s <- initialAccumulator                     at the start
 * s <- s + g^2
 * r = learningRate / (1 + (t - 1) learningRateDecay)
 * p <- p - r g / (sqrt(s) + epsilon)          if epsilonPlacement = "outside"
 * p <- p - r g / sqrt(s + epsilon)            otherwise
 * ```
 *
 * The defaults are torch's; `convention` takes those of optax, tfjs or keras.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01 (keras: 1e-3), `learningRateDecay` 0, `initialAccumulator` 0, `epsilon` 1e-10,
 *   `epsilonPlacement` "outside", `decoupledWeightDecay` false (keras: true); and the common ones, see
 *   {@link AdagradOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = adagrad({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.5]
 * @see Duchi, Hazan, Singer, JMLR 2011
 */
export function adagrad(target: Target, options: AdagradOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adagradRule, target, options) as Optimizer;
}
