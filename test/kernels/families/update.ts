// assembly/update. The magnitudes follow the rules step by step: see ./update-common.ts.

import { dtypes, type FloatArray, nonNegative, signed } from "../numbers.js";
import { family } from "./family.js";
import { adaptiveFamilies } from "./update-adaptive.js";
import {
  adadeltaArguments,
  between,
  type Common,
  common,
  momentMagnitudes,
  momentNames,
  moments,
  oneOf,
  prepared,
  start,
} from "./update-common.js";
import { updateFreeFamilies } from "./update-free.js";
import { updateMomentumFamilies } from "./update-momentum.js";

const rmsprop = {
  ...common,
  decay: between(0, 0.999),
  intake: between(0.001, 1),
  epsilonInside: oneOf([0, 1e-7]),
  epsilonOutside: oneOf([1e-8, 1e-2]),
};

const rmspropNames = ["decay", "intake", "epsilonInside", "epsilonOutside"] as const;

const rmspropMomentum = {
  ...rmsprop,
  momentum: between(0, 0.99),
  rateInside: oneOf([1, 0.1]),
  rateOutside: oneOf([1, 0.01]),
};

const rmspropMomentumNames = [...rmspropNames, "momentum", "rateInside", "rateOutside"] as const;

interface RmsProp extends Common {
  readonly scalars: Common["scalars"] & Readonly<Record<(typeof rmspropNames)[number], number>>;
  readonly before: Common["before"] & Readonly<Record<"squares", FloatArray> & { means?: FloatArray }>;
  readonly after: Readonly<Record<"squares", FloatArray> & { means?: FloatArray }>;
}

/** The averages, and rate * gradient / root. */
function rmspropMagnitudes(call: RmsProp, i: number, rate: number) {
  const { decay, intake, epsilonInside, epsilonOutside } = call.scalars;
  const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
  const squares = 2 * intake * gradient * magnitude + decay * call.before.squares[i]! + leastNormal;
  const { means: meansBefore } = call.before;
  let means = 0;
  let variance = call.after.squares[i]!;
  let varianceError = squares;
  if (meansBefore) {
    const mean = Math.abs(call.after.means![i]!);
    means = intake * magnitude + Math.abs(decay * meansBefore[i]!) + leastNormal;
    const difference = variance - mean * mean;
    varianceError += 2 * mean * means + mean * mean;
    // Next to 0 a root has no bound, and where rounding decides about the clamp, neither.
    const { roundoff } = dtypes[call.dtype];
    if (Math.abs(difference) < 1000 * roundoff * varianceError) varianceError = Number.POSITIVE_INFINITY;
    else if (difference < 0) varianceError = 0;
    variance = Math.max(difference, 0);
  }
  const underRoot = variance + epsilonInside;
  const root = Math.sqrt(underRoot) + epsilonOutside;
  const rootError = underRoot === Number.POSITIVE_INFINITY ? 0 : varianceError / Math.max(underRoot, leastNormal);
  return { kept, squares, means, own: (rate * (magnitude + gradient * rootError) + leastNormal) / root };
}

/** With a root of each average, or one of their quotient, of which the errors have the same bound. */
const adadelta = family({
  ...adadeltaArguments,
  roundings: 6,
  magnitudes: (call, i) => {
    const { decay, intake, epsilon, learningRate } = call.scalars;
    const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
    const squares = 2 * intake * gradient * magnitude + decay * call.before.squares[i]! + leastNormal;
    const underRoot = call.after.squares[i]! + epsilon;
    const rootError = underRoot === Number.POSITIVE_INFINITY ? 0 : squares / underRoot;
    const ratio = Math.sqrt((call.before.deltas[i]! + epsilon) / underRoot);
    const delta = ratio * (magnitude + gradient * rootError);
    const deltas = 2 * intake * ratio * gradient * delta + decay * call.before.deltas[i]! + leastNormal;
    return { squares, deltas, parameters: kept + learningRate * delta };
  },
});

export const updateFamilies = {
  sgd: family({
    arrays: { parameters: signed, gradients: signed },
    scalars: { ...common, learningRate: between(1e-3, 1) },
    signature: [...start, "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { kept, magnitude } = prepared(call, i);
      return { parameters: kept + call.scalars.learningRate * magnitude };
    },
  }),
  momentum: family({
    arrays: { parameters: signed, gradients: signed, buffers: signed },
    scalars: {
      ...common,
      learningRate: between(1e-3, 1),
      momentum: between(0, 0.99),
      intake: oneOf([1, 0.9, 0]),
      gradientShare: oneOf([0, 1]),
      bufferShare: oneOf([1, 0.9]),
    },
    signature: [...start, "buffers", "learningRate", "momentum", "intake", "gradientShare", "bufferShare"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { learningRate, momentum, intake, gradientShare, bufferShare } = call.scalars;
      const { leastNormal, kept, magnitude } = prepared(call, i);
      const buffers = intake * magnitude + Math.abs(momentum * call.before.buffers[i]!) + leastNormal;
      return { buffers, parameters: kept + learningRate * (gradientShare * magnitude + bufferShare * buffers) };
    },
  }),
  adagrad: family({
    arrays: { parameters: signed, gradients: signed, sums: nonNegative },
    scalars: {
      ...common,
      learningRate: between(1e-3, 1),
      epsilonInside: oneOf([0, 1e-7]),
      epsilonOutside: oneOf([1e-10, 1e-7]),
    },
    signature: [...start, "sums", "learningRate", "epsilonInside", "epsilonOutside"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { learningRate, epsilonInside, epsilonOutside } = call.scalars;
      const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
      const sums = 2 * gradient * magnitude + call.before.sums[i]! + leastNormal;
      const underRoot = call.after.sums[i]! + epsilonInside;
      const step = learningRate / (Math.sqrt(underRoot) + epsilonOutside);
      const rootError = sums / Math.max(underRoot, leastNormal);
      return { sums, parameters: kept + step * (magnitude + gradient * rootError) };
    },
  }),
  adam: family({
    arrays: { parameters: signed, gradients: signed, firstMoments: signed, secondMoments: nonNegative },
    scalars: { ...common, ...moments },
    signature: [...start, "firstMoments", "secondMoments", ...momentNames],
    roundings: 6,
    magnitudes: (call, i) => momentMagnitudes(call, i, call.after.secondMoments[i]!),
  }),
  amsgrad: family({
    arrays: {
      parameters: signed,
      gradients: signed,
      firstMoments: signed,
      secondMoments: nonNegative,
      greatestMoments: nonNegative,
    },
    scalars: { ...common, ...moments },
    signature: [...start, "firstMoments", "secondMoments", "greatestMoments", ...momentNames],
    roundings: 6,
    magnitudes: (call, i) => {
      const { secondMoments, ...others } = momentMagnitudes(call, i, call.after.greatestMoments[i]!);
      return { ...others, secondMoments, greatestMoments: secondMoments };
    },
  }),
  rmsprop: family({
    arrays: { parameters: signed, gradients: signed, squares: nonNegative },
    scalars: { ...rmsprop, learningRate: between(1e-3, 1) },
    signature: [...start, "squares", ...rmspropNames, "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { kept, squares, own } = rmspropMagnitudes(call, i, call.scalars.learningRate);
      return { squares, parameters: kept + own };
    },
  }),
  rmspropMomentum: family({
    arrays: { parameters: signed, gradients: signed, squares: nonNegative, velocities: signed },
    scalars: rmspropMomentum,
    signature: [...start, "squares", "velocities", ...rmspropMomentumNames],
    roundings: 6,
    magnitudes: (call, i) => {
      const { momentum, rateInside, rateOutside } = call.scalars;
      const { kept, squares, own } = rmspropMagnitudes(call, i, rateInside);
      const velocities = momentum * Math.abs(call.before.velocities[i]!) + own + dtypes[call.dtype].leastNormal;
      return { squares, velocities, parameters: kept + rateOutside * velocities };
    },
  }),
  centeredRmsprop: family({
    arrays: { parameters: signed, gradients: signed, squares: nonNegative, means: signed },
    scalars: { ...rmsprop, learningRate: between(1e-3, 1) },
    signature: [...start, "squares", "means", ...rmspropNames, "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { kept, own, ...averages } = rmspropMagnitudes(call, i, call.scalars.learningRate);
      return { ...averages, parameters: kept + own };
    },
  }),
  centeredRmspropMomentum: family({
    arrays: { parameters: signed, gradients: signed, squares: nonNegative, means: signed, velocities: signed },
    scalars: rmspropMomentum,
    signature: [...start, "squares", "means", "velocities", ...rmspropMomentumNames],
    roundings: 6,
    magnitudes: (call, i) => {
      const { momentum, rateInside, rateOutside } = call.scalars;
      const { kept, own, ...averages } = rmspropMagnitudes(call, i, rateInside);
      const velocities = momentum * Math.abs(call.before.velocities[i]!) + own + dtypes[call.dtype].leastNormal;
      return { ...averages, velocities, parameters: kept + rateOutside * velocities };
    },
  }),
  adadelta,
  quotientAdadelta: adadelta,
  lion: family({
    arrays: { parameters: signed, gradients: signed, moments: signed },
    scalars: {
      ...common,
      beta1: between(0, 0.99),
      intake1: between(0.01, 1),
      beta2: between(0, 0.99),
      intake2: between(0.01, 1),
      learningRate: between(1e-3, 1),
    },
    signature: [...start, "moments", "beta1", "intake1", "beta2", "intake2", "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { l2, gradientScale, beta1, intake1, beta2, intake2, learningRate } = call.scalars;
      const { leastNormal, kept, magnitude } = prepared(call, i);
      const { parameters, gradients, moments: before } = call.before;
      const moments = intake2 * magnitude + Math.abs(beta2 * before[i]!) + leastNormal;
      const direction = intake1 * (l2 * parameters[i]! + gradientScale * gradients[i]!) + beta1 * before[i]!;
      const doubt =
        8 * dtypes[call.dtype].roundoff * (intake1 * magnitude + Math.abs(beta1 * before[i]!) + leastNormal);
      // Where rounding decides about the sign, a step either way is right.
      const step = Math.abs(direction) > doubt ? learningRate : Number.POSITIVE_INFINITY;
      return { moments, parameters: kept + step };
    },
  }),
  adamax: family({
    arrays: { parameters: signed, gradients: signed, moments: signed, norms: nonNegative },
    scalars: {
      ...common,
      beta1: between(0, 0.99),
      intake1: between(0.01, 1),
      beta2: between(0.5, 0.999),
      epsilonInside: oneOf([0, 1e-7]),
      epsilonOutside: oneOf([1e-8, 1e-3]),
      stepSize: between(1e-4, 0.1),
    },
    signature: [
      ...start,
      "moments",
      "norms",
      "beta1",
      "intake1",
      "beta2",
      "epsilonInside",
      "epsilonOutside",
      "stepSize",
    ],
    roundings: 6,
    magnitudes: (call, i) => {
      const { beta1, intake1, epsilonInside, epsilonOutside, stepSize } = call.scalars;
      const { leastNormal, kept, magnitude } = prepared(call, i);
      const moments = intake1 * magnitude + Math.abs(beta1 * call.before.moments[i]!) + leastNormal;
      const norms = call.after.norms[i]! + magnitude + epsilonInside;
      const divisor = call.after.norms[i]! + epsilonOutside;
      const own = Math.abs(call.after.moments[i]!);
      const normError = divisor === Number.POSITIVE_INFINITY ? 0 : norms / divisor;
      return { moments, norms, parameters: kept + (stepSize / divisor) * (moments + own * normError) };
    },
  }),
  nadam: family({
    arrays: { parameters: signed, gradients: signed, firstMoments: signed, secondMoments: nonNegative },
    scalars: {
      ...common,
      beta1: between(0, 0.99),
      intake1: between(0.01, 1),
      beta2: between(0.5, 0.999),
      intake2: between(0.001, 0.5),
      gradientRate: between(1e-4, 0.1),
      momentRate: between(1e-4, 0.1),
      epsilon: oneOf([1e-8, 1e-7]),
    },
    signature: [
      ...start,
      "firstMoments",
      "secondMoments",
      "beta1",
      "intake1",
      "beta2",
      "intake2",
      "gradientRate",
      "momentRate",
      "epsilon",
    ],
    roundings: 6,
    magnitudes: (call, i) => {
      const { beta1, intake1, beta2, intake2, gradientRate, momentRate, epsilon } = call.scalars;
      const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
      const firstMoments = intake1 * magnitude + Math.abs(beta1 * call.before.firstMoments[i]!) + leastNormal;
      const secondMoments = 2 * intake2 * gradient * magnitude + beta2 * call.before.secondMoments[i]! + leastNormal;
      const second = call.after.secondMoments[i]!;
      const direction = momentRate * firstMoments + gradientRate * magnitude;
      const rootError = second === Number.POSITIVE_INFINITY ? 0 : secondMoments / Math.max(second, leastNormal);
      const own = momentRate * Math.abs(call.after.firstMoments[i]!) + gradientRate * gradient;
      const step = (direction + own * rootError) / (Math.sqrt(second) + epsilon);
      return { firstMoments, secondMoments, parameters: kept + step };
    },
  }),
  yogi: family({
    arrays: { parameters: signed, gradients: signed, firstMoments: signed, secondMoments: nonNegative },
    scalars: {
      ...common,
      beta1: moments.beta1,
      intake1: moments.intake1,
      intake2: moments.intake2,
      stepSize: moments.stepSize,
      rootScale: moments.rootScale,
      epsilon: oneOf([1e-3, 1e-7]),
    },
    signature: [
      ...start,
      "firstMoments",
      "secondMoments",
      "beta1",
      "intake1",
      "intake2",
      "stepSize",
      "rootScale",
      "epsilon",
    ],
    roundings: 6,
    magnitudes: (call, i) => {
      const { beta1, intake1, intake2, stepSize, rootScale, epsilon } = call.scalars;
      const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
      const firstMoments = intake1 * magnitude + Math.abs(beta1 * call.before.firstMoments[i]!) + leastNormal;
      const before = call.before.secondMoments[i]!;
      // Where rounding decides whether the second moment goes up or down, either is right.
      const doubt = 16 * dtypes[call.dtype].roundoff * (gradient * magnitude + leastNormal);
      if (Math.abs(before - gradient * gradient) <= doubt) {
        const any = Number.POSITIVE_INFINITY;
        return { firstMoments, secondMoments: any, parameters: any };
      }
      const secondMoments = 2 * intake2 * gradient * magnitude + before + leastNormal;
      const second = call.after.secondMoments[i]!;
      const rootError = second === Number.POSITIVE_INFINITY ? 0 : secondMoments / Math.max(second, leastNormal);
      const own = firstMoments + Math.abs(call.after.firstMoments[i]!) * rootError;
      return {
        firstMoments,
        secondMoments,
        parameters: kept + (stepSize / (rootScale * Math.sqrt(second) + epsilon)) * own,
      };
    },
  }),
  adabelief: family({
    arrays: { parameters: signed, gradients: signed, firstMoments: signed, variances: nonNegative },
    scalars: {
      ...common,
      beta1: moments.beta1,
      intake1: moments.intake1,
      beta2: moments.beta2,
      intake2: moments.intake2,
      epsilonInside: oneOf([0, 1e-7]),
      stepSize: moments.stepSize,
      epsilonOutside: oneOf([1e-8, 1e-3]),
    },
    signature: [
      ...start,
      "firstMoments",
      "variances",
      "beta1",
      "intake1",
      "beta2",
      "intake2",
      "epsilonInside",
      "stepSize",
      "epsilonOutside",
    ],
    roundings: 6,
    magnitudes: (call, i) => {
      const { beta1, intake1, beta2, intake2, epsilonInside, stepSize, epsilonOutside } = call.scalars;
      const { leastNormal, kept, signed, magnitude } = prepared(call, i);
      const { firstMoments: M, variances: V } = call.before;
      const firstMoments = intake1 * magnitude + Math.abs(beta1 * M[i]!) + leastNormal;
      const surprise = Math.abs(signed - M[i]!);
      const spread = magnitude + Math.abs(M[i]!);
      const { roundoff } = dtypes[call.dtype];
      const variances =
        2 * intake2 * (surprise + 8 * roundoff * spread) * spread + beta2 * V[i]! + epsilonInside + leastNormal;
      const variance = call.after.variances[i]!;
      const rootError = variance === Number.POSITIVE_INFINITY ? 0 : variances / Math.max(variance, leastNormal);
      const own = firstMoments + Math.abs(call.after.firstMoments[i]!) * rootError;
      const step = stepSize / (Math.sqrt(variance) + epsilonOutside);
      return { firstMoments, variances, parameters: kept + step * own };
    },
  }),
  ...adaptiveFamilies,
  ...updateMomentumFamilies,
  ...updateFreeFamilies,
};
