// Rules without a schedule, rules without a rate, and rules of two gradients.

import {
  asgd,
  extragradient,
  lbfgs,
  optimisticGradient,
  prodigy,
  scheduleFreeAdamw,
  scheduleFreeSgd,
  storm,
} from "../../../src/index.js";
import { commonSamples, mistake, type OptimizerInfo, unknownOption } from "./info.js";

const everything = { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 };
const inGradient = { decoupledWeightDecay: false };

const ownAverage = (name: string) =>
  [{ average: { kind: "uniform" } }, { lookahead: {} }, { projection: { kind: "box", radius: 1 } }].map((options) =>
    mistake(
      options,
      RangeError,
      `${name}: ${Object.keys(options)[0]} can't go with a rule that keeps an average itself`,
    ),
  );

const ownGradients = (name: string) => [
  mistake(
    { sharpness: {} },
    RangeError,
    `${name}: sharpness can't go with a rule that moves the parameters before its gradient`,
  ),
  mistake(
    { accumulate: 2 },
    RangeError,
    `${name}: accumulate must be 1 where a step takes more than one gradient, got 2`,
  ),
];

const scheduleFreeMistakes = (name: string) => [
  mistake({ warmupSteps: -1 }, RangeError, `${name}: warmupSteps must be an integer in [0, 9007199254740991], got -1`),
  mistake({ warmupSteps: "10" }, TypeError, `${name}: warmupSteps must be an integer, got "10"`),
  mistake({ weightPower: -1 }, RangeError, `${name}: weightPower must be in [0, Infinity), got -1`),
  ...ownAverage(name),
];

const momentMistakes = (name: string) => [
  mistake({ beta1: 1 }, RangeError, `${name}: beta1 must be in [0, 1), got 1`),
  mistake({ beta2: Number.NaN }, RangeError, `${name}: beta2 must be in [0, 1), got NaN`),
  mistake({ epsilon: "0" }, TypeError, `${name}: epsilon must be a number, got "0"`),
];

export const freeInfos: readonly OptimizerInfo[] = [
  {
    name: "extragradient",
    create: extragradient,
    learningRate: 0.3,
    samples: [...commonSamples, { ...everything, decoupledWeightDecay: true }, everything],
    mistakes: [...ownGradients("extragradient"), unknownOption("extragradient", "momentum", "")],
  },
  {
    name: "optimisticGradient",
    create: optimisticGradient,
    learningRate: 0.3,
    samples: [...commonSamples, { optimism: 0.5 }, { optimism: 0 }, everything],
    mistakes: [
      mistake({ optimism: -1 }, RangeError, "optimisticGradient: optimism must be in [0, Infinity), got -1"),
      mistake({ optimism: true }, TypeError, "optimisticGradient: optimism must be a number, got true"),
      unknownOption("optimisticGradient", "momentum", ", optimism"),
    ],
  },
  {
    name: "storm",
    create: storm,
    learningRate: 0.3,
    keptOfEstimate: ({ momentum = 0.9 }) => momentum as number,
    temporarySlots: 1,
    samples: [...commonSamples, { momentum: 0 }, { momentum: 0.99 }, everything],
    mistakes: [
      mistake({ momentum: 1 }, RangeError, "storm: momentum must be in [0, 1), got 1"),
      mistake({ normalize: 1 }, TypeError, "storm: normalize must be true or false, got 1"),
      ...ownGradients("storm"),
      unknownOption("storm", "beta1", ", momentum, normalize"),
    ],
  },
  {
    name: "storm",
    create: (target, options = {}) =>
      storm(target, typeof options === "object" && options !== null ? { normalize: true, ...options } : options),
    learningRate: 0.02,
    tolerance: 1e-4,
    temporarySlots: 1,
    sumsTensors: true,
    samples: [...commonSamples, { momentum: 0.99 }, everything],
    mistakes: [],
  },
  {
    name: "lbfgs",
    create: lbfgs,
    learningRate: 0.5,
    temporarySlots: 4,
    // The pairs, and the change of the gradient.
    emptySlots: ({ weightDecay, damping }) => (weightDecay === undefined && damping === undefined ? 21 : 0),
    sumsTensors: true,
    // Of a change of the gradient the leading digits have cancelled.
    rounding: 1000,
    samples: [
      ...commonSamples,
      { historySize: 2, damping: 0.5, nonConvex: "damp" },
      { lineSearch: "secant" },
      { ...everything, historySize: 1 },
    ],
    mistakes: [
      mistake({ historySize: 0 }, RangeError, "lbfgs: historySize must be an integer in [1, 1000], got 0"),
      mistake({ damping: -1 }, RangeError, "lbfgs: damping must be in [0, Infinity), got -1"),
      mistake({ nonConvex: "keep" }, RangeError, 'lbfgs: nonConvex must be one of "skip", "damp", got "keep"'),
      mistake({ lineSearch: true }, RangeError, 'lbfgs: lineSearch must be one of "none", "secant", got true'),
      ...ownGradients("lbfgs"),
      unknownOption("lbfgs", "memory", ", historySize, damping, nonConvex, lineSearch"),
    ],
  },
  {
    name: "asgd",
    create: asgd,
    keepsAverage: true,
    learningRate: 0.3,
    // Its own decay moves the minimum.
    tolerance: 1e-3,
    samples: [
      ...commonSamples,
      { decay: 2e-4, power: 0.5, averageFrom: 0 },
      { decay: 0, averageFrom: 5, weightDecay: 0.1, decoupledWeightDecay: true },
      { averageFrom: 3, ...everything },
    ],
    mistakes: [
      mistake({ decay: -1 }, RangeError, "asgd: decay must be in [0, Infinity), got -1"),
      mistake({ power: "1" }, TypeError, 'asgd: power must be a number, got "1"'),
      mistake(
        { averageFrom: 0.5 },
        RangeError,
        "asgd: averageFrom must be an integer in [0, 9007199254740991], got 0.5",
      ),
      ...ownAverage("asgd"),
      unknownOption("asgd", "lambd", ", decay, power, averageFrom"),
    ],
  },
  {
    name: "scheduleFreeSgd",
    create: scheduleFreeSgd,
    keepsAverage: true,
    learningRate: 1,
    tolerance: 1e-3,
    samples: [
      ...commonSamples,
      { momentum: 0.5, weightPower: 1 },
      { momentum: 0, warmupSteps: 20, weightDecay: 0.1, decoupledWeightDecay: true },
      { warmupSteps: 20, ...everything },
    ],
    mistakes: [
      mistake({ momentum: 1 }, RangeError, "scheduleFreeSgd: momentum must be in [0, 1), got 1"),
      ...scheduleFreeMistakes("scheduleFreeSgd"),
      unknownOption("scheduleFreeSgd", "beta1", ", momentum, warmupSteps, weightPower"),
    ],
  },
  {
    name: "scheduleFreeAdamw",
    create: scheduleFreeAdamw,
    keepsAverage: true,
    learningRate: 0.1,
    tolerance: 1e-3,
    samples: [
      ...commonSamples.map((options) => ({ ...options, ...inGradient })),
      { beta1: 0.5, beta2: 0.9, weightPower: 1 },
      { beta1: 0, warmupSteps: 20, weightDecay: 0.1, decoupledWeightDecay: true },
      { warmupSteps: 20, ...everything, ...inGradient },
    ],
    mistakes: [
      ...momentMistakes("scheduleFreeAdamw"),
      ...scheduleFreeMistakes("scheduleFreeAdamw"),
      unknownOption("scheduleFreeAdamw", "momentum", ", beta1, beta2, epsilon, warmupSteps, weightPower"),
    ],
  },
  {
    name: "prodigy",
    create: prodigy,
    learningRate: 1,
    sumsTensors: true,
    samples: [
      ...commonSamples.map((options) => ({ ...options, ...inGradient })),
      { beta1: 0, beta2: 0.9, epsilon: 1e-3 },
      { initialDistance: 1e-3, distanceFactor: 0.5, weightDecay: 0.1, decoupledWeightDecay: true },
      { ...everything, ...inGradient },
    ],
    mistakes: [
      ...momentMistakes("prodigy"),
      mistake({ initialDistance: 0 }, RangeError, "prodigy: initialDistance must be in (0, Infinity), got 0"),
      mistake({ distanceFactor: "1" }, TypeError, 'prodigy: distanceFactor must be a number, got "1"'),
      unknownOption("prodigy", "d0", ", beta1, beta2, epsilon, initialDistance, distanceFactor"),
    ],
  },
];
