// What the tables of assembly/update share. The magnitudes follow the rules step by step: `prepared` is the gradient that a
// rule sees, with |l2 p| + |scale g| for the errors that it brings along.

import { type Dtype, dtypes, type FloatArray, nonNegative, pick, type Random, signed } from "../numbers.js";

export const between = (low: number, high: number) => (random: Random) => low + (high - low) * random();
export const oneOf = (values: readonly number[]) => (random: Random) => pick(random, values);

export const common = {
  gradientScale: (random: Random) => pick(random, [1, -1, 0.1 + random(), 1e-3]),
  l2: (random: Random) => pick(random, [0, 0.01 * random(), 0.5]),
  shrink: (random: Random) => pick(random, [0, 0.1 * random()]),
  clipValue: (random: Random) => pick(random, [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0.5 + random()]),
  clear: oneOf([0, 1]),
};

export const start = ["n", "parameters", "gradients", "options"] as const;

export interface Common {
  readonly dtype: Dtype;
  readonly scalars: Readonly<Record<"gradientScale" | "l2" | "shrink" | "clipValue", number>>;
  readonly before: Readonly<Record<"parameters" | "gradients", FloatArray>>;
}

export function prepared(
  { dtype, scalars: { gradientScale, l2, shrink, clipValue }, before: { parameters, gradients } }: Common,
  i: number,
) {
  const { leastNormal } = dtypes[dtype];
  const parameter = parameters[i]!;
  const raw = gradients[i]!;
  const penalty = l2 === 0 ? 0 : l2 * parameter;
  const clipped = Math.max(Math.min(gradientScale * raw, clipValue), -clipValue);
  return {
    leastNormal,
    kept: (1 + shrink) * Math.abs(parameter) + leastNormal,
    signed: penalty + clipped,
    gradient: Math.abs(penalty + clipped),
    magnitude: Math.abs(penalty) + Math.abs(clipped) + leastNormal,
  };
}

export const moments = {
  beta1: between(0, 0.99),
  intake1: between(0.01, 1),
  beta2: between(0.5, 0.999),
  intake2: between(0.001, 0.5),
  stepSize: between(1e-4, 0.1),
  rootScale: between(1, 30),
  epsilon: oneOf([1e-8, 1e-7]),
};

export const momentNames = ["beta1", "intake1", "beta2", "intake2", "stepSize", "rootScale", "epsilon"] as const;

interface Moments extends Common {
  readonly scalars: Common["scalars"] & Readonly<Record<keyof typeof moments, number>>;
  readonly before: Common["before"] & Readonly<Record<"firstMoments" | "secondMoments", FloatArray>>;
  readonly after: Readonly<Record<"firstMoments" | "secondMoments", FloatArray>>;
}

/** With the second moment that stands under the root, which is another one in AMSGrad. */
export function momentMagnitudes(call: Moments, i: number, underRoot: number) {
  const { beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon } = call.scalars;
  const { leastNormal, kept, gradient, magnitude } = prepared(call, i);
  const firstMoments = intake1 * magnitude + Math.abs(beta1 * call.before.firstMoments[i]!) + leastNormal;
  const secondMoments = 2 * intake2 * gradient * magnitude + beta2 * call.before.secondMoments[i]! + leastNormal;
  const root = rootScale * Math.sqrt(underRoot) + epsilon;
  const rootError = secondMoments / Math.max(underRoot, leastNormal);
  const own = Math.abs(call.after.firstMoments[i]!);
  return { firstMoments, secondMoments, parameters: kept + (stepSize / root) * (firstMoments + own * rootError) };
}

/** The arguments of Adadelta, of each of its forms. */
export const adadeltaArguments = {
  arrays: { parameters: signed, gradients: signed, squares: nonNegative, deltas: nonNegative },
  scalars: {
    ...common,
    decay: between(0, 0.999),
    intake: between(0.001, 1),
    epsilon: oneOf([1e-6, 1e-2]),
    learningRate: between(1e-3, 1),
  },
  signature: [...start, "squares", "deltas", "decay", "intake", "epsilon", "learningRate"],
} as const;
