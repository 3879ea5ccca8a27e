/*
 * The update rules that are timed, through the optimizers that users make, a row each:
 *
 *   rule         the function
 *   variant      what is added to its name, where a function has several rows
 *   options      beside the learning rate
 *   traffic      float32 arrays read plus arrays written in a step: the bytes that must move, in fours
 *   elementwise  false where norms, matrices or further gradients ask for more than one pass
 *   loop         the plain loop in ../plain.js or ./*-loops.js; the rule if not given
 *   plain        its arguments, of five arrays; the row is not compared where there are none
 *   bound        what it waits for where that is not the memory, by an experiment without it
 *   bars         how many times as fast as the plain loop in cache it is to be
 *
 * The arrays: x, y, z hold numbers around 0, u and w positive ones.
 */

import { bfloat16, int8 } from "schuss";

const RATE = 1e-9;
const moments = [0.9, 0.1, 0.999, 0.001];
/** Without them the rule moves its bytes as fast as a copy does. */
const root = "divide and square root";

/** Twice as many as over full state: without rounding and packing a step takes 0.73 of the time, without roots and divisions 0.85. */
const instructions = "instructions";

/** The rate, the shares of the average, those of the point between. */
const interpolation = [RATE, 0.99, 0.01, 0.9, 0.1];

const adamFamily = [
  { rule: "adam", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, RATE, 1.01, 1e-8] },
  {
    rule: "adam",
    variant: "amsgrad",
    options: { amsgrad: true },
    loop: "amsgrad",
    traffic: 9,
    plain: ({ x, y, z, u, w }) => [x, y, z, u, w, ...moments, RATE, 1.01, 1e-8],
  },
  { rule: "adamw", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, RATE, 1.01, 1e-8, RATE] },
  {
    rule: "amsgrad",
    loop: "correctedAmsgrad",
    traffic: 9,
    plain: ({ x, y, z, u, w }) => [x, y, z, u, w, ...moments, RATE, 1.01, 1e-8],
  },
  { rule: "adamax", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, 0.9, 0.1, 0.999, RATE, 1e-8] },
  { rule: "nadam", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, RATE, RATE, 1e-8] },
  { rule: "radam", loop: "adam", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, RATE, 1.01, 1e-8] },
  { rule: "yogi", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, 0.9, 0.1, 0.001, RATE, 1.01, 1e-8] },
  { rule: "adabelief", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, 1e-16, RATE, 1e-8] },
  { rule: "dampedAdam", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, RATE, 1e-10, 1e-16] },
].map((row) => ({ ...row, bars: 6 }));

/** State in fewer bits: parameters and gradients as ever, moments in halves and quarters. */
const compressed = [
  { storage: bfloat16, name: "bfloat16", share: 1 / 2 },
  { storage: int8, name: "int8", share: 1 / 4 },
].flatMap(({ storage, name, share }) => [
  {
    rule: "adamw",
    variant: name,
    options: { stateStorage: storage },
    traffic: 3 + 4 * share,
    bound: name === "int8" ? instructions : root,
  },
  {
    rule: "lion",
    variant: name,
    options: { stateStorage: storage },
    traffic: 3 + 2 * share,
    bound: name === "int8" ? instructions : undefined,
  },
  {
    rule: "sgd",
    variant: `momentum, ${name}`,
    options: { momentum: 0.9, stateStorage: storage },
    traffic: 3 + 2 * share,
    bound: name === "int8" ? instructions : undefined,
  },
]);

const plainRules = [
  { rule: "sgd", traffic: 3, plain: ({ x, y }) => [x, y, RATE] },
  {
    rule: "sgd",
    variant: "momentum",
    options: { momentum: 0.9 },
    loop: "momentum",
    traffic: 5,
    plain: ({ x, y, z }) => [x, y, z, RATE, 0.9],
  },
  { rule: "sgd", variant: "Nesterov", options: { momentum: 0.9, nesterov: true }, traffic: 5 },
  { rule: "asgd", traffic: 5 },
  { rule: "emaMomentum", traffic: 5 },
  { rule: "windowedMomentum", traffic: 9, plain: ({ x, y, z, u, w }) => [x, y, z, u, w, RATE] },
  { rule: "signSgd", traffic: 3, plain: ({ x, y }) => [x, y, RATE] },
  { rule: "signum", traffic: 5, loop: "lion", plain: ({ x, y, z }) => [x, y, z, 0.9, 0.1, 0.9, 0.1, RATE] },
  { rule: "lion", traffic: 5, plain: ({ x, y, z }) => [x, y, z, 0.9, 0.1, 0.99, 0.01, RATE] },
  { rule: "optimisticGradient", loop: "optimistic", traffic: 5, plain: ({ x, y, z }) => [x, y, z, RATE, 1] },
];

const adaptive = [
  { rule: "adagrad", traffic: 5, plain: ({ x, y, u }) => [x, y, u, RATE, 1e-10] },
  { rule: "frequencyAwareSgd", traffic: 5, plain: ({ x, y, u }) => [x, y, u, RATE] },
  { rule: "rmsprop", traffic: 5, plain: ({ x, y, u }) => [x, y, u, 0.99, 0.01, 1e-8, RATE] },
  {
    rule: "rmsprop",
    variant: "centred, momentum",
    options: { centered: true, momentum: 0.9 },
    traffic: 9,
  },
  { rule: "adadelta", traffic: 7, plain: ({ x, y, u, w }) => [x, y, u, w, 0.9, 0.1, 1e-6, RATE] },
  { rule: "rprop", traffic: 7, plain: ({ x, y, z, u }) => [x, y, u, z, 1.2, 0.5, RATE, 1e-3] },
];

const withoutSchedule = [
  { rule: "scheduleFreeSgd", traffic: 7, plain: ({ x, y, z, u }) => [x, y, z, u, ...interpolation] },
  {
    rule: "scheduleFreeAdamw",
    traffic: 9,
    plain: ({ x, y, z, u, w }) => [x, y, z, w, u, ...interpolation, 0.999, 0.001, 1e-8],
  },
  {
    // The gradients stand for the start in the plain loop, where both are only read.
    rule: "prodigy",
    traffic: 10,
    bound: root,
    plain: ({ x, y, z, u, w }) => [x, y, z, u, y, w, ...moments, 0.9995, 0.0005, RATE, 1e-8],
  },
];

/** The traffic is that of the passes that they can't do without. */
const inPasses = [
  // The norms of gradients or directions before the step along them.
  { rule: "adagradNorm", traffic: 4 },
  { rule: "adagradNormEma", traffic: 4 },
  { rule: "adagradNormSafeguarded", traffic: 4 },
  { rule: "normalizedSgd", traffic: 6 },
  { rule: "lars", traffic: 7 },
  { rule: "lamb", traffic: 10, plain: ({ x, y, z, u }) => [x, y, z, u, ...moments, 1, 1.01, 1e-8, RATE] },
  { rule: "novograd", traffic: 6 },
  // Matrices: sums of rows and columns, before the step or with it.
  { rule: "sm3", traffic: 5 },
  { rule: "sm3", variant: "without momentum", options: { momentum: 0 }, traffic: 3 },
  { rule: "adafactor", traffic: 6 },
  // To the point of the gradient and back, or to two of them.
  { rule: "nesterovLookahead", traffic: 9 },
  { rule: "acceleratedGradient", traffic: 9 },
  { rule: "linearCoupling", traffic: 9 },
  { rule: "extragradient", traffic: 7 },
  { rule: "storm", traffic: 15 },
  // Ten pairs, each met twice with a dot product and an axpy.
  { rule: "lbfgs", traffic: 100 },
].map((row) => ({ ...row, elementwise: false }));

/**
 * @typedef {object} RuleCase
 * @property {string} rule
 * @property {string} [variant]
 * @property {object} options
 * @property {number} traffic
 * @property {boolean} elementwise
 * @property {string} loop
 * @property {(arrays: Record<"x" | "y" | "z" | "u" | "w", Float32Array>) => unknown[]} [plain]
 * @property {string} [bound]
 * @property {number} [bars]
 */

/**
 * The name of a row.
 * @param {Pick<RuleCase, "rule" | "variant">} row
 */
export const nameOf = ({ rule, variant }) => (variant === undefined ? rule : `${rule}, ${variant}`);

/** @type {RuleCase[]} */
export const ruleCases = [
  ...plainRules,
  ...adaptive,
  ...adamFamily,
  ...withoutSchedule,
  ...inPasses,
  ...compressed,
].map((row) => ({ elementwise: true, options: {}, loop: row.rule, ...row }));
