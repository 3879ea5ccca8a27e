import type { Optimizer, Target, WithEngine } from "../../../src/index.js";

/** Options as a test writes them, right or wrong. */
export type Options = Readonly<Record<string, unknown>>;

export interface Mistake {
  readonly options: Options;
  readonly error: typeof TypeError | typeof RangeError;
  /** The whole message. */
  readonly message: string;
}

export interface OptimizerInfo {
  readonly name: string;
  readonly create: (target: Target, options?: Options & WithEngine) => Optimizer;
  /** A learning rate at which every sample finds the minimum of the quadratic in ../quadratic.ts. */
  readonly learningRate: number;
  /** How near it gets there. Default 2e-6; a rule whose steps don't shrink with the gradient swings about the minimum. */
  readonly tolerance?: number;
  /** How many slots come to hold epsilon where there is no gradient. Default 0. */
  readonly filledSlots?: (options: Options) => number;
  /** How many slots stay 0 where the gradient is always the same. Default 0. */
  readonly emptySlots?: (options: Options) => number;
  /** How many slots it has that are no part of the state. Default 0. */
  readonly temporarySlots?: number;
  /** The share of its estimate that stays, where that takes in gradients whole, and so their roundings. */
  readonly keptOfEstimate?: (options: Options) => number;
  /** Whether its steps depend on a sum over all tensors, which rounds as they lie. Default `false`. */
  readonly sumsTensors?: boolean;
  /** By how much more than others it magnifies rounding. Default 1. */
  readonly rounding?: number;
  /** Whether its steps depend on how the numbers are parted into tensors. Default `false`. */
  readonly perTensor?: boolean;
  /** Whether they depend on the tensors' shapes, which arrays don't have. Default `false`. */
  readonly shaped?: boolean;
  /** Whether it keeps an average of the parameters itself, and so no other. Default `false`. */
  readonly keepsAverage?: boolean;
  /** How many slots have another shape than the parameters. Default 0. */
  readonly otherSlots?: (options: Options) => number;
  /** Whether its weight decay is none in the gradient, so that the minimum is not that of a penalty. Default `false`. */
  readonly decaysBeside?: boolean;
  /** Whether it sees a tensor as a whole, by its norm or as a matrix, which an array of the caller's is not. Default `false`. */
  readonly whole?: boolean;
  /** Whether its reference is more exact than the kernels, so that they agree to rounding only. Default `false`. */
  readonly inexact?: boolean;
  /** Whether exact arithmetic would leave its steps open, so that no two variants need agree. Default: never. */
  readonly undetermined?: (options: Options) => boolean;
  /** Options that say something, without a learning rate. */
  readonly samples: readonly Options[];
  /** Options that are refused, beside those in `commonMistakes`. */
  readonly mistakes: readonly Mistake[];
}

export const commonOptions =
  "independentWeightDecay, learningRateMultiplier, weightDecayMultiplier, maximize, clipValue, clipTensorNorm, clipNorm, adaptiveClip, lossScale, accumulate, clearGradients, nonFinite, average, projection, lookahead, sharpness, stateStorage, convention, learningRate, weightDecay, decoupledWeightDecay";

export const commonSamples: readonly Options[] = [{}, { weightDecay: 0.1 }, { maximize: true }, { clipNorm: 0.5 }];

export function mistake(options: Options, error: Mistake["error"], message: string): Mistake {
  return { options, error, message };
}

/** An option that is none, among those that there are. */
export const unknownOption = (name: string, option: string, own: string, meant?: string) => {
  const question = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
  const text = `${name}: there is no option "${option}"${question}; there are ${commonOptions}${own}`;
  return mistake({ [option]: 1 }, RangeError, text);
};
