// Rules with a rate for each coordinate or each tensor.

import { adafactor, amsgrad, dampedAdam, lamb, lars, novograd, rprop, sm3 } from "../../../src/index.js";
import { commonSamples, mistake, type OptimizerInfo, unknownOption } from "./info.js";

const everything = { maximize: true, clipNorm: 0.5, clearGradients: true, weightDecay: 0.1 };

const betas = (name: string) => [
  mistake({ beta1: 1 }, RangeError, `${name}: beta1 must be in [0, 1), got 1`),
  mistake({ beta2: Number.NaN }, RangeError, `${name}: beta2 must be in [0, 1), got NaN`),
];

const epsilon = (name: string) =>
  mistake({ epsilon: -1 }, RangeError, `${name}: epsilon must be in [0, Infinity), got -1`);

const scalesTensors = (name: string) => [
  mistake(
    { clipTensorNorm: 1 },
    RangeError,
    `${name}: clipTensorNorm and adaptiveClip can't go with a rule that scales tensors itself`,
  ),
  mistake(
    { adaptiveClip: 1 },
    RangeError,
    `${name}: clipTensorNorm and adaptiveClip can't go with a rule that scales tensors itself`,
  ),
];

const scalesGradients = (name: string) => [
  ...scalesTensors(name),
  mistake({ clipValue: 1 }, RangeError, `${name}: clipValue can't go with a rule that scales the gradients of tensors`),
];

export const adaptiveInfos: readonly OptimizerInfo[] = [
  {
    name: "rprop",
    create: rprop,
    learningRate: 0.1,
    tolerance: 1e-5,
    filledSlots: () => 1,
    samples: [
      ...commonSamples,
      { growth: 1.5, contraction: 0.25 },
      { minimumStep: 1e-7, maximumStep: 0.1 },
      { ...everything, growth: 1.1 },
    ],
    mistakes: [
      mistake({ growth: 0.9 }, RangeError, "rprop: growth must be in [1, Infinity), got 0.9"),
      mistake({ contraction: 1.5 }, RangeError, "rprop: contraction must be in [0, 1], got 1.5"),
      mistake({ minimumStep: "0" }, TypeError, 'rprop: minimumStep must be a number, got "0"'),
      mistake(
        { minimumStep: 1, maximumStep: 0.5 },
        RangeError,
        "rprop: minimumStep must not exceed maximumStep, got 1 and 0.5",
      ),
      unknownOption("rprop", "etas", ", growth, contraction, minimumStep, maximumStep"),
    ],
  },
  {
    name: "amsgrad",
    create: amsgrad,
    learningRate: 0.1,
    samples: [...commonSamples, { beta1: 0, beta2: 0.9 }, { convention: "optax", epsilon: 1e-3 }, everything],
    mistakes: [
      ...betas("amsgrad"),
      epsilon("amsgrad"),
      mistake({ convention: "keras" }, RangeError, "amsgrad: keras's is the function adam with amsgrad"),
      unknownOption("amsgrad", "amsgrad", ", beta1, beta2, epsilon"),
    ],
  },
  {
    name: "dampedAdam",
    create: dampedAdam,
    learningRate: 0.1,
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { epsilon: 1e-3, epsilonPlacement: "start" },
      { epsilon: 0.1, adaptiveDecay: 0.1 },
      { ...everything, epsilonPlacement: "start", epsilon: 1e-4 },
    ],
    mistakes: [
      ...betas("dampedAdam"),
      mistake({ epsilon: 0 }, RangeError, "dampedAdam: epsilon must be in (0, Infinity), got 0"),
      mistake(
        { epsilonPlacement: "outside" },
        RangeError,
        'dampedAdam: epsilonPlacement must be one of "root", "start", got "outside"',
      ),
      mistake({ adaptiveDecay: -1 }, RangeError, "dampedAdam: adaptiveDecay must be in [0, Infinity), got -1"),
      unknownOption("dampedAdam", "amsgrad", ", beta1, beta2, epsilon, epsilonPlacement, adaptiveDecay"),
    ],
  },
  {
    name: "lars",
    whole: true,
    create: lars,
    learningRate: 20,
    tolerance: 1e-3,
    perTensor: true,
    samples: [
      ...commonSamples,
      { momentum: 0 },
      { nesterov: true, epsilon: 1e-6 },
      { normalize: "velocity", weightDecay: 0.1 },
      { convention: "optax", weightDecay: 0.1 },
      { ...everything, trustCoefficient: 2e-3 },
    ],
    mistakes: [
      ...scalesGradients("lars"),
      epsilon("lars"),
      mistake({ momentum: 1 }, RangeError, "lars: momentum must be in [0, 1), got 1"),
      mistake({ trustCoefficient: 0 }, RangeError, "lars: trustCoefficient must be in (0, Infinity), got 0"),
      mistake({ normalize: "step" }, RangeError, 'lars: normalize must be one of "gradient", "velocity", got "step"'),
      mistake({ decayNorm: "sum" }, RangeError, 'lars: decayNorm must be one of "separate", "together", got "sum"'),
      mistake(
        { nesterov: true, momentum: 0 },
        RangeError,
        'lars: nesterov needs momentum > 0 and normalize "gradient"',
      ),
      unknownOption("lars", "dampening", ", momentum, nesterov, trustCoefficient, epsilon, normalize, decayNorm"),
    ],
  },
  {
    name: "lamb",
    whole: true,
    create: lamb,
    learningRate: 0.05,
    tolerance: 1e-3,
    perTensor: true,
    decaysBeside: true,
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { biasCorrection: false, epsilon: 0 },
      { convention: "keras", weightDecay: 0.1 },
      everything,
    ],
    mistakes: [
      ...scalesTensors("lamb"),
      ...betas("lamb"),
      epsilon("lamb"),
      mistake({ biasCorrection: 1 }, TypeError, "lamb: biasCorrection must be true or false, got 1"),
      unknownOption("lamb", "amsgrad", ", beta1, beta2, epsilon, biasCorrection"),
    ],
  },
  {
    name: "novograd",
    whole: true,
    create: novograd,
    learningRate: 0.05,
    tolerance: 1e-3,
    perTensor: true,
    otherSlots: () => 1,
    decaysBeside: true,
    samples: [
      ...commonSamples,
      { beta1: 0, beta2: 0.9 },
      { averageGradients: true, epsilon: 0 },
      { convention: "optax" },
      everything,
    ],
    mistakes: [
      ...scalesGradients("novograd"),
      ...betas("novograd"),
      epsilon("novograd"),
      mistake({ averageGradients: 1 }, TypeError, "novograd: averageGradients must be true or false, got 1"),
      unknownOption("novograd", "amsgrad", ", beta1, beta2, epsilon, averageGradients"),
    ],
  },
  {
    name: "sm3",
    whole: true,
    create: sm3,
    learningRate: 1,
    tolerance: 1e-4,
    perTensor: true,
    shaped: true,
    otherSlots: () => 3,
    samples: [...commonSamples, { momentum: 0 }, { epsilon: 0, momentum: 0.5 }, everything],
    mistakes: [
      ...scalesTensors("sm3"),
      epsilon("sm3"),
      mistake({ momentum: 1 }, RangeError, "sm3: momentum must be in [0, 1), got 1"),
      unknownOption("sm3", "beta2", ", momentum, epsilon"),
    ],
  },
  {
    name: "adafactor",
    whole: true,
    create: adafactor,
    learningRate: 0.05,
    // Steps of the length of the tensor shrink with the rate alone; in float32 torch's floor lengthens those along small gradients.
    tolerance: 0.03,
    perTensor: true,
    shaped: true,
    otherSlots: () => 2,
    decaysBeside: true,
    samples: [
      ...commonSamples,
      { momentum: 0.9 },
      { parameterScale: false, relativeStep: false, clipThreshold: Number.POSITIVE_INFINITY },
      { convention: "optax", minimumSize: 2 },
      { convention: "keras", decayPower: 0.5, leastScale: 0.1 },
      everything,
    ],
    mistakes: [
      ...scalesTensors("adafactor"),
      epsilon("adafactor"),
      mistake({ decayPower: -1 }, RangeError, "adafactor: decayPower must be in [0, Infinity), got -1"),
      mistake(
        { epsilonPlacement: "root" },
        RangeError,
        'adafactor: epsilonPlacement must be one of "floor", "square", got "root"',
      ),
      mistake({ parameterScale: 1 }, TypeError, "adafactor: parameterScale must be true or false, got 1"),
      mistake({ leastScale: -1 }, RangeError, "adafactor: leastScale must be in [0, Infinity), got -1"),
      mistake({ clipThreshold: 0 }, RangeError, "adafactor: clipThreshold must be in (0, Infinity), got 0"),
      mistake({ relativeStep: "no" }, TypeError, 'adafactor: relativeStep must be true or false, got "no"'),
      mistake({ momentum: 1 }, RangeError, "adafactor: momentum must be in [0, 1), got 1"),
      mistake(
        { minimumSize: 0.5 },
        RangeError,
        "adafactor: minimumSize must be an integer in [1, 9007199254740991], got 0.5",
      ),
      unknownOption(
        "adafactor",
        "beta2",
        ", decayPower, epsilon, epsilonPlacement, parameterScale, leastScale, clipThreshold, relativeStep, momentum, minimumSize",
      ),
    ],
  },
];
