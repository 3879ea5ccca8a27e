import { belowOne, checkBoolean, checkInteger, checkNumber, checkOneOf, nonNegative, positive } from "../../check.js";
import { updateTensors } from "../../engine/families/update-tensors.js";
import type { Dtype } from "../../memory/dtype.js";
import type { CommonOptions } from "../common-options.js";
import { columnSlotLength, lastTwo, type Matrix, rowSlotLength } from "../matrix.js";
import { Optimizer } from "../optimizer.js";
import { negativePower } from "../power.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdafactorOptions extends CommonOptions {
  /** c >= 0 in the decay 1 - t^-c of the second moments at step t = 1, 2, ... Default 0.8. */
  readonly decayPower?: number;
  /** >= 0, or `"machine"`: 2^-23 in float32, 2^-52 in float64. Default `"machine"` (optax, keras: 1e-30). */
  readonly epsilon?: number | "machine";
  /**
   * Whether the second moments are held above epsilon^2 where they divide, and the mean of those of the rows above
   * epsilon, or epsilon is added to every squared gradient. Default `"floor"` (optax, keras: `"square"`).
   */
  readonly epsilonPlacement?: "floor" | "square";
  /** Scale the step of a tensor with its root mean square. Default `true`. */
  readonly parameterScale?: boolean;
  /** What that root mean square counts as at least, >= 0. Default 1e-3. */
  readonly leastScale?: number;
  /** The greatest root mean square of a tensor's step before it is scaled, > 0; `Infinity` for no limit. Default 1. */
  readonly clipThreshold?: number;
  /** Hold the rate below 1 / sqrt(t). Default `true` (optax: `false`). */
  readonly relativeStep?: boolean;
  /** Decay of an average of the steps, in [0, 1); 0, and none is kept. Default 0. */
  readonly momentum?: number;
  /** Tensors with less than this in one of their last two sizes count as vectors, >= 1. Default 1 (optax: 128). */
  readonly minimumSize?: number;
}

type Own = Required<
  Pick<
    AdafactorOptions,
    | "decayPower"
    | "epsilon"
    | "epsilonPlacement"
    | "parameterScale"
    | "leastScale"
    | "clipThreshold"
    | "relativeStep"
    | "momentum"
    | "minimumSize"
  >
>;

function matrixOf(sizes: readonly number[], { minimumSize }: Pick<Own, "minimumSize">): Matrix | undefined {
  const matrix = lastTwo(sizes);
  return matrix && Math.min(matrix.rows, matrix.columns) >= minimumSize ? matrix : undefined;
}

/** The distance from 1 to the next number. */
const machine: Record<Dtype, number> = { float32: 2 ** -23, float64: 2 ** -52 };

const square = { epsilon: 1e-30, epsilonPlacement: "square" } as const;

const adafactorRule: UpdateRule<Own> = {
  name: "adafactor",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: true,
    decayPower: 0.8,
    epsilon: "machine",
    epsilonPlacement: "floor",
    parameterScale: true,
    leastScale: 1e-3,
    clipThreshold: 1,
    relativeStep: true,
    momentum: 0,
    minimumSize: 1,
  },
  conventions: {
    optax: { ...square, learningRate: 1, relativeStep: false, minimumSize: 128, independentWeightDecay: true },
    keras: { ...square, learningRate: 1e-3 },
  },
  validate(where, options) {
    checkNumber(where, "decayPower", options.decayPower, nonNegative);
    if (options.epsilon !== "machine") checkNumber(where, "epsilon", options.epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", options.epsilonPlacement, ["floor", "square"]);
    checkBoolean(where, "parameterScale", options.parameterScale);
    checkNumber(where, "leastScale", options.leastScale, nonNegative);
    if (options.clipThreshold !== Number.POSITIVE_INFINITY) {
      checkNumber(where, "clipThreshold", options.clipThreshold, positive);
    }
    checkBoolean(where, "relativeStep", options.relativeStep);
    checkNumber(where, "momentum", options.momentum, belowOne);
    checkInteger(where, "minimumSize", options.minimumSize, 1, Number.MAX_SAFE_INTEGER);
  },
  layerwise: true,
  matrix: matrixOf,
  family: updateTensors,
  kernel: ({ momentum }) => (momentum === 0 ? "adafactor" : "adafactorMomentum"),
  // The moments' decay is below this at first, when they are not small yet.
  slots: ({ momentum, minimumSize }) => [
    {
      name: "rowMoment",
      initial: 0,
      decay: 0.999,
      squared: true,
      shape: (sizes) => rowSlotLength(sizes, matrixOf(sizes, { minimumSize })),
    },
    {
      name: "columnMoment",
      initial: 0,
      decay: 0.999,
      squared: true,
      shape: (sizes) => columnSlotLength(matrixOf(sizes, { minimumSize })),
    },
    ...(momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
  ],
  scalars(t, learningRate, options) {
    const { decayPower, epsilonPlacement, parameterScale, leastScale, clipThreshold, relativeStep, momentum } = options;
    // A number by now: see the stage.
    const epsilon = Number(options.epsilon);
    const intake = negativePower(t, decayPower);
    const epsilons = epsilonPlacement === "square" ? [epsilon, 0, 0] : [0, epsilon, epsilon * epsilon];
    const scale = parameterScale ? [leastScale, 1] : [1, 0];
    const rate = relativeStep ? Math.min(learningRate, 1 / Math.sqrt(t)) : learningRate;
    const moments = [1 - intake, intake, ...epsilons, clipThreshold];
    return [...moments, ...scale, rate, ...(momentum === 0 ? [] : [momentum, 1 - momentum])];
  },
  stages: (options) => [
    {
      run(step) {
        const { t, learningRate, memory, dtype } = step;
        const epsilon = options.epsilon === "machine" ? machine[dtype] : options.epsilon;
        const scalars = adafactorRule.scalars(t, learningRate, { ...options, epsilon }, memory);
        step.update(adafactorRule.kernel(options), scalars);
      },
    },
  ],
};

/**
 * Adafactor: of a matrix, second moments of the rows and of the columns, whose product stands for those of the elements.
 * At step t = 1, 2, ..., for each matrix:
 *
 * ```math
 * beta = 1 - t^(-decayPower)
 * R_i <- beta R_i + (1 - beta) mean_j(g_ij^2)
 * C_j <- beta C_j + (1 - beta) mean_i(g_ij^2)
 * v_ij = (R_i C_j) / max(mean_i(R_i), epsilon)
 * u_ij = g_ij / max(sqrt(v_ij), epsilon)
 * r = min(learningRate, 1 / sqrt(t)) max(leastScale, rms(p))
 * p <- p - r u / max(1, rms(u) / clipThreshold)
 * ```
 *
 * with root mean squares, rms, over the whole tensor. Vectors have v <- beta v + (1 - beta) g^2.
 * Tensors of more sizes are matrices of their last two, as in torch and keras; optax takes the two greatest. The decay
 * stands beside the step and does not follow 1 / sqrt(t); optax's does not follow the rate either. keras measures rms(p)
 * behind its decay, here it is measured before. The rule and the defaults are torch's (2.5 and later); `convention` takes
 * those of optax, where epsilon is added to g^2 and the rate is all yours, or keras. tfjs has no such rule. A record or
 * list of arrays consists of vectors: only a parameter set has shapes. `clipTensorNorm` and `adaptiveClip` are refused.
 * In float32 the moments count as 0 below 2^-115, in float64 below 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01 (optax: 1, keras: 1e-3), `decayPower` 0.8, `epsilon` "machine",
 *   `epsilonPlacement` "floor", `parameterScale` true, `leastScale` 1e-3, `clipThreshold` 1, `relativeStep` true,
 *   `momentum` 0 in [0, 1), `minimumSize` 1, `decoupledWeightDecay` true; and the common ones, see
 *   {@link AdafactorOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [2, 2] }, { dtype: "float64" });
 * model.values.weights.fill(2);
 * const optimizer = adafactor(model, { learningRate: 0.5 });
 * model.gradients.weights.set([1, -1, 1, 1]);
 * optimizer.step(); // model.values.weights is now [1, 3, 1, 1]: the rate times their root mean square along the signs
 * @see Shazeer, Stern, Adafactor: adaptive learning rates with sublinear memory cost, ICML 2018
 */
export function adafactor(target: Target, options: AdafactorOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adafactorRule, target, options) as Optimizer;
}
