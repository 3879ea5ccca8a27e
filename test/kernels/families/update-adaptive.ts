// Rprop, Adam with damping, AMSGrad by corrected moments, and Adadelta as TensorFlow.js has it.

import { dtypes, nonNegative, pick, type Random, signed } from "../numbers.js";
import { family } from "./family.js";
import {
  adadeltaArguments,
  between,
  common,
  momentMagnitudes,
  momentNames,
  moments,
  oneOf,
  prepared,
  start,
} from "./update-common.js";

const signs = (random: Random) => pick(random, [-1, 0, 1]);

const { rootScale, epsilon, ...beforeTheRoot } = moments;
const beforeTheRootNames = momentNames.slice(0, 5) as (keyof typeof beforeTheRoot)[];

export const adaptiveFamilies = {
  rprop: family({
    arrays: { parameters: signed, gradients: signed, sizes: nonNegative, signs },
    scalars: {
      ...common,
      growth: between(1, 2),
      contraction: between(0.1, 1),
      least: oneOf([1e-6, 0.1]),
      greatest: oneOf([50, 1]),
    },
    signature: [...start, "sizes", "signs", "growth", "contraction", "least", "greatest"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { kept, signed, magnitude } = prepared(call, i);
      const sizes = Math.abs(call.after.sizes[i]!);
      // Where rounding decides about the sign, any is right.
      if (Math.abs(signed) <= 8 * dtypes[call.dtype].roundoff * magnitude) {
        const any = Number.POSITIVE_INFINITY;
        return { sizes: any, signs: any, parameters: any };
      }
      return { sizes, parameters: kept + sizes };
    },
  }),
  dampedAdam: family({
    arrays: { parameters: signed, gradients: signed, firstMoments: signed, secondMoments: nonNegative },
    scalars: { ...common, ...beforeTheRoot, decayRate: oneOf([0, 0.01]), damping: oneOf([1e-8, 1e-3]) },
    signature: [...start, "firstMoments", "secondMoments", ...beforeTheRootNames, "decayRate", "damping"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { beta1, intake1, beta2, intake2, stepSize, decayRate, damping } = call.scalars;
      const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
      const { parameters, firstMoments: M, secondMoments: V } = call.before;
      const firstMoments = intake1 * magnitude + Math.abs(beta1 * M[i]!) + leastNormal;
      const secondMoments = 2 * intake2 * gradient * magnitude + beta2 * V[i]! + leastNormal;
      const underRoot = call.after.secondMoments[i]! + damping;
      const rootError = underRoot === Number.POSITIVE_INFINITY ? 0 : secondMoments / underRoot;
      const decay = decayRate === 0 ? 0 : decayRate * Math.abs(parameters[i]!);
      const own = stepSize * Math.abs(call.after.firstMoments[i]!) + decay;
      const step = (stepSize * firstMoments + decay + own * rootError + leastNormal) / Math.sqrt(underRoot);
      return { firstMoments, secondMoments, parameters: kept + step };
    },
  }),
  correctedAmsgrad: family({
    arrays: {
      parameters: signed,
      gradients: signed,
      firstMoments: signed,
      secondMoments: nonNegative,
      greatestMoments: nonNegative,
    },
    scalars: { ...common, ...beforeTheRoot, correction: between(1, 1000), epsilon },
    signature: [
      ...start,
      "firstMoments",
      "secondMoments",
      "greatestMoments",
      ...beforeTheRootNames,
      "correction",
      "epsilon",
    ],
    roundings: 8,
    magnitudes: (call, i) => {
      const { correction } = call.scalars;
      // As if w / correction stood under the root, times the root of the correction.
      const underRoot = call.after.greatestMoments[i]! / correction;
      const scaled = { ...call, scalars: { ...call.scalars, rootScale: Math.sqrt(correction) } };
      const { secondMoments, ...others } = momentMagnitudes(scaled, i, underRoot);
      return { ...others, secondMoments, greatestMoments: correction * secondMoments };
    },
  }),
  staleAdadelta: family({
    ...adadeltaArguments,
    roundings: 6,
    magnitudes: (call, i) => {
      const { decay, intake, epsilon, learningRate } = call.scalars;
      const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
      const { squares: V, deltas: D } = call.before;
      const squares = 2 * intake * gradient * magnitude + decay * V[i]! + leastNormal;
      const ratio = Math.sqrt((D[i]! + epsilon) / (V[i]! + epsilon));
      const delta = ratio * magnitude;
      const deltas = 2 * intake * ratio * gradient * delta + decay * D[i]! + leastNormal;
      return { squares, deltas, parameters: kept + learningRate * delta };
    },
  }),
};
