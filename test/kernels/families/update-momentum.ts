// Rules that go along signs, counts and windows of gradients.

import { dtypes, nonNegative, signed } from "../numbers.js";
import { family } from "./family.js";
import { between, common, oneOf, prepared, start } from "./update-common.js";

/** Where rounding decides about the sign of a gradient, or whether it is 0, either is right. */
function isDoubtful({
  dtype,
  signed,
  magnitude,
}: {
  dtype: "f32" | "f64";
  signed: number;
  magnitude: number;
}): boolean {
  return Math.abs(signed) <= 4 * dtypes[dtype].roundoff * magnitude;
}

export const updateMomentumFamilies = {
  signSgd: family({
    arrays: { parameters: signed, gradients: signed },
    scalars: { ...common, learningRate: between(1e-3, 1) },
    signature: [...start, "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { kept, signed, magnitude } = prepared(call, i);
      const doubtful = isDoubtful({ dtype: call.dtype, signed, magnitude });
      return { parameters: doubtful ? Number.POSITIVE_INFINITY : kept + call.scalars.learningRate };
    },
  }),
  frequencyAwareSgd: family({
    arrays: { parameters: signed, gradients: signed, counts: nonNegative },
    scalars: { ...common, learningRate: between(1e-3, 1) },
    signature: [...start, "counts", "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { kept, signed, magnitude } = prepared(call, i);
      const doubtful = isDoubtful({ dtype: call.dtype, signed, magnitude });
      const step = call.scalars.learningRate * magnitude;
      return { counts: doubtful ? Number.POSITIVE_INFINITY : 0, parameters: kept + (doubtful ? 2 : 1) * step };
    },
  }),
  windowedMomentum: family({
    arrays: { parameters: signed, gradients: signed, newSums: signed, oldSums: signed, ring: signed },
    scalars: { ...common, turn: oneOf([0, 1]), learningRate: between(1e-3, 1) },
    signature: [...start, "newSums", "oldSums", "ring", "turn", "learningRate"],
    roundings: 6,
    magnitudes: (call, i) => {
      const { turn, learningRate } = call.scalars;
      const { newSums: N, oldSums: O, ring: R } = call.before;
      const { kept, magnitude } = prepared(call, i);
      const newSums = (turn === 1 ? 0 : Math.abs(N[i]!)) + magnitude;
      const oldSums = Math.abs(turn === 1 ? N[i]! : O[i]!) + Math.abs(R[i]!);
      return { newSums, oldSums, ring: magnitude, parameters: kept + learningRate * (newSums + oldSums) };
    },
  }),
};
