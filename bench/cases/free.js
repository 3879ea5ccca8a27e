/* Rules without a schedule or a rate, and for saddle points: rows as in ../kernel-cases.js. */

/** The rate, the shares of the average, those of the point between. */
const interpolation = [1e-9, 0.99, 0.01, 0.9, 0.1];

/** Where Prodigy writes its sums: the line of memory in front of the options. */
const sums = 0;

export const freeCases = [
  {
    family: "optimistic",
    traffic: 5,
    native: false,
    kernel: ({ x, y, z }) => [x, y, 0, z, 1e-9, 1],
    plain: ({ x, y, z }) => [x, y, z, 1e-9, 1],
  },
  {
    family: "scheduleFreeSgd",
    traffic: 7,
    native: false,
    kernel: ({ x, y, z, u }) => [x, y, 0, z, u, ...interpolation],
    plain: ({ x, y, z, u }) => [x, y, z, u, ...interpolation],
  },
  {
    family: "scheduleFreeAdamw",
    traffic: 9,
    native: false,
    kernel: ({ x, y, z, u, w }) => [x, y, 0, z, w, u, ...interpolation, 0.999, 0.001, 1e-8],
    plain: ({ x, y, z, u, w }) => [x, y, z, w, u, ...interpolation, 0.999, 0.001, 1e-8],
  },
  {
    // The gradients stand for the start as well, which is only read.
    family: "prodigy",
    traffic: 9,
    native: false,
    kernel: ({ x, y, z, u, w }) => [x, y, 0, z, u, y, w, 0.9, 0.1, 0.999, 0.001, 0.9995, 0.0005, 1e-9, 1e-8, sums],
    plain: ({ x, y, z, u, w }) => [x, y, z, u, y, w, 0.9, 0.1, 0.999, 0.001, 0.9995, 0.0005, 1e-9, 1e-8],
  },
];
