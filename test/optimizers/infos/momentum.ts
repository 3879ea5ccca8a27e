// Rules that walk along averages of gradients, or look ahead of them.

import {
  acceleratedGradient,
  emaMomentum,
  linearCoupling,
  nesterovLookahead,
  normalizedSgd,
  signSgd,
  signum,
  windowedMomentum,
} from "../../../src/index.js";
import { commonSamples, mistake, type OptimizerInfo, unknownOption } from "./info.js";

const everything = { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 };

const momentumMistakes = (name: string) => [
  mistake({ momentum: 1 }, RangeError, `${name}: momentum must be in [0, 1), got 1`),
  mistake({ momentum: "0.9" }, TypeError, `${name}: momentum must be a number, got "0.9"`),
];

const restartMistakes = (name: string) => [
  mistake(
    { restartPeriod: 0 },
    RangeError,
    `${name}: restartPeriod must be an integer in [1, 9007199254740991], got 0`,
  ),
  mistake({ restartPeriod: "100" }, TypeError, `${name}: restartPeriod must be an integer, got "100"`),
  unknownOption(name, "momentum", ", restartPeriod"),
];

export const momentumInfos: readonly OptimizerInfo[] = [
  {
    name: "nesterovLookahead",
    create: nesterovLookahead,
    learningRate: 0.3,
    samples: [
      ...commonSamples,
      { momentum: 0 },
      { momentum: 0.5, learningRatePlacement: "inside" },
      { ...everything, momentum: 0.9 },
    ],
    mistakes: [
      ...momentumMistakes("nesterovLookahead"),
      mistake(
        { learningRatePlacement: "before" },
        RangeError,
        'nesterovLookahead: learningRatePlacement must be one of "outside", "inside", got "before"',
      ),
      mistake(
        { sharpness: {} },
        RangeError,
        "nesterovLookahead: sharpness can't go with a rule that moves the parameters before its gradient",
      ),
      mistake(
        { accumulate: 2 },
        RangeError,
        "nesterovLookahead: accumulate must be 1 where a step takes more than one gradient, got 2",
      ),
      unknownOption("nesterovLookahead", "nesterov", ", momentum, learningRatePlacement"),
    ],
  },
  {
    name: "acceleratedGradient",
    create: acceleratedGradient,
    learningRate: 0.5,
    samples: [...commonSamples, { restartPeriod: 50 }, everything],
    mistakes: restartMistakes("acceleratedGradient"),
  },
  {
    name: "linearCoupling",
    create: linearCoupling,
    learningRate: 0.5,
    samples: [...commonSamples, { restartPeriod: 50 }, everything],
    mistakes: restartMistakes("linearCoupling"),
  },
  {
    name: "emaMomentum",
    create: emaMomentum,
    learningRate: 0.5,
    samples: [
      ...commonSamples,
      { momentum: 0.5, debias: true },
      { start: "gradient" },
      { convention: "optax" },
      { ...everything, momentum: 0.8, debias: true },
    ],
    mistakes: [
      ...momentumMistakes("emaMomentum"),
      mistake({ start: "one" }, RangeError, 'emaMomentum: start must be one of "zero", "gradient", got "one"'),
      mistake({ debias: 1 }, TypeError, "emaMomentum: debias must be true or false, got 1"),
      mistake(
        { debias: true, start: "gradient" },
        RangeError,
        'emaMomentum: debias needs start "zero", got "gradient"',
      ),
      unknownOption("emaMomentum", "dampening", ", momentum, start, debias"),
    ],
  },
  {
    name: "windowedMomentum",
    create: windowedMomentum,
    learningRate: 0.3,
    samples: [...commonSamples, { window: 4 }, { ...everything, window: 5 }],
    mistakes: [
      mistake({ window: 0 }, RangeError, "windowedMomentum: window must be an integer in [1, 1024], got 0"),
      mistake({ window: 2.5 }, RangeError, "windowedMomentum: window must be an integer in [1, 1024], got 2.5"),
      unknownOption("windowedMomentum", "momentum", ", window"),
    ],
  },
  {
    name: "normalizedSgd",
    create: normalizedSgd,
    learningRate: 0.1,
    tolerance: 2e-4,
    sumsTensors: true,
    samples: [
      ...commonSamples,
      { momentum: 0 },
      { momentum: 0.5, start: "zero" },
      { epsilon: 1e-3 },
      { weightDecay: 0.1, decoupledWeightDecay: true, average: { kind: "uniform" } },
      everything,
    ],
    mistakes: [
      ...momentumMistakes("normalizedSgd"),
      mistake({ start: "one" }, RangeError, 'normalizedSgd: start must be one of "gradient", "zero", got "one"'),
      mistake({ epsilon: -1 }, RangeError, "normalizedSgd: epsilon must be in [0, Infinity), got -1"),
      unknownOption("normalizedSgd", "dampening", ", momentum, start, epsilon"),
    ],
  },
  {
    name: "signSgd",
    create: signSgd,
    learningRate: 0.01,
    tolerance: 1e-4,
    samples: [...commonSamples, everything],
    mistakes: [unknownOption("signSgd", "momentum", "")],
  },
  {
    name: "signum",
    create: signum,
    learningRate: 0.01,
    tolerance: 1e-4,
    samples: [...commonSamples, { momentum: 0.5 }, everything],
    mistakes: [...momentumMistakes("signum"), unknownOption("signum", "beta1", ", momentum")],
  },
];
