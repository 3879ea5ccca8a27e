// A trainer written by hand over typed arrays. One line is changed; it comes closer in as many steps.

import { adamw } from "schuss";

const inputs = Float64Array.from({ length: 64 }, (_, k) => k / 32 - 1);

/** Fits y = 3 x^2 - x + 0.5. */
function fit(makeOptimizer) {
  const weights = new Float64Array(3);
  const gradient = new Float64Array(3);
  const optimizer = makeOptimizer(weights);
  for (let epoch = 0; epoch < 600; epoch++) {
    gradient.fill(0);
    for (const x of inputs) {
      const error = weights[0] + weights[1] * x + weights[2] * x * x - (3 * x * x - x + 0.5);
      for (let j = 0; j < 3; j++) gradient[j] += (2 * error * x ** j) / inputs.length;
    }
    optimizer.step([gradient]);
  }
  return weights;
}

/** Gradient descent, written by hand. */
const descent = (weights, { learningRate }) => ({
  step([gradient]) {
    for (let j = 0; j < weights.length; j++) weights[j] -= learningRate * gradient[j];
  },
});

const before = fit((weights) => descent(weights, { learningRate: 0.05 }));
const after = fit((weights) => adamw([weights], { learningRate: 0.05, weightDecay: 0 })); // the line that is changed

const error = (w) => Math.hypot(w[0] - 0.5, w[1] + 1, w[2] - 3);
console.log(`off by ${error(before).toExponential(1)} before, by ${error(after).toExponential(1)} after`);
