/* Loops of rules without a schedule or a rate, and for saddle points, over typed arrays, as in ../plain.js. */

function optimistic(parameters, gradients, previous, rate, optimism) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    parameters[i] -= rate * (g + optimism * (g - previous[i]));
    previous[i] = g;
  }
}

function scheduleFreeSgd(parameters, gradients, averages, iterates, rate, kept, taken, fromAverage, fromIterate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const iterate = iterates[i] - rate * gradients[i];
    const average = kept * averages[i] + taken * iterate;
    iterates[i] = iterate;
    averages[i] = average;
    parameters[i] = fromAverage * average + fromIterate * iterate;
  }
}

function scheduleFreeAdamw(
  parameters,
  gradients,
  averages,
  iterates,
  v,
  rate,
  kept,
  taken,
  fromAverage,
  fromIterate,
  beta2,
  intake2,
  epsilon,
) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const second = beta2 * v[i] + intake2 * g * g;
    const iterate = iterates[i] - (rate * g) / (Math.sqrt(second) + epsilon);
    const average = kept * averages[i] + taken * iterate;
    v[i] = second;
    iterates[i] = iterate;
    averages[i] = average;
    parameters[i] = fromAverage * average + fromIterate * iterate;
  }
}

function prodigy(
  parameters,
  gradients,
  m,
  v,
  starts,
  sums,
  beta1,
  intake1,
  beta2,
  intake2,
  beta3,
  intake3,
  rate,
  epsilon,
) {
  const n = parameters.length;
  let product = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    product += g * (starts[i] - parameters[i]);
    const sum = beta3 * sums[i] + intake3 * g;
    norm += Math.abs(sum);
    const first = beta1 * m[i] + intake1 * g;
    const second = beta2 * v[i] + intake2 * g * g;
    sums[i] = sum;
    m[i] = first;
    v[i] = second;
    parameters[i] -= (rate * first) / (Math.sqrt(second) + epsilon);
  }
  return product / norm;
}

export const loops = { optimistic, scheduleFreeSgd, scheduleFreeAdamw, prodigy };
