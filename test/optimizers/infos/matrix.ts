// Rules of whole matrices.

import { muon, shampoo, soap } from "../../../src/index.js";
import { commonSamples, mistake, type OptimizerInfo, unknownOption } from "./info.js";

const everything = { maximize: true, clipNorm: 0.5, clearGradients: true };

const rows = (name: string) =>
  mistake(
    { adaptiveClip: { ratio: 1, unit: "row" } },
    RangeError,
    `${name}: adaptiveClip by rows can't go with a rule of whole matrices`,
  );

const shared = { whole: true, perTensor: true, shaped: true, inexact: true } as const;

const blockedNames =
  "blockSize, oneSidedRatio, startStep, maximumMillisecondsPerStep, now, toleratedFailures, frequency";

const blockedMistakes = (name: string) => [
  mistake({ beta1: 1 }, RangeError, `${name}: beta1 must be in [0, 1), got 1`),
  mistake({ blockSize: 0 }, RangeError, `${name}: blockSize must be an integer in [1, 8192], got 0`),
  mistake({ oneSidedRatio: 0.5 }, RangeError, `${name}: oneSidedRatio must be in [1, Infinity), got 0.5`),
  mistake({ frequency: 0 }, RangeError, `${name}: frequency must be an integer in [1, 9007199254740991], got 0`),
  mistake({ startStep: 1.5 }, RangeError, `${name}: startStep must be an integer in [1, 9007199254740991], got 1.5`),
  mistake(
    { maximumMillisecondsPerStep: 0 },
    RangeError,
    `${name}: maximumMillisecondsPerStep must be in (0, Infinity), got 0`,
  ),
  mistake({ now: 1 }, TypeError, `${name}: now must be a function, got 1`),
  mistake(
    { toleratedFailures: -1 },
    RangeError,
    `${name}: toleratedFailures must be an integer in [0, 9007199254740991], got -1`,
  ),
];

export const matrixInfos: readonly OptimizerInfo[] = [
  {
    ...shared,
    name: "muon",
    create: muon,
    learningRate: 0.05,
    // Steps don't shrink with the gradient, and singular values end anywhere between 0.68 and 1.13.
    tolerance: 1e-4,
    otherSlots: ({ orthogonalize }) => (orthogonalize === false ? 1 : 3),
    samples: [
      ...commonSamples.map((options) => ({ weightDecay: 0, ...options })),
      {},
      { nesterov: false, momentum: 0.5, scale: "original", weightDecay: 0 },
      { steps: 12, coefficients: [1.875, -1.25, 0.375], scale: "none", form: "gram", weightDecay: 0 },
      { orthogonalize: false, beta1: 0.5, weightDecay: 0 },
      { ...everything, weightDecay: 0 },
      { clipTensorNorm: 0.5, adaptiveClip: 0.1, clipValue: 0.3, weightDecay: 0 },
    ],
    mistakes: [
      rows("muon"),
      mistake({ momentum: 1 }, RangeError, "muon: momentum must be in [0, 1), got 1"),
      mistake({ nesterov: "yes" }, TypeError, 'muon: nesterov must be true or false, got "yes"'),
      mistake({ steps: -1 }, RangeError, "muon: steps must be an integer in [0, 100], got -1"),
      mistake({ coefficients: [1, 2] }, RangeError, "muon: coefficients must have 3 elements, a, b and c, got 2"),
      mistake({ form: "best" }, RangeError, 'muon: form must be one of "auto", "direct", "gram", got "best"'),
      mistake({ scale: 2 }, RangeError, 'muon: scale must be one of "adamw", "original", "none", got 2'),
      mistake({ orthogonalize: 1 }, TypeError, "muon: orthogonalize must be true or false, got 1"),
      mistake({ beta1: 1 }, RangeError, "muon: beta1 must be in [0, 1), got 1"),
      mistake({ beta2: Number.NaN }, RangeError, "muon: beta2 must be in [0, 1), got NaN"),
      mistake({ epsilon: -1 }, RangeError, "muon: epsilon must be in [0, Infinity), got -1"),
      unknownOption(
        "muon",
        "ns",
        ", momentum, nesterov, steps, coefficients, form, scale, orthogonalize, beta1, beta2, epsilon",
      ),
    ],
  },
  {
    ...shared,
    name: "shampoo",
    create: shampoo,
    learningRate: 0.1,
    // The grafted rule's steps don't shrink with the gradient.
    tolerance: 1e-4,
    otherSlots: () => 4,
    samples: [
      ...commonSamples,
      { blockSize: 7, frequency: 3 },
      { beta1: 0, beta2: 1, grafting: { kind: "none" }, relativeEpsilon: 1e-2, momentum: 0.9 },
      { momentum: 0.5, nesterov: true, grafting: { kind: "sgd" }, startStep: 5 },
      {
        grafting: { kind: "adagrad" },
        beta2: 1,
        exponent: 0.5,
        oneSidedRatio: 1.5,
        biasCorrection: false,
        momentum: 0.5,
      },
      { grafting: { kind: "rmsprop", beta2: 0.99 }, absoluteEpsilon: 1e-6, maximumMillisecondsPerStep: 1000 },
      everything,
      { clipTensorNorm: 0.5, adaptiveClip: 0.1, clipValue: 0.3, weightDecay: 0.01 },
    ],
    mistakes: [
      rows("shampoo"),
      ...blockedMistakes("shampoo"),
      mistake({ beta2: 1.1 }, RangeError, "shampoo: beta2 must be in [0, 1], got 1.1"),
      mistake({ biasCorrection: 1 }, TypeError, "shampoo: biasCorrection must be true or false, got 1"),
      mistake({ relativeEpsilon: -1 }, RangeError, "shampoo: relativeEpsilon must be in [0, Infinity), got -1"),
      mistake({ absoluteEpsilon: -1 }, RangeError, "shampoo: absoluteEpsilon must be in [0, Infinity), got -1"),
      mistake({ exponent: 0 }, RangeError, "shampoo: exponent must be in (0, Infinity), got 0"),
      mistake({ momentum: 1 }, RangeError, "shampoo: momentum must be in [0, 1), got 1"),
      mistake({ nesterov: true }, RangeError, "shampoo: nesterov needs momentum > 0, got 0"),
      mistake({ grafting: "adam" }, TypeError, 'shampoo: grafting must be an object with a kind, got "adam"'),
      mistake(
        { grafting: { kind: "lion" } },
        RangeError,
        'shampoo: grafting.kind must be one of "adam", "rmsprop", "adagrad", "sgd", "none", got "lion"',
      ),
      mistake({ grafting: { kind: "adam", beta2: 1 } }, RangeError, "shampoo: grafting.beta2 must be in [0, 1), got 1"),
      mistake({ rootWorker: {} }, TypeError, "shampoo: rootWorker.invertRoot must be a function, got null"),
      mistake(
        { rootWorker: { invertRoot: () => Promise.resolve("zero") }, maximumMillisecondsPerStep: 1 },
        RangeError,
        "shampoo: rootWorker leaves no roots to a step: maximumMillisecondsPerStep must be Infinity",
      ),
      unknownOption(
        "shampoo",
        "preconditioner",
        `, beta1, beta2, biasCorrection, relativeEpsilon, absoluteEpsilon, exponent, ${blockedNames}, grafting, momentum, nesterov, rootWorker`,
      ),
    ],
  },
  {
    ...shared,
    name: "soap",
    create: soap,
    learningRate: 0.1,
    tolerance: 1e-4,
    // The first basis is undetermined as long as statistics are singular, those of a few flat gradients.
    undetermined: ({ startStep }) => startStep !== 10,
    otherSlots: () => 4,
    samples: [
      ...commonSamples.map((options) => ({ weightDecay: 0, ...options })),
      {},
      { blockSize: 7, frequency: 1, startStep: 10, weightDecay: 0 },
      { beta1: 0.5, beta2: 0.9, statisticsBeta: 0.5, epsilon: 1e-6, startStep: 5, weightDecay: 0 },
      { oneSidedRatio: 1.5, maximumMillisecondsPerStep: 1000, weightDecay: 0 },
      { ...everything, weightDecay: 0 },
      { clipTensorNorm: 0.5, adaptiveClip: 0.1, clipValue: 0.3, weightDecay: 0 },
    ],
    mistakes: [
      rows("soap"),
      ...blockedMistakes("soap"),
      mistake({ beta2: 1 }, RangeError, "soap: beta2 must be in [0, 1), got 1"),
      mistake({ statisticsBeta: -1 }, RangeError, "soap: statisticsBeta must be in [0, 1), got -1"),
      mistake({ epsilon: Number.NaN }, RangeError, "soap: epsilon must be in [0, Infinity), got NaN"),
      unknownOption("soap", "precondition", `, beta1, beta2, statisticsBeta, epsilon, ${blockedNames}`),
    ],
  },
];
