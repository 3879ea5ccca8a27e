import {
  adabelief,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  lion,
  nadam,
  radam,
  rmsprop,
  sgd,
  yogi,
} from "../../src/index.js";
import { adaptiveInfos } from "./infos/adaptive.js";
import { freeInfos } from "./infos/free.js";
import { commonOptions, commonSamples, type Mistake, mistake, type OptimizerInfo } from "./infos/info.js";
import { matrixInfos } from "./infos/matrix.js";
import { momentumInfos } from "./infos/momentum.js";
import { scalarAdaptiveInfos } from "./infos/scalar-adaptive.js";

export type { OptimizerInfo, Options } from "./infos/info.js";

const adamMistakes = (name: string) => [
  mistake({ beta1: 1 }, RangeError, `${name}: beta1 must be in [0, 1), got 1`),
  mistake({ beta1: -0.1 }, RangeError, `${name}: beta1 must be in [0, 1), got -0.1`),
  mistake({ beta2: 1.2 }, RangeError, `${name}: beta2 must be in [0, 1), got 1.2`),
  mistake({ beta2: Number.NaN }, RangeError, `${name}: beta2 must be in [0, 1), got NaN`),
  mistake({ beta2: "0.9" }, TypeError, `${name}: beta2 must be a number, got "0.9"`),
  mistake({ epsilon: -1e-8 }, RangeError, `${name}: epsilon must be in [0, Infinity), got -1e-8`),
  mistake({ amsgrad: 1 }, TypeError, `${name}: amsgrad must be true or false, got 1`),
  mistake(
    { betas: [0.9, 0.99] },
    RangeError,
    `${name}: there is no option "betas" (did you mean "beta1"?); there are ${commonOptions}, beta1, beta2, epsilon, epsilonPlacement, amsgrad`,
  ),
];

export const optimizerInfos: readonly OptimizerInfo[] = [
  {
    name: "sgd",
    create: sgd,
    learningRate: 0.3,
    samples: [
      ...commonSamples,
      { momentum: 0.9 },
      { momentum: 0.9, dampening: 0.3 },
      { momentum: 0.9, nesterov: true },
      { momentum: 0.5, weightDecay: 0.1, decoupledWeightDecay: true },
      { momentum: 0.9, nesterov: true, maximize: true, clipNorm: 0.5, clearGradients: true },
    ],
    mistakes: [
      mistake({ momentum: 1 }, RangeError, "sgd: momentum must be in [0, 1), got 1"),
      mistake({ momentum: -0.1 }, RangeError, "sgd: momentum must be in [0, 1), got -0.1"),
      mistake({ momentum: Number.NaN }, RangeError, "sgd: momentum must be in [0, 1), got NaN"),
      mistake({ momentum: 0.9, dampening: 1.5 }, RangeError, "sgd: dampening must be in [0, 1], got 1.5"),
      mistake({ nesterov: true }, RangeError, "sgd: nesterov needs momentum > 0 and dampening 0, got 0 and 0"),
      mistake(
        { momentum: 0.9, dampening: 0.1, nesterov: true },
        RangeError,
        "sgd: nesterov needs momentum > 0 and dampening 0, got 0.9 and 0.1",
      ),
      mistake({ momentum: 0.9, nesterov: "yes" }, TypeError, 'sgd: nesterov must be true or false, got "yes"'),
      mistake(
        { beta1: 0.9 },
        RangeError,
        `sgd: there is no option "beta1"; there are ${commonOptions}, momentum, dampening, nesterov, learningRatePlacement`,
      ),
    ],
  },
  {
    name: "adagrad",
    create: adagrad,
    learningRate: 1,
    samples: [
      ...commonSamples,
      { learningRateDecay: 1e-3 },
      { initialAccumulator: 0.5 },
      { epsilon: 1e-3, epsilonPlacement: "inside" },
      { convention: "tfjs" },
      { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: [
      mistake({ learningRateDecay: -1 }, RangeError, "adagrad: learningRateDecay must be in [0, Infinity), got -1"),
      mistake(
        { initialAccumulator: -0.1 },
        RangeError,
        "adagrad: initialAccumulator must be in [0, Infinity), got -0.1",
      ),
      mistake({ epsilon: Number.NaN }, RangeError, "adagrad: epsilon must be in [0, Infinity), got NaN"),
      mistake(
        { epsilonPlacement: "under" },
        RangeError,
        'adagrad: epsilonPlacement must be one of "outside", "inside", got "under"',
      ),
      mistake(
        { lr: 0.1 },
        RangeError,
        `adagrad: there is no option "lr"; there are ${commonOptions}, learningRateDecay, initialAccumulator, epsilon, epsilonPlacement`,
      ),
    ],
  },
  {
    name: "adam",
    create: adam,
    learningRate: 0.1,
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { epsilon: 1e-3 },
      { amsgrad: true },
      { convention: "keras" },
      { amsgrad: true, maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: adamMistakes("adam"),
  },
  {
    name: "adamw",
    create: adamw,
    learningRate: 0.1,
    samples: [
      { weightDecay: 0 },
      {},
      { weightDecay: 0.1, amsgrad: true },
      { weightDecay: 0.1, decoupledWeightDecay: false },
      { weightDecay: 0.1, maximize: true, clipNorm: 0.5, clearGradients: true },
    ],
    mistakes: adamMistakes("adamw"),
  },
  {
    name: "radam",
    create: radam,
    learningRate: 0.1,
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { epsilon: 1e-3 },
      { convention: "optax" },
      { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: [
      mistake({ beta1: 1 }, RangeError, "radam: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: Number.NaN }, RangeError, "radam: beta2 must be in [0, 1), got NaN"),
      mistake({ epsilon: -1 }, RangeError, "radam: epsilon must be in [0, Infinity), got -1"),
      mistake(
        { epsilonPlacement: "under" },
        RangeError,
        'radam: epsilonPlacement must be one of "uncorrected", "corrected", got "under"',
      ),
      mistake(
        { amsgrad: true },
        RangeError,
        `radam: there is no option "amsgrad"; there are ${commonOptions}, beta1, beta2, epsilon, epsilonPlacement`,
      ),
    ],
  },
  {
    name: "adabelief",
    create: adabelief,
    learningRate: 0.1,
    filledSlots: ({ epsilonRoot }) => (epsilonRoot === 0 ? 0 : 1),
    samples: [
      ...commonSamples.map((options) => ({ ...options, epsilonRoot: 1e-6 })),
      { beta1: 0.5, beta2: 0.9, epsilonRoot: 1e-6 },
      { epsilon: 1e-2, epsilonRoot: 0 },
      { prediction: "previous", epsilonRoot: 1e-6 },
      { epsilonRoot: 1e-6, maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: [
      mistake({ beta1: 1 }, RangeError, "adabelief: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: Number.NaN }, RangeError, "adabelief: beta2 must be in [0, 1), got NaN"),
      mistake({ epsilon: -1 }, RangeError, "adabelief: epsilon must be in [0, Infinity), got -1"),
      mistake({ epsilonRoot: "0" }, TypeError, 'adabelief: epsilonRoot must be a number, got "0"'),
      mistake(
        { prediction: "next" },
        RangeError,
        'adabelief: prediction must be one of "updated", "previous", got "next"',
      ),
      mistake(
        { amsgrad: true },
        RangeError,
        `adabelief: there is no option "amsgrad"; there are ${commonOptions}, beta1, beta2, epsilon, epsilonRoot, prediction`,
      ),
    ],
  },
  {
    name: "yogi",
    create: yogi,
    learningRate: 0.1,
    samples: [
      ...commonSamples,
      { beta1: 0.5, beta2: 0.9 },
      { epsilon: 1e-2, initialAccumulator: 0 },
      { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: [
      mistake({ beta1: 1 }, RangeError, "yogi: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: Number.NaN }, RangeError, "yogi: beta2 must be in [0, 1), got NaN"),
      mistake({ epsilon: -1 }, RangeError, "yogi: epsilon must be in [0, Infinity), got -1"),
      mistake({ initialAccumulator: "0" }, TypeError, 'yogi: initialAccumulator must be a number, got "0"'),
      mistake(
        { amsgrad: true },
        RangeError,
        `yogi: there is no option "amsgrad"; there are ${commonOptions}, beta1, beta2, epsilon, initialAccumulator`,
      ),
    ],
  },
  {
    name: "nadam",
    create: nadam,
    learningRate: 0.1,
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { epsilon: 1e-3, momentumDecay: 0 },
      { convention: "optax" },
      { convention: "keras", maximize: true, clipNorm: 0.5, clearGradients: true },
    ],
    mistakes: [
      mistake({ beta1: 1 }, RangeError, "nadam: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: Number.NaN }, RangeError, "nadam: beta2 must be in [0, 1), got NaN"),
      mistake({ epsilon: -1 }, RangeError, "nadam: epsilon must be in [0, Infinity), got -1"),
      mistake({ momentumDecay: -1 }, RangeError, "nadam: momentumDecay must be in [0, Infinity), got -1"),
      mistake(
        { amsgrad: true },
        RangeError,
        `nadam: there is no option "amsgrad"; there are ${commonOptions}, beta1, beta2, epsilon, momentumDecay`,
      ),
    ],
  },
  {
    name: "adamax",
    create: adamax,
    learningRate: 0.1,
    filledSlots: ({ convention }) => (convention === undefined ? 1 : 0),
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { epsilon: 1e-3 },
      { convention: "tfjs" },
      { convention: "keras", maximize: true, clipNorm: 0.5, clearGradients: true },
    ],
    mistakes: [
      mistake({ beta1: 1 }, RangeError, "adamax: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: Number.NaN }, RangeError, "adamax: beta2 must be in [0, 1), got NaN"),
      mistake({ epsilon: -1 }, RangeError, "adamax: epsilon must be in [0, Infinity), got -1"),
      mistake(
        { epsilonPlacement: "under" },
        RangeError,
        'adamax: epsilonPlacement must be one of "inside", "outside", got "under"',
      ),
      mistake(
        { amsgrad: true },
        RangeError,
        `adamax: there is no option "amsgrad"; there are ${commonOptions}, beta1, beta2, epsilon, epsilonPlacement`,
      ),
    ],
  },
  {
    name: "lion",
    create: lion,
    learningRate: 0.01,
    tolerance: 1e-4,
    samples: [
      ...commonSamples.map((options) => ({ ...options, decoupledWeightDecay: false })),
      { weightDecay: 0.1 },
      { beta1: 0, beta2: 0.5 },
      { beta1: 0.5, maximize: true, clipNorm: 0.5, clearGradients: true },
    ],
    mistakes: [
      mistake({ beta1: 1 }, RangeError, "lion: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: -0.1 }, RangeError, "lion: beta2 must be in [0, 1), got -0.1"),
      mistake({ beta2: "0.9" }, TypeError, 'lion: beta2 must be a number, got "0.9"'),
      mistake(
        { epsilon: 1e-8 },
        RangeError,
        `lion: there is no option "epsilon"; there are ${commonOptions}, beta1, beta2`,
      ),
    ],
  },
  {
    name: "adadelta",
    create: adadelta,
    learningRate: 1,
    samples: [
      ...commonSamples.map((options) => ({ ...options, epsilon: 1e-2 })),
      { decay: 0.95, epsilon: 0.1 },
      { convention: "keras", epsilon: 1e-2 },
      { epsilon: 1e-2, maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: [
      mistake({ decay: 1 }, RangeError, "adadelta: decay must be in [0, 1), got 1"),
      mistake({ epsilon: -1 }, RangeError, "adadelta: epsilon must be in [0, Infinity), got -1"),
      mistake({ epsilon: "small" }, TypeError, 'adadelta: epsilon must be a number, got "small"'),
      mistake(
        { faithfulToBug: "tfjs" },
        RangeError,
        'adadelta: faithfulToBug must be one of "none", "tfjsStaleDenominator", got "tfjs"',
      ),
      mistake(
        { rho: 0.9 },
        RangeError,
        `adadelta: there is no option "rho"; there are ${commonOptions}, decay, epsilon, faithfulToBug`,
      ),
    ],
  },
  {
    name: "rmsprop",
    create: rmsprop,
    learningRate: 0.1,
    samples: [
      ...commonSamples,
      { decay: 0.9, momentum: 0.5 },
      { epsilon: 1e-3, epsilonPlacement: "inside" },
      { centered: true, epsilon: 0.1 },
      { centered: true, epsilon: 0.1, momentum: 0.5 },
      { convention: "tfjs", momentum: 0.5 },
      { momentum: 0.5, maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 },
    ],
    mistakes: [
      mistake({ decay: 1 }, RangeError, "rmsprop: decay must be in [0, 1), got 1"),
      mistake({ decay: "0.9" }, TypeError, 'rmsprop: decay must be a number, got "0.9"'),
      mistake({ epsilon: -1 }, RangeError, "rmsprop: epsilon must be in [0, Infinity), got -1"),
      mistake(
        { epsilonPlacement: "under" },
        RangeError,
        'rmsprop: epsilonPlacement must be one of "outside", "inside", got "under"',
      ),
      mistake(
        { faithfulToBug: "tfjsSubtractedEpsilon", convention: "tfjs" },
        RangeError,
        'rmsprop: faithfulToBug needs centered and epsilonPlacement "inside"',
      ),
      mistake({ centered: 1 }, TypeError, "rmsprop: centered must be true or false, got 1"),
      mistake({ momentum: 1 }, RangeError, "rmsprop: momentum must be in [0, 1), got 1"),
      mistake(
        { learningRatePlacement: "before" },
        RangeError,
        'rmsprop: learningRatePlacement must be one of "outside", "inside", got "before"',
      ),
      mistake(
        { alpha: 0.9 },
        RangeError,
        `rmsprop: there is no option "alpha"; there are ${commonOptions}, decay, epsilon, epsilonPlacement, centered, momentum, learningRatePlacement, faithfulToBug`,
      ),
    ],
  },
  ...adaptiveInfos,
  ...momentumInfos,
  ...scalarAdaptiveInfos,
  ...freeInfos,
  ...matrixInfos,
];

/** Refused by every optimizer; messages without the name in front. */
export const commonMistakes: readonly Mistake[] = [
  mistake({ learningRate: -0.1 }, RangeError, "learningRate must be in [0, Infinity), got -0.1"),
  mistake({ learningRate: Number.NaN }, RangeError, "learningRate must be in [0, Infinity), got NaN"),
  mistake(
    { learningRate: Number.POSITIVE_INFINITY },
    RangeError,
    "learningRate must be in [0, Infinity), got Infinity",
  ),
  mistake({ learningRate: "0.1" }, TypeError, 'learningRate must be a number or a schedule, got "0.1"'),
  mistake({ learningRate: null }, TypeError, "learningRate must be a number or a schedule, got null"),
  mistake({ weightDecay: -1 }, RangeError, "weightDecay must be in [0, Infinity), got -1"),
  mistake({ weightDecay: Number.NaN }, RangeError, "weightDecay must be in [0, Infinity), got NaN"),
  mistake({ decoupledWeightDecay: "yes" }, TypeError, 'decoupledWeightDecay must be true or false, got "yes"'),
  mistake({ weightDecay: "0.1" }, TypeError, 'weightDecay must be a number or a schedule, got "0.1"'),
  mistake({ independentWeightDecay: 1 }, TypeError, "independentWeightDecay must be true or false, got 1"),
  mistake(
    { independentWeightDecay: true, decoupledWeightDecay: false },
    RangeError,
    "independentWeightDecay needs decoupledWeightDecay",
  ),
  mistake({ clipValue: 0 }, RangeError, "clipValue must be in (0, Infinity), got 0"),
  mistake({ clipValue: "1" }, TypeError, 'clipValue must be a number, got "1"'),
  mistake({ clipTensorNorm: -1 }, RangeError, "clipTensorNorm must be in (0, Infinity), got -1"),
  mistake({ adaptiveClip: Number.NaN }, RangeError, "adaptiveClip must be in (0, Infinity), got NaN"),
  mistake({ adaptiveClip: { ratio: 0 } }, RangeError, "adaptiveClip.ratio must be in (0, Infinity), got 0"),
  mistake(
    { adaptiveClip: { ratio: 1, unit: "column" } },
    RangeError,
    'adaptiveClip.unit must be one of "tensor", "row", got "column"',
  ),
  mistake({ maximize: 1 }, TypeError, "maximize must be true or false, got 1"),
  mistake({ clearGradients: 0 }, TypeError, "clearGradients must be true or false, got 0"),
  mistake({ clipNorm: 0 }, RangeError, "clipNorm must be in (0, Infinity), got 0"),
  mistake({ clipNorm: -1 }, RangeError, "clipNorm must be in (0, Infinity), got -1"),
  mistake({ clipNorm: Number.NaN }, RangeError, "clipNorm must be in (0, Infinity), got NaN"),
  mistake({ clipNorm: [1] }, TypeError, "clipNorm must be a number, got an Array"),
  mistake({ nonFinite: "ignore" }, RangeError, 'nonFinite must be one of "propagate", "skip", "throw", got "ignore"'),
  mistake(
    { projection: { kind: "disc", radius: 1 } },
    RangeError,
    'projection.kind must be one of "box", "ball", got "disc"',
  ),
  mistake({ projection: { kind: "box", radius: 0 } }, RangeError, "projection.radius must be in (0, Infinity), got 0"),
  mistake(
    { convention: "pytorch" },
    RangeError,
    'convention must be one of "torch", "optax", "tfjs", "keras", got "pytorch" (did you mean "torch"?)',
  ),
];
