// The update rules of schuss, a row each.

import * as schuss from "schuss";

/** @type {Map<string, (target: import("schuss").ParameterSet, options: object) => import("schuss").Optimizer>} */
const functions = new Map(Object.entries(schuss));

/**
 * @typedef {object} Rule
 * @property {string} name
 * @property {string} family the chart that it goes into
 * @property {number[]} rates to choose from
 * @property {boolean} averages whether its averages are what it comes to
 * @property {(target: import("schuss").ParameterSet, learningRate?: number) => import("schuss").Optimizer} create with the
 *   default rate where none is given
 */

/** The middle of the rates tried, then the function, then what is added to its name, and options. */
const families = {
  "Descent and momentum": [
    [0.3, "sgd"],
    [0.1, "sgd", "momentum", { momentum: 0.9 }],
    [0.1, "sgd", "nesterov", { momentum: 0.9, nesterov: true }],
    [0.1, "nesterovLookahead"],
    [0.3, "emaMomentum"],
    [0.3, "windowedMomentum"],
    [0.1, "acceleratedGradient"],
    [0.1, "linearCoupling"],
    [0.1, "normalizedSgd"],
  ],
  "Averages, lookahead, several gradients": [
    [0.3, "sgd", "uniform average", { average: { kind: "uniform" } }],
    [0.3, "sgd", "exponential average", { average: { kind: "exponential", decay: 0.95 } }],
    [0.3, "sgd", "LAWA", { average: { kind: "last", count: 5, every: 10 } }],
    [0.3, "asgd", "", { averageFrom: 0 }, { averages: true }],
    [0.1, "sgd", "momentum, lookahead", { momentum: 0.9, lookahead: {} }],
    [0.1, "sgd", "momentum, SAM", { momentum: 0.9, sharpness: {} }],
    [0.3, "extragradient"],
    [0.3, "optimisticGradient"],
    [0.3, "lbfgs"],
    [0.1, "storm"],
    [0.03, "storm", "normalised", { normalize: true }],
    [1, "scheduleFreeSgd", "", {}, { averages: true }],
    [0.01, "scheduleFreeAdamw", "", {}, { averages: true }],
    [1, "prodigy"],
  ],
  "One rate for all, from norms": [
    [1, "adagradNorm"],
    [1, "adagradNormEma"],
    [10, "adagradNormSafeguarded"],
    // A rate of 1 moves a layer by a hundredth of its norm; the paper's thousandth is for some ten thousand steps.
    [1, "lars", "trust 0.01", { trustCoefficient: 0.01 }],
    [0.03, "lamb"],
    [0.03, "novograd"],
  ],
  "A rate for each coordinate": [
    [0.03, "adagrad"],
    [1, "frequencyAwareSgd"],
    [0.003, "rmsprop"],
    [10, "adadelta"],
    [0.1, "sm3"],
    [0.1, "adafactor"],
    [0.003, "rprop"],
    [0.003, "signSgd"],
    [0.003, "signum"],
    [0.003, "lion"],
  ],
  "Adam and its kin": [
    [0.01, "adam"],
    [0.01, "adamw"],
    [0.01, "amsgrad"],
    [0.01, "adamax"],
    [0.01, "nadam"],
    [0.01, "radam"],
    [0.01, "yogi"],
    [0.01, "adabelief"],
    [0.01, "dampedAdam"],
  ],
  "Whole matrices": [
    [0.003, "muon"],
    [0.01, "shampoo"],
    [0.01, "soap"],
  ],
};

/** Rates about 3 times apart. */
const LADDER = [-5, -4, -3, -2, -1, 0, 1, 2, 3].flatMap((exponent) => [
  Number(`1e${exponent}`),
  Number(`3e${exponent}`),
]);

/** How many rates are tried on either side of the middle. */
const REACH = 2;

/** @type {Rule[]} */
export const rules = Object.entries(families).flatMap(([family, rows]) =>
  rows
    .filter(([, name]) => functions.has(name))
    .map(([middle, name, variant = "", options = {}, { averages = "average" in options } = {}]) => ({
      name: variant === "" ? name : `${name}, ${variant}`,
      family,
      rates: LADDER.slice(LADDER.indexOf(middle) - REACH, LADDER.indexOf(middle) + REACH + 1),
      averages,
      create: (target, learningRate) => functions.get(name)(target, { ...options, learningRate }),
    })),
);
