/*
 * The kernels that are timed against C, one row each; all update rules are in ./cases/rules.js:
 *
 *   family   the kernel's name without its element type
 *   name     the name of the row and of the loops in plain.js and native/loops.h; the family if not given
 *   traffic  arrays read plus arrays written: the bytes per element that must move
 *   kernel   the kernel's arguments, n left out: of the pointers to five arrays and to the options of a step
 *   plain    the plain loop's arguments: of the five arrays
 *   bars     what is to be reached: `than`, whom to compare with; `atLeast`, times as fast; `at`, which n; `dtype`
 *
 * The arrays: x, y, z hold numbers around 0, u and w positive ones.
 */

const IN_CACHE = 2 ** 14;
const OUT_OF_CACHE = 2 ** 22;

/** A kernel may reach less than C in cache, where C has vectors of 256 or 512 bits, than where both wait for memory. */
const native = (atLeast) => [
  { than: "C", atLeast, at: IN_CACHE },
  { than: "C", atLeast: 0.9, at: OUT_OF_CACHE },
];

const adam = [0.9, 0.1, 0.999, 0.001, 1e-9, 1.01, 1e-8];

/** Where the gradients are cleared, moments that decay would soon be subnormal. These stay. */
const adamStanding = [1, 0.1, 1, 0.001, 1e-9, 1.01, 1e-8];

/** No options: gradientScale 1, l2 0, shrink 0, gradients left as they are. */
const ordinary = [0];

export const kernelCases = [
  {
    family: "axpy",
    traffic: 3,
    kernel: ({ x, y }) => [1e-9, x, y],
    plain: ({ x, y }) => [1e-9, x, y],
    bars: [{ than: "plain", atLeast: 8, at: IN_CACHE, dtype: "f32" }, ...native(0.7)],
  },
  {
    family: "axpby",
    traffic: 3,
    kernel: ({ x, y }) => [0.5, x, 0.5, y],
    plain: ({ x, y }) => [0.5, x, 0.5, y],
  },
  { family: "scale", traffic: 2, kernel: ({ x }) => [-1, x], plain: ({ x }) => [-1, x] },
  { family: "copy", traffic: 2, kernel: ({ x, y }) => [x, y], plain: ({ x, y }) => [x, y] },
  { family: "fill", traffic: 1, kernel: ({ x }) => [0.5, x], plain: ({ x }) => [0.5, x] },
  {
    family: "hadamardProduct",
    traffic: 3,
    kernel: ({ x, y, z }) => [x, y, z],
    plain: ({ x, y, z }) => [x, y, z],
  },
  { family: "flush", traffic: 2, kernel: ({ x }) => [1e-30, x], plain: ({ x }) => [1e-30, x] },
  {
    family: "dot",
    traffic: 2,
    kernel: ({ x, y }) => [x, y],
    plain: ({ x, y }) => [x, y],
    bars: [{ than: "plain", atLeast: 10, at: IN_CACHE, dtype: "f32" }, ...native(0.8)],
  },
  { family: "squaredNorm", traffic: 1, kernel: ({ x }) => [x], plain: ({ x }) => [x] },
  { family: "sum", traffic: 1, kernel: ({ x }) => [x], plain: ({ x }) => [x] },
  { family: "absoluteSum", traffic: 1, kernel: ({ x }) => [x], plain: ({ x }) => [x] },
  { family: "absoluteMaximum", traffic: 1, kernel: ({ x }) => [x], plain: ({ x }) => [x] },
  { family: "nonFiniteCount", traffic: 1, kernel: ({ x }) => [x], plain: ({ x }) => [x] },
  {
    family: "sgd",
    traffic: 3,
    kernel: ({ x, y }) => [x, y, ...ordinary, 1e-9],
    plain: ({ x, y }) => [x, y, 1e-9],
  },
  {
    family: "momentum",
    traffic: 5,
    kernel: ({ x, y, z }) => [x, y, ...ordinary, z, 1e-9, 0.9, 1, 0, 1],
    plain: ({ x, y, z }) => [x, y, z, 1e-9, 0.9],
  },
  {
    family: "adagrad",
    traffic: 5,
    kernel: ({ x, y, u }) => [x, y, ...ordinary, u, 1e-9, 0, 1e-10],
    plain: ({ x, y, u }) => [x, y, u, 1e-9, 1e-10],
  },
  {
    family: "adam",
    traffic: 7,
    kernel: ({ x, y, z, u }) => [x, y, ...ordinary, z, u, ...adam],
    plain: ({ x, y, z, u }) => [x, y, z, u, ...adam],
    bars: [{ than: "plain", atLeast: 6, at: IN_CACHE, dtype: "f32" }, ...native(0.75)],
  },
  {
    // Clipped, decayed, cleared, counted.
    family: "adam",
    name: "adamEverything",
    traffic: 8,
    kernel: ({ x, y, z, u, options }) => [x, y, options, z, u, ...adamStanding],
    plain: ({ x, y, z, u }) => [x, y, z, u, ...adamStanding, 0.5, 1e-9],
  },
  {
    family: "amsgrad",
    traffic: 9,
    kernel: ({ x, y, z, u, w }) => [x, y, ...ordinary, z, u, w, ...adam],
    plain: ({ x, y, z, u, w }) => [x, y, z, u, w, ...adam],
  },
];
