import { belowOne, checkNumber, nonNegative } from "../../check.js";
import { updateTensors } from "../../engine/families/update-tensors.js";
import type { CommonOptions } from "../common-options.js";
import { columnSlotLength, lastOne, rowSlotLength } from "../matrix.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface Sm3Options extends CommonOptions {
  /** Decay of an average of the steps, in [0, 1); 0, and none is kept. Default 0.9. */
  readonly momentum?: number;
  /** Under the root, >= 0. Default 1e-8. */
  readonly epsilon?: number;
}

type Own = Required<Pick<Sm3Options, "momentum" | "epsilon">>;

const columnShape = (sizes: readonly number[]) => columnSlotLength(lastOne(sizes));

const sm3Rule: UpdateRule<Own> = {
  name: "sm3",
  defaults: { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false, momentum: 0.9, epsilon: 1e-8 },
  validate(where, { momentum, epsilon }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
  },
  layerwise: true,
  matrix: lastOne,
  family: updateTensors,
  kernel: ({ momentum }) => (momentum === 0 ? "sm3" : "sm3Momentum"),
  slots: ({ momentum }) => [
    { name: "rowSum", initial: 0, shape: (sizes) => rowSlotLength(sizes, lastOne(sizes)) },
    { name: "columnSum", initial: 0, shape: columnShape },
    // Room for the kernel, 0 between the steps.
    { name: "nextColumnSum", initial: 0, shape: columnShape },
    ...(momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
  ],
  scalars(_t, learningRate, { momentum, epsilon }) {
    return [epsilon, learningRate, ...(momentum === 0 ? [] : [momentum, 1 - momentum])];
  },
};

/**
 * SM3: AdaGrad with one accumulator for every row and every column of a matrix rather than for every element. For each
 * matrix, with R and C from 0:
 *
 * ```math
 * s_ij = min(R_i, C_j) + g_ij^2
 * R_i <- max_j(s_ij)
 * C_j <- max_i(s_ij)
 * b <- momentum b + (1 - momentum) g / sqrt(s + epsilon)
 * p <- p - learningRate b
 * ```
 *
 * s is never less than AdaGrad's sum. A vector's elements have an accumulator each: AdaGrad. A tensor of more sizes counts
 * as one matrix, whose columns are its last size; optax keeps an accumulator for every index of every size then, for
 * matrices it is the same. Rule and defaults are optax's, which has no default rate. A record or list of arrays consists of
 * vectors: only a parameter set has shapes. `clipTensorNorm` and `adaptiveClip` are refused. b counts as 0 below 2^-100
 * (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.1, `momentum` 0.9 in [0, 1), `epsilon` 1e-8; and the common ones, see {@link Sm3Options}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [2, 2] });
 * const optimizer = sm3(model, { learningRate: 1, momentum: 0, epsilon: 0 });
 * model.gradients.weights.set([3, 0, 0, 4]);
 * optimizer.step(); // model.values.weights is now [-1, 0, 0, -1]
 * optimizer.step(); // model.values.weights is now [-1.7071, 0, 0, -1.7071]: the sums of rows and columns have doubled
 * @see Anil, Gupta, Koren, Singer, Memory efficient adaptive optimization, NeurIPS 2019
 */
export function sm3(target: Target, options: Sm3Options & WithEngine = {}): Optimizer {
  return new Optimizer(sm3Rule, target, options) as Optimizer;
}
