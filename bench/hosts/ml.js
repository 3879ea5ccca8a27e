// ml-logistic-regression and schuss/ml's class in its place, on 10,000 x 100: whole trainings with the defaults.
//
// Its descent takes 50,000 steps a class, and every one the same time, for the operations don't depend on the numbers: a few
// are timed. Where they all lead to is found by the same descent written out over typed arrays, which ends when the weights
// don't move any more.

import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";
import { logisticRegression } from "schuss/ml";
import { denseSet } from "../data-sets.js";
import { interleaved } from "./interleaved.js";
import { report } from "./rows.js";

const STEPS_TIMED = 5;
const BAR = 1000;

const set = denseSet(10_000, 100);
const X = Matrix.from1DArray(set.rows, set.columns, set.features);
const Y = Matrix.columnVector(Array.from(set.labels, (label) => (label > 0 ? 1 : 0)));

/** The margins of all rows, for the first classifier, to which its own class is 0 and the other 1. */
function scores({ rows, columns, features, labels }, weights) {
  return Float64Array.from({ length: rows }, (_, i) => {
    let p = 0;
    for (let j = 0; j < columns; j++) p += features[i * columns + j] * weights[j];
    return labels[i] > 0 ? p : -p;
  });
}

/** sum_i ln(1 + e^-z_i) / n */
function objectiveAt(weights) {
  let sum = 0;
  for (const z of scores(set, weights)) sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0);
  return sum / set.rows;
}

/** w <- w + learningRate sum_i (y_i - sigmoid(w.x_i)) x_i, from 0. */
function descend({ numSteps, learningRate }) {
  const { rows, columns, features, labels } = set;
  const weights = new Float64Array(columns);
  const gradient = new Float64Array(columns);
  for (let step = 1; step <= numSteps; step++) {
    gradient.fill(0);
    const margins = scores(set, weights);
    for (let i = 0; i < rows; i++) {
      const error = Math.sign(labels[i]) / (1 + Math.exp(margins[i]));
      for (let j = 0; j < columns; j++) gradient[j] += error * features[i * columns + j];
    }
    let moved = 0;
    for (let j = 0; j < columns; j++) {
      const before = weights[j];
      weights[j] += learningRate * gradient[j];
      moved = Math.max(moved, Math.abs(weights[j] - before));
    }
    if (moved < 1e-12) return { weights, steps: step };
  }
  return { weights, steps: numSteps };
}

const { numSteps, learningRate } = new LogisticRegression();
const Fast = logisticRegression(LogisticRegression);
let fast;
const [few, ours] = await interleaved(
  [
    { step: () => new LogisticRegression({ numSteps: STEPS_TIMED, learningRate }).train(X, Y), calls: 1 },
    {
      step() {
        fast = new Fast();
        fast.train(X, Y);
      },
      calls: 3,
    },
  ],
  { rounds: 5 },
);
const { weights, steps } = descend({ numSteps, learningRate });
const above = objectiveAt(fast.classifiers[0].weights.to1DArray()) - objectiveAt(weights);
if (above > 1e-12) throw new Error(`ml: ours ends ${above} above the host's objective`);
const theirs = (few * numSteps) / STEPS_TIMED;
report({
  host: "ml-logistic-regression 2.0",
  what: `train(), 10,000 × 100, defaults: ${numSteps.toLocaleString("en")} steps, by the time of ${STEPS_TIMED}`,
  milliseconds: [theirs, ours],
  bar: BAR,
  note: `it stands still from step ${steps.toLocaleString("en")}: up to there × ${((theirs * steps) / numSteps / ours).toPrecision(3)}; ours ends ${above.toExponential(0)} above`,
});
