import type { Engine } from "../memory/engine.js";
import { Optimizer } from "./optimizer.js";
import { type AdabeliefOptions, adabeliefRule } from "./rules/adabelief.js";
import { type AdadeltaOptions, adadeltaRule } from "./rules/adadelta.js";
import { type AdagradOptions, adagradRule } from "./rules/adagrad.js";
import { type AdamOptions, adamRule, adamwRule } from "./rules/adam.js";
import { type AdamaxOptions, adamaxRule } from "./rules/adamax.js";
import { type LionOptions, lionRule } from "./rules/lion.js";
import { type NadamOptions, nadamRule } from "./rules/nadam.js";
import { type RadamOptions, radamRule } from "./rules/radam.js";
import { type RmspropOptions, rmspropRule } from "./rules/rmsprop.js";
import { type SgdOptions, sgdRule } from "./rules/sgd.js";
import { type YogiOptions, yogiRule } from "./rules/yogi.js";
import type { Target } from "./target.js";

/** Where the copies of the caller's arrays live. A parameter set has its own engine. Default: `defaultEngine()`. */
export interface WithEngine {
  readonly engine?: Engine;
}

/**
 * Stochastic gradient descent, plain, with heavy-ball or Nesterov momentum. With gradient g, momentum mu, dampening d:
 *
 *     b <- mu b + (1 - d) g      b <- g in the first step
 *     p <- p - learningRate b    nesterov: p <- p - learningRate (g + mu b)
 *
 * The defaults are torch's. The velocity counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `momentum` 0 in [0, 1), `dampening` 0 in [0, 1], `nesterov` false; and the
 *   common ones, see {@link SgdOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ w: 2 });
 * model.values.w.set([1, -1]);
 * const optimizer = sgd(model, { learningRate: 0.1, momentum: 0.9 });
 * model.gradients.w.set([1, 1]);
 * optimizer.step(); // model.values.w is now [0.9, -1.1]
 * @see Polyak 1964; Sutskever et al. 2013
 */
export function sgd(target: Target, options: SgdOptions & WithEngine = {}): Optimizer {
  return new Optimizer(sgdRule, target, options) as Optimizer;
}

/**
 * AdaGrad, per coordinate:
 *
 *     s <- s + g^2
 *     p <- p - learningRate / (1 + (t - 1) learningRateDecay) * g / (sqrt(s) + epsilon)
 *
 * or with epsilon under the root. The defaults are torch's; `convention` takes those of optax, tfjs or keras.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01, `learningRateDecay` 0, `initialAccumulator` 0, `epsilon` 1e-10,
 *   `epsilonPlacement` "outside"; and the common ones, see {@link AdagradOptions}
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

/**
 * Adam, and AMSGrad. At step t = 1, 2, ...:
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     p <- p - learningRate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * AMSGrad puts the greatest v so far under the root. The defaults are torch's. In float32 the moments count as 0
 * below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `amsgrad` false; and
 *   the common ones, see {@link AdamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float32Array([1, 2]);
 * const optimizer = adam({ w }, { learningRate: 0.1 });
 * optimizer.step({ w: new Float32Array([3, -4]) }); // w is now [0.9, 2.1]
 * @see Kingma, Ba, ICLR 2015; Reddi, Kale, Kumar, ICLR 2018
 */
export function adam(target: Target, options: AdamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adamRule, target, options) as Optimizer;
}

/**
 * Adam with decoupled weight decay: as `adam`, with p <- (1 - learningRate weightDecay) p in front.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options as `adam`, with `weightDecay` 0.01 (torch; optax: 1e-4, keras: 4e-3)
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [784, 10], bias: 10 });
 * const optimizer = adamw(model, { learningRate: schedules.cosine(1e-3, 10000), clipNorm: 1 });
 * // fill model.gradients.weights and model.gradients.bias, then
 * optimizer.step();
 * @see Loshchilov, Hutter, ICLR 2019
 */
export function adamw(target: Target, options: AdamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adamwRule, target, options) as Optimizer;
}

/**
 * RMSProp, plain or centred, with or without momentum:
 *
 *     v <- decay v + (1 - decay) g^2
 *     p <- p - learningRate g / (sqrt(v) + epsilon)
 *
 * or with epsilon under the root. Centred: m <- decay m + (1 - decay) g, and max(v - m^2, 0) stands for v, since rounding
 * can make m^2 the greater; torch has NaN there. With momentum mu: b <- mu b + g / (sqrt(v) + epsilon) and
 * p <- p - learningRate b. The defaults are torch's; `convention` takes those of optax, tfjs or keras. tfjs takes epsilon
 * away from the variance in the centred form; here it is always added. In float32 m and b count as 0 below 2^-100 and v
 * below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01, `decay` 0.99 in [0, 1), `epsilon` 1e-8, `epsilonPlacement` "outside", `centered`
 *   false, `momentum` 0 in [0, 1), `learningRatePlacement` "outside"; and the common ones, see {@link RmspropOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = rmsprop({ w }, { learningRate: 0.25, decay: 0.75 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.5], but for epsilon
 * @see Tieleman, Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012; Graves, arXiv 1308.0850, 2013
 */
export function rmsprop(target: Target, options: RmspropOptions & WithEngine = {}): Optimizer {
  return new Optimizer(rmspropRule, target, options) as Optimizer;
}

/**
 * Adadelta, which takes the size of its steps from the steps before:
 *
 *     v <- decay v + (1 - decay) g^2
 *     delta = sqrt(d + epsilon) / sqrt(v + epsilon) * g
 *     d <- decay d + (1 - decay) delta^2
 *     p <- p - learningRate delta
 *
 * where the delta is made of the d before. The defaults are torch's; `convention` takes those of tfjs or keras, which
 * differ in the rate too. As published, the rate is 1. Both averages count as 0 below 2^-115 (float32) or 2^-1011
 * (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1, `decay` 0.9 in [0, 1), `epsilon` 1e-6; and the common ones, see
 *   {@link AdadeltaOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = adadelta({ w }, { decay: 0.75, epsilon: 1 });
 * optimizer.step({ w: new Float64Array([1]) }); // delta is 1 / sqrt(1.25): w is now [0.1056], rounded
 * @see Zeiler, arXiv 1212.5701, 2012
 */
export function adadelta(target: Target, options: AdadeltaOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adadeltaRule, target, options) as Optimizer;
}

/**
 * Lion, whose steps have one size in all coordinates:
 *
 *     p <- p - learningRate sign(beta1 m + (1 - beta1) g)
 *     m <- beta2 m + (1 - beta2) g
 *
 * where the step takes the m before, and sign(0) is 0. `weightDecay` stands beside the step unless
 * `decoupledWeightDecay` is false. The defaults are those of its authors; optax has `weightDecay` 1e-3, keras
 * `learningRate` 1e-3. The average counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-4, `beta1` 0.9 and `beta2` 0.99 in [0, 1), `decoupledWeightDecay` true; and the
 *   common ones, see {@link LionOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2, 3]);
 * const optimizer = lion({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([7, -0.1, 0]) }); // w is now [0.5, 2.5, 3]
 * @see Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv 2302.06675, 2023
 */
export function lion(target: Target, options: LionOptions & WithEngine = {}): Optimizer {
  return new Optimizer(lionRule, target, options) as Optimizer;
}

/**
 * Adamax: Adam with the greatest gradient, which decays, in the place of the root of the second moment:
 *
 *     m <- beta1 m + (1 - beta1) g
 *     u <- max(beta2 u, |g| + epsilon)
 *     p <- p - learningRate / (1 - beta1^t) * m / u
 *
 * or with epsilon added to u when it divides. The defaults are torch's; `convention` takes those of optax, tfjs or keras.
 * Both state tensors count as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 2e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `epsilonPlacement`
 *   "inside"; and the common ones, see {@link AdamaxOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float32Array([1, 2]);
 * const optimizer = adamax({ w }, { learningRate: 0.1 });
 * optimizer.step({ w: new Float32Array([3, -4]) }); // w is now [0.9, 2.1]
 * @see Kingma, Ba, ICLR 2015, section 7.1
 */
export function adamax(target: Target, options: AdamaxOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adamaxRule, target, options) as Optimizer;
}

/**
 * NAdam: Adam with Nesterov momentum, which grows from step to step. At step t = 1, 2, ...:
 *
 *     mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2)
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     d = mu_(t+1) m / (1 - mu_1 ... mu_(t+1)) + (1 - mu_t) g / (1 - mu_1 ... mu_t)
 *     p <- p - learningRate d / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * The defaults are torch's; `convention` takes those of optax, where mu_t is beta1, or keras. tfjs has no such rule. In
 * float32 the moments count as 0 below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 2e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `momentumDecay` 4e-3 in
 *   [0, Infinity]; and the common ones, see {@link NadamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [784, 10], bias: 10 });
 * const optimizer = nadam(model, { learningRate: 1e-3, clearGradients: true });
 * // add to model.gradients.weights and model.gradients.bias, then
 * optimizer.step();
 * @see Dozat, ICLR Workshop 2016
 */
export function nadam(target: Target, options: NadamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(nadamRule, target, options) as Optimizer;
}

/**
 * Yogi: Adam with a second moment that moves towards g^2 by a share of g^2, however far it is from there. At step
 * t = 1, 2, ...:
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- v - (1 - beta2) sign(v - g^2) g^2
 *     p <- p - learningRate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * The defaults are optax's, and so is the bias correction, which the paper hasn't; the rate is the paper's. As in optax,
 * not only v starts from `initialAccumulator` but m too. The first moment counts as 0 below 2^-100 (float32) or 2^-960
 * (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-3, `initialAccumulator`
 *   1e-6; and the common ones, see {@link YogiOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = yogi({ w }, { learningRate: 0.5, epsilon: 0, initialAccumulator: 0 });
 * optimizer.step({ w: new Float64Array([3]) }); // w is now [0.5]
 * @see Zaheer et al., Adaptive Methods for Nonconvex Optimization, NeurIPS 2018
 */
export function yogi(target: Target, options: YogiOptions & WithEngine = {}): Optimizer {
  return new Optimizer(yogiRule, target, options) as Optimizer;
}

/**
 * AdaBelief: Adam with the variance of the gradient about its first moment in the place of the second moment. At step
 * t = 1, 2, ...:
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) (g - m)^2 + epsilonRoot
 *     p <- p - learningRate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * or with the m before in g - m. The defaults are those of its authors and of optax. In float32 the first moment counts as
 * 0 below 2^-100 and the variance below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-16, `epsilonRoot` 1e-16,
 *   `prediction` "updated"; and the common ones, see {@link AdabeliefOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = adabelief({ w }, { learningRate: 0.25, beta1: 0.5 });
 * optimizer.step({ w: new Float64Array([3]) }); // m is half of g, and so is the root: w is now [0.5]
 * @see Zhuang et al., AdaBelief Optimizer, NeurIPS 2020
 */
export function adabelief(target: Target, options: AdabeliefOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adabeliefRule, target, options) as Optimizer;
}

/**
 * RAdam: Adam that goes without the second moment until that rests on enough gradients, and then trusts it by degrees. At
 * step t = 1, 2, ..., with c = 1 - beta2^t:
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     L = 2 / (1 - beta2) - 1,  l = L - 2 t beta2^t / c
 *     l > 5:   r = sqrt((l - 4) (l - 2) L / ((L - 4) (L - 2) l))
 *              p <- p - learningRate r sqrt(c) * m / (1 - beta1^t) / (sqrt(v) + epsilon)
 *     l <= 5:  p <- p - learningRate * m / (1 - beta1^t)
 *
 * or with epsilon added to sqrt(v / c). The defaults are torch's; `convention` takes those of optax. In float32 the
 * moments count as 0 below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `epsilonPlacement`
 *   "uncorrected"; and the common ones, see {@link RadamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = radam({ w }, { learningRate: 0.125 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.5]: the first steps are those of a mean gradient
 * @see Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR 2020
 */
export function radam(target: Target, options: RadamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(radamRule, target, options) as Optimizer;
}
