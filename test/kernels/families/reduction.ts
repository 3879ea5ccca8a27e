// assembly/vector/reduction.ts. Only sums of products can be fused; the others are the same to the bit on relaxed.

import { type Dtype, dtypes, type FloatArray, signed } from "../numbers.js";
import { family } from "./family.js";

const unary = { arrays: { x: signed }, scalars: {}, signature: ["n", "x"] as const };

const PRODUCT_ROUNDINGS = 6;

function sumOfProducts(dtype: Dtype, x: FloatArray, y: FloatArray): number {
  let sum = x.length * dtypes[dtype].leastNormal;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i]! * y[i]!);
  return sum;
}

export const reductionFamilies = {
  dot: family({
    arrays: { x: signed, y: signed },
    scalars: {},
    signature: ["n", "x", "y"],
    aliases: [["x", "y"]],
    roundings: PRODUCT_ROUNDINGS,
    resultMagnitude: ({ dtype, before: { x, y } }) => sumOfProducts(dtype, x, y),
  }),
  squaredNorm: family({
    ...unary,
    roundings: PRODUCT_ROUNDINGS,
    resultMagnitude: ({ dtype, before: { x } }) => sumOfProducts(dtype, x, x),
  }),
  sum: family(unary),
  absoluteSum: family(unary),
  absoluteMaximum: family(unary),
  nonFiniteCount: family(unary),
};
