// The update rules of schuss, a row each.

import * as schuss from "schuss";

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
    [0.03, "sgd", "momentum", { momentum: 0.9 }],
    [0.03, "sgd", "nesterov", { momentum: 0.9, nesterov: true }],
    [0.03, "nesterovLookahead"],
    [0.3, "emaMomentum"],
    [0.3, "windowedMomentum"],
    [0.03, "acceleratedGradient"],
    [0.03, "linearCoupling"],
    [0.1, "normalizedSgd"],
  ],
  "Averages, lookahead, several gradients": [
    [0.3, "sgd", "uniform average", { average: { kind: "uniform" } }],
    [0.3, "sgd", "exponential average", { average: { kind: "exponential", decay: 0.95 } }],
    [0.3, "sgd", "LAWA", { average: { kind: "last", count: 5, every: 10 } }],
    [0.03, "sgd", "momentum, lookahead", { momentum: 0.9, lookahead: {} }],
    [0.03, "sgd", "momentum, SAM", { momentum: 0.9, sharpness: {} }],
    [0.3, "extragradient"],
    [0.3, "optimisticGradient"],
    [0.1, "storm"],
    [0.1, "normalizedStorm"],
    [1, "scheduleFreeSgd", "", {}, { averages: true }],
    [0.01, "scheduleFreeAdamw", "", {}, { averages: true }],
    [1, "prodigy"],
  ],
  "One rate for all, from norms": [
    [1, "adagradNorm"],
    [1, "adagradNormEma"],
    [10, "adagradNormSafeguarded"],
    [10, "lars"],
    [0.01, "lamb"],
    [0.01, "novograd"],
  ],
  "A rate for each coordinate": [
    [0.03, "adagrad"],
    [0.3, "frequencyAwareSgd"],
    [1e-3, "rmsprop"],
    [10, "adadelta"],
    [0.1, "sm3"],
    [0.01, "adafactor"],
    [1e-3, "rprop"],
    [1e-3, "signSgd"],
    [1e-3, "signum"],
    [1e-3, "lion"],
  ],
  "Adam and its kin": [
    [3e-3, "adam"],
    [3e-3, "adamw"],
    [3e-3, "amsgrad"],
    [3e-3, "adamax"],
    [3e-3, "nadam"],
    [3e-3, "radam"],
    [0.01, "yogi"],
    [3e-3, "adabelief"],
    [3e-3, "dampedAdam"],
  ],
};

/** The rates tried: the middle one times these. */
const FACTORS = [0.1, 0.3, 1, 3, 10];

/** @type {Rule[]} */
export const rules = Object.entries(families).flatMap(([family, rows]) =>
  rows
    .filter(([, name]) => name in schuss)
    .map(([middle, name, variant = "", options = {}, { averages = "average" in options } = {}]) => ({
      name: variant === "" ? name : `${name}, ${variant}`,
      family,
      rates: FACTORS.map((factor) => Number((middle * factor).toPrecision(1))),
      averages,
      create: (target, learningRate) => schuss[name](target, { ...options, learningRate }),
    })),
);
