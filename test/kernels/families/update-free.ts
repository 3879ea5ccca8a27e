// Rules without a schedule, and of two gradients.

import { dtypes, nonNegative, signed } from "../numbers.js";
import { family } from "./family.js";
import { between, type Common, common, oneOf, prepared, start } from "./update-common.js";

const interpolation = {
  learningRate: between(1e-3, 1),
  kept: between(0, 1),
  taken: between(0, 1),
  fromAverage: between(0.5, 1),
  fromIterate: between(0, 0.5),
};

const interpolationNames = ["learningRate", "kept", "taken", "fromAverage", "fromIterate"] as const;

interface Interpolation extends Common {
  readonly scalars: Common["scalars"] & Readonly<Record<(typeof interpolationNames)[number], number>>;
  readonly before: Common["before"] & Readonly<Record<"averages" | "iterates", ArrayLike<number>>>;
}

/** With what the step adds to the iterate's magnitude. */
function interpolationMagnitudes(call: Interpolation, i: number, step: number) {
  const { kept, taken, fromAverage, fromIterate, shrink } = call.scalars;
  const { parameters, averages: X, iterates: Z } = call.before;
  const { leastNormal } = dtypes[call.dtype];
  const iterates = Math.abs(Z[i]!) + shrink * Math.abs(parameters[i]!) + step + leastNormal;
  const averages = kept * Math.abs(X[i]!) + taken * iterates + leastNormal;
  return { iterates, averages, parameters: fromAverage * averages + fromIterate * iterates + leastNormal };
}

export const updateFreeFamilies = {
  scheduleFreeSgd: family({
    arrays: { parameters: signed, gradients: signed, averages: signed, iterates: signed },
    scalars: { ...common, ...interpolation },
    signature: [...start, "averages", "iterates", ...interpolationNames],
    roundings: 6,
    magnitudes: (call, i) => interpolationMagnitudes(call, i, call.scalars.learningRate * prepared(call, i).magnitude),
  }),
  scheduleFreeAdamw: family({
    arrays: {
      parameters: signed,
      gradients: signed,
      averages: signed,
      iterates: signed,
      secondMoments: nonNegative,
    },
    scalars: {
      ...common,
      ...interpolation,
      beta2: between(0.5, 0.999),
      intake2: between(0.001, 0.5),
      epsilon: oneOf([1e-8, 1e-7]),
    },
    signature: [
      ...start,
      "averages",
      "iterates",
      "secondMoments",
      ...interpolationNames,
      "beta2",
      "intake2",
      "epsilon",
    ],
    roundings: 6,
    magnitudes: (call, i) => {
      const { learningRate, beta2, intake2, epsilon } = call.scalars;
      const { leastNormal, gradient, magnitude } = prepared(call, i);
      const secondMoments = 2 * intake2 * gradient * magnitude + beta2 * call.before.secondMoments[i]! + leastNormal;
      const second = call.after.secondMoments[i]!;
      const rootError = second === Number.POSITIVE_INFINITY ? 0 : secondMoments / Math.max(second, leastNormal);
      const step = (learningRate / (Math.sqrt(second) + epsilon)) * (magnitude + gradient * rootError);
      return { secondMoments, ...interpolationMagnitudes(call, i, step) };
    },
  }),
  optimistic: family({
    arrays: { parameters: signed, gradients: signed, previous: signed },
    scalars: { ...common, learningRate: between(1e-3, 1), optimism: oneOf([0, 1, 0.5]) },
    signature: [...start, "previous", "learningRate", "optimism"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { learningRate, optimism } = call.scalars;
      const { kept, magnitude } = prepared(call, i);
      const change = optimism * (magnitude + Math.abs(call.before.previous[i]!));
      return { previous: magnitude, parameters: kept + learningRate * (magnitude + change) };
    },
  }),
};
