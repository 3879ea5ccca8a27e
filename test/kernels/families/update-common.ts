// What the tables of assembly/update share. The magnitudes follow the rules step by step: `prepared` is the gradient that a
// rule sees, with |l2 p| + |scale g| for the errors that it brings along.

import { type Dtype, dtypes, type FloatArray, pick, type Random } from "../numbers.js";

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
