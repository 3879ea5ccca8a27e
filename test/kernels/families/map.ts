// assembly/vector/map.ts

import { dtypes, nonNegative, signed } from "../numbers.js";
import { family } from "./family.js";

export const mapFamilies = {
  axpy: family({
    arrays: { x: signed, y: signed },
    scalars: { alpha: signed },
    signature: ["n", "alpha", "x", "y"],
    aliases: [["x", "y"]],
    roundings: 3,
    magnitudes: ({ dtype, scalars: { alpha }, before: { x, y } }, i) => ({
      y: Math.abs(alpha * x[i]!) + Math.abs(y[i]!) + dtypes[dtype].leastNormal,
    }),
  }),
  axpby: family({
    arrays: { x: signed, y: signed },
    scalars: { alpha: signed, beta: signed },
    signature: ["n", "alpha", "x", "beta", "y"],
    aliases: [["x", "y"]],
    roundings: 3,
    magnitudes: ({ dtype, scalars: { alpha, beta }, before: { x, y } }, i) => ({
      y: Math.abs(alpha * x[i]!) + Math.abs(beta * y[i]!) + dtypes[dtype].leastNormal,
    }),
  }),
  scale: family({
    arrays: { x: signed },
    scalars: { alpha: signed },
    signature: ["n", "alpha", "x"],
  }),
  copy: family({
    arrays: { x: signed, y: signed },
    scalars: {},
    signature: ["n", "x", "y"],
    aliases: [["x", "y"]],
  }),
  fill: family({
    arrays: { x: signed },
    scalars: { alpha: signed },
    signature: ["n", "alpha", "x"],
  }),
  hadamardProduct: family({
    arrays: { x: signed, y: signed, z: signed },
    scalars: {},
    signature: ["n", "x", "y", "z"],
    aliases: [
      ["x", "y"],
      ["x", "z"],
      ["y", "z"],
      ["x", "y", "z"],
    ],
  }),
  flush: family({
    arrays: { x: signed },
    scalars: { threshold: nonNegative },
    signature: ["n", "threshold", "x"],
  }),
};
