// Rules with one rate for all parameters, made of the norms of their gradients; and the one that counts.

import { adagradNorm, adagradNormEma, adagradNormSafeguarded, frequencyAwareSgd } from "../../../src/index.js";
import { commonSamples, mistake, type OptimizerInfo, unknownOption } from "./info.js";

const everything = { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 };

const ofAll = (name: string) => [
  mistake({ clipValue: 1 }, RangeError, `${name}: clipValue can't go with a rule that takes the norm of the gradient`),
  mistake({ epsilon: -1 }, RangeError, `${name}: epsilon must be in [0, Infinity), got -1`),
];

const ofForgetful = (name: string) => [
  ...ofAll(name),
  mistake({ decay: 0 }, RangeError, `${name}: decay must be in (0, 1], got 0`),
  mistake(
    { decay: 1, accumulation: "average" },
    RangeError,
    `${name}: decay must be below 1 where accumulation is "average", got 1`,
  ),
  mistake({ accumulation: "mean" }, RangeError, `${name}: accumulation must be one of "sum", "average", got "mean"`),
  unknownOption(name, "delayed", ", decay, accumulation, epsilon"),
];

const forgetful = [
  ...commonSamples,
  { decay: 0.9 },
  { accumulation: "average" },
  { accumulation: "average", decay: 0.9, epsilon: 0.1 },
  everything,
];

export const scalarAdaptiveInfos: readonly OptimizerInfo[] = [
  {
    name: "adagradNorm",
    create: adagradNorm,
    learningRate: 5,
    sumsTensors: true,
    samples: [...commonSamples, { delayed: true, epsilon: 3 }, { epsilon: 0 }, everything],
    mistakes: [
      ...ofAll("adagradNorm"),
      mistake({ delayed: 1 }, TypeError, "adagradNorm: delayed must be true or false, got 1"),
      mistake({ delayed: true, epsilon: 0 }, RangeError, "adagradNorm: epsilon must be in (0, Infinity), got 0"),
      unknownOption("adagradNorm", "decay", ", epsilon, delayed", "weightDecay"),
    ],
  },
  {
    name: "adagradNormEma",
    create: adagradNormEma,
    learningRate: 5,
    tolerance: 1e-4,
    sumsTensors: true,
    samples: forgetful,
    mistakes: ofForgetful("adagradNormEma"),
  },
  {
    name: "adagradNormSafeguarded",
    create: adagradNormSafeguarded,
    learningRate: 3,
    sumsTensors: true,
    samples: forgetful,
    mistakes: ofForgetful("adagradNormSafeguarded"),
  },
  {
    name: "frequencyAwareSgd",
    create: frequencyAwareSgd,
    learningRate: 4,
    samples: [...commonSamples, everything],
    mistakes: [unknownOption("frequencyAwareSgd", "epsilon", "")],
  },
];
