import { nonNegative } from "../check.js";
import type { LossOptions } from "../finite-sum/index.js";
import type { Features } from "./features.js";
import { checkEstimatorOptions, choiceOption, numberOption, ratio, type SolverOptions } from "./options.js";
import { l1RatioOf, PENALTIES, type PenaltyName } from "./penalties.js";
import { Regressor } from "./regressor.js";
import { optionsOf } from "./saved.js";
import type { ScikitLearnCoefficients } from "./scikit-learn.js";
import { elasticNet, lossName } from "./terms.js";
import type { FitOptions } from "./training.js";

const LOSSES = ["squared", "huber", "epsilonInsensitive", "absolute"] as const;

export interface SGDRegressorOptions extends Omit<SolverOptions, "method"> {
  /** By name, or with its parameter as `{ kind: "huber", delta: 1 }`. Default `"squared"`. */
  readonly loss?: (typeof LOSSES)[number] | Extract<LossOptions, { readonly kind: "huber" | "epsilonInsensitive" }>;
  /** Default `"l2"`. */
  readonly penalty?: PenaltyName;
  /** alpha >= 0 as scikit-learn has it: l1 = alpha l1Ratio, l2 = alpha (1 - l1Ratio). Default 1e-4. */
  readonly regularization?: number;
  /** In [0, 1], for `"elasticNet"`. Default 0.15. */
  readonly l1Ratio?: number;
}

/**
 * Linear regression by stochastic gradient descent, for rows that come bit by bit.
 *
 * ```math
 * t = t_0 / (1 + t_0 l2 k)      at row k
 * w <- (1 - t l2) w - t s_i loss'(dot(x_i, w) + b - y_i) x_i
 * ```
 *
 * followed by soft-thresholding with t l1. t_0 is `stepSize`, by default the inverse of the greatest smoothness constant.
 *
 * @param options see {@link SGDRegressorOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const model = new SGDRegressor();
 * await model.partialFit([[0], [3]], [1, 7]);
 * await model.partialFit([[1], [2]], [3, 5]);
 * @see Bottou, "Stochastic Gradient Descent Tricks", 2012
 */
export class SGDRegressor extends Regressor {
  constructor(options: SGDRegressorOptions = {}) {
    const where = "SGDRegressor";
    checkEstimatorOptions(where, options, ["loss", "penalty", "regularization", "l1Ratio"], ["method"]);
    const { loss = "squared" } = options;
    choiceOption(where, "loss", lossName(loss), LOSSES, "squared");
    const penalty = choiceOption(where, "penalty", options.penalty, PENALTIES, "l2");
    const alpha = numberOption(where, options, "regularization", nonNegative, 1e-4);
    const l1Ratio = l1RatioOf(penalty, numberOption(where, options, "l1Ratio", ratio, 0.15));
    super({
      estimator: where,
      options,
      method: "sgd",
      terms: () => ({ loss, ...elasticNet(penalty === "none" ? 0 : alpha, l1Ratio) }),
    });
  }

  /**
   * Goes once through rows that have just come, from where the rows before have led; `sampleWeights` count in relation to
   * each other.
   * @param features n rows, with as many columns as in the first call
   * @param labels n numbers
   * @param options weights of the rows, reports, limits: see {@link FitOptions}
   * @returns the estimator
   * @throws (rejects) as `fit`
   */
  partialFit(features: Features, labels: ArrayLike<number>, options: FitOptions = {}): Promise<this> {
    return this.learnMore(features, labels, options);
  }

  /** The estimator that `toJSON` was called on; `partialFit` goes on as it would have there. */
  static fromJSON(json: unknown): SGDRegressor {
    return new SGDRegressor(optionsOf("SGDRegressor", json)).restore(json);
  }

  /** An estimator with the coefficients of scikit-learn's `SGDRegressor`; see {@link ScikitLearnCoefficients}. */
  static fromScikitLearn(json: ScikitLearnCoefficients, options?: SGDRegressorOptions): SGDRegressor {
    return new SGDRegressor(options).adopt(json);
  }
}
