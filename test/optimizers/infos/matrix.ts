// Rules of whole matrices.

import { muon } from "../../../src/index.js";
import { commonSamples, mistake, type OptimizerInfo, unknownOption } from "./info.js";

const everything = { maximize: true, clipNorm: 0.5, clearGradients: true };

const rows = (name: string) =>
  mistake(
    { adaptiveClip: { ratio: 1, unit: "row" } },
    RangeError,
    `${name}: adaptiveClip by rows can't go with a rule of whole matrices`,
  );

const shared = { whole: true, perTensor: true, shaped: true, inexact: true } as const;

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
];
