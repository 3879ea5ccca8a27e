/* Loops of rules along signs, counts and windows of gradients, over typed arrays, as in ../plain.js. */

function signSgd(parameters, gradients, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) parameters[i] -= rate * Math.sign(gradients[i]);
}

function frequencyAwareSgd(parameters, gradients, counts, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const gradient = gradients[i];
    if (gradient === 0) continue;
    const count = counts[i] + 1;
    counts[i] = count;
    parameters[i] -= (rate * gradient) / Math.sqrt(count);
  }
}

/** Inside a turn of the ring. */
function windowedMomentum(parameters, gradients, newSums, oldSums, ring, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const gradient = gradients[i];
    const sum = newSums[i] + gradient;
    const rest = oldSums[i] - ring[i];
    newSums[i] = sum;
    oldSums[i] = rest;
    ring[i] = gradient;
    parameters[i] -= rate * (sum + rest);
  }
}

export const loops = { signSgd, frequencyAwareSgd, windowedMomentum };
