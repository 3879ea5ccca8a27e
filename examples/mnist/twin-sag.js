import { logisticSlope, objective, product, SLICE, zeros } from "./twin-linear.js";

/** @typedef {import("./twin-linear.js").Floats} Floats */
/** @typedef {import("./twin-linear.js").LogisticProblem} LogisticProblem */

/**
 * @typedef {object} State
 * @property {Floats} weights
 * @property {Floats} slopes the table: the slope of the loss of each row when it was last drawn
 * @property {Floats} sums the sum of the gradients that the table stands for
 * @property {Uint8Array} drawn 1 for the rows drawn at least once
 * @property {number} seen how many these are
 */

/**
 * SAG (Schmidt, Le Roux, Bach 2013) with a table of one number a row. Yields after every slice of work, and where it
 * stands after every pass.
 * @param {LogisticProblem} problem
 * @param {import("./twin.js").Plan} plan
 * @returns {import("./twin.js").Solver}
 */
export function* sag(problem, { passes, stepSize, order }) {
  const { features, rows, columns } = problem;
  const state = {
    weights: zeros(features, columns),
    slopes: zeros(features, rows),
    sums: zeros(features, columns),
    drawn: new Uint8Array(rows),
    seen: 0,
  };
  const draws = new Int32Array(rows);
  for (let pass = 1; pass <= passes; pass++) {
    order(draws, pass - 1);
    for (let first = 0; first < rows; first += SLICE) {
      visit(problem, state, draws.subarray(first, first + SLICE), stepSize);
      yield;
    }
    yield { passes: pass, weights: state.weights, objective: () => objective(problem, state.weights) };
  }
  return state.weights;
}

/**
 * A step for each row drawn: its slope in the table is replaced, then w <- (1 - step l2) w - step S / seen.
 * @param {LogisticProblem} problem
 * @param {State} state
 * @param {Int32Array} draws
 * @param {number} stepSize
 */
function visit({ features, labels, columns, l2 }, state, draws, stepSize) {
  const { weights, sums, slopes, drawn } = state;
  const decay = 1 - stepSize * l2;
  for (let k = 0; k < draws.length; k++) {
    const row = draws[k];
    const from = row * columns;
    const before = slopes[row];
    slopes[row] = logisticSlope(product(features, from, weights), labels[row]);
    const change = slopes[row] - before;
    if (drawn[row] === 0) {
      drawn[row] = 1;
      state.seen++;
    }
    const rate = stepSize / state.seen;
    for (let j = 0; j < columns; j++) {
      const sum = sums[j] + change * features[from + j];
      sums[j] = sum;
      weights[j] = decay * weights[j] - rate * sum;
    }
  }
}
