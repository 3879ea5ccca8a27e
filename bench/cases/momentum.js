/* Rules along signs, counts and windows of gradients: rows as in ../kernel-cases.js. */

export const momentumCases = [
  {
    family: "signSgd",
    traffic: 3,
    native: false,
    kernel: ({ x, y }) => [x, y, 0, 1e-9],
    plain: ({ x, y }) => [x, y, 1e-9],
  },
  {
    family: "frequencyAwareSgd",
    traffic: 5,
    native: false,
    kernel: ({ x, y, u }) => [x, y, 0, u, 1e-9],
    plain: ({ x, y, u }) => [x, y, u, 1e-9],
  },
  {
    family: "windowedMomentum",
    traffic: 9,
    native: false,
    kernel: ({ x, y, z, u, w }) => [x, y, 0, z, u, w, 0, 1e-9],
    plain: ({ x, y, z, u, w }) => [x, y, z, u, w, 1e-9],
  },
];
