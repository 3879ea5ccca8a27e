// A trainer written by hand over typed arrays. Its own update is one line, and so is the one that takes its place.

import { adamw } from "schuss";

const inputs = Float64Array.from({ length: 64 }, (_, k) => k / 32 - 1);

/** Fits y = 3 x^2 - x + 0.5; `update` makes a step along the gradient. */
function fit(update) {
  const weights = new Float64Array(3);
  const gradient = new Float64Array(3);
  const step = update(weights);
  for (let epoch = 0; epoch < 600; epoch++) {
    gradient.fill(0);
    for (const x of inputs) {
      const error = weights[0] + weights[1] * x + weights[2] * x * x - (3 * x * x - x + 0.5);
      for (let j = 0; j < 3; j++) gradient[j] += (2 * error * x ** j) / inputs.length;
    }
    step(gradient);
  }
  return weights;
}

const before = fit((w) => (g) => {
  for (let j = 0; j < 3; j++) w[j] -= 0.05 * g[j];
});
const after = fit((w) => {
  const optimizer = adamw([w], { learningRate: 0.05, weightDecay: 0 }); // the line that is changed
  return (g) => optimizer.step([g]);
});

const error = (w) => Math.hypot(w[0] - 0.5, w[1] + 1, w[2] - 3);
console.log(`off by ${error(before).toExponential(1)} before, by ${error(after).toExponential(1)} after`);
