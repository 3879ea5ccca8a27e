/* Rules with a rate for each coordinate or tensor: rows as in ../kernel-cases.js. */

const lamb = [0.9, 0.1, 0.999, 0.001, 1, 1.01, 1e-8, 1e-9];

export const adaptiveCases = [
  {
    family: "rprop",
    traffic: 7,
    native: false,
    kernel: ({ x, y, z, u }) => [x, y, 0, u, z, 1.2, 0.5, 1e-9, 1e-8],
    plain: ({ x, y, z, u }) => [x, y, u, z, 1.2, 0.5, 1e-9, 1e-8],
  },
  {
    family: "dampedAdam",
    traffic: 7,
    native: false,
    kernel: ({ x, y, z, u }) => [x, y, 0, z, u, 0.9, 0.1, 0.999, 0.001, 1e-9, 1e-10, 1e-16],
    plain: ({ x, y, z, u }) => [x, y, z, u, 0.9, 0.1, 0.999, 0.001, 1e-9, 1e-10, 1e-16],
  },
  {
    family: "correctedAmsgrad",
    traffic: 9,
    native: false,
    kernel: ({ x, y, z, u, w }) => [x, y, 0, z, u, w, 0.9, 0.1, 0.999, 0.001, 1e-9, 1.01, 1e-8],
    plain: ({ x, y, z, u, w }) => [x, y, z, u, w, 0.9, 0.1, 0.999, 0.001, 1e-9, 1.01, 1e-8],
  },
  {
    // All elements are one tensor, and gone over twice: parameters, gradients, moments, then all but the gradients.
    family: "lamb",
    traffic: 10,
    native: false,
    kernel: ({ x, y, z, u }) => [x, y, 0, z, u, ...lamb],
    plain: ({ x, y, z, u }) => [x, y, z, u, ...lamb],
  },
];
