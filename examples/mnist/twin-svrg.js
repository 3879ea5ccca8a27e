import { logisticLoss, logisticSlope, penalty, product, SLICE, zeros } from "./twin-linear.js";

/** @typedef {import("./twin-linear.js").Floats} Floats */
/** @typedef {import("./twin-linear.js").LogisticProblem} LogisticProblem */

/**
 * @typedef {object} State
 * @property {Floats} weights
 * @property {Floats} slopes the slope of the loss of each row at the snapshot
 * @property {Floats} mean the mean gradient of the rows at the snapshot
 */

/**
 * SVRG (Johnson, Zhang 2013): the full gradient at a snapshot, then a step for every row, which makes two passes. Yields
 * after every slice of work, and where it stands after every two passes.
 * @param {LogisticProblem} problem
 * @param {import("./twin.js").Plan} plan
 * @returns {import("./twin.js").Solver}
 */
export function* svrg(problem, { passes, stepSize, order }) {
  const { features, rows, columns, l2 } = problem;
  const state = {
    weights: zeros(features, columns),
    slopes: zeros(features, rows),
    mean: zeros(features, columns),
  };
  const draws = new Int32Array(rows);
  for (let done = 0; ; done += 2) {
    const sums = new Float64Array(columns);
    let losses = 0;
    for (let first = 0; first < rows; first += SLICE) {
      losses += addGradient(problem, state, sums, first, Math.min(first + SLICE, rows));
      yield;
    }
    const objective = losses / rows + penalty(state.weights, l2);
    if (done > 0) yield { passes: done, weights: state.weights, objective: () => objective };
    if (done + 2 > passes) return state.weights;
    state.mean.set(sums.map((sum) => sum / rows));
    order(draws, done / 2);
    for (let first = 0; first < rows; first += SLICE) {
      visit(problem, state, draws.subarray(first, first + SLICE), stepSize);
      yield;
    }
  }
}

/**
 * Adds the gradients of some rows to `sums`, keeps their slopes, and returns the sum of their losses.
 * @param {LogisticProblem} problem
 * @param {State} state
 * @param {Float64Array} sums
 * @param {number} first
 * @param {number} end
 */
function addGradient({ features, labels, columns }, { weights, slopes }, sums, first, end) {
  let losses = 0;
  for (let row = first; row < end; row++) {
    const from = row * columns;
    const label = labels[row];
    const prediction = product(features, from, weights);
    losses += logisticLoss(prediction, label);
    slopes[row] = logisticSlope(prediction, label);
    const slope = slopes[row];
    for (let j = 0; j < columns; j++) sums[j] += slope * features[from + j];
  }
  return losses;
}

/**
 * A step for each row drawn: w <- (1 - step l2) w - step ((slope - slope at the snapshot) x + mean gradient)
 * @param {LogisticProblem} problem
 * @param {State} state
 * @param {Int32Array} draws
 * @param {number} stepSize
 */
function visit({ features, labels, columns, l2 }, { weights, slopes, mean }, draws, stepSize) {
  const decay = 1 - stepSize * l2;
  for (let k = 0; k < draws.length; k++) {
    const row = draws[k];
    const from = row * columns;
    const change = logisticSlope(product(features, from, weights), labels[row]) - slopes[row];
    const pull = stepSize * change;
    for (let j = 0; j < columns; j++) {
      weights[j] = decay * weights[j] - stepSize * mean[j] - pull * features[from + j];
    }
  }
}
