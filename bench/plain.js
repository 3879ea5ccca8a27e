/*
 * The loops over typed arrays that one would write without this package: what the kernels are compared with. Imported
 * once for each element type, so that V8 sees only one type in each loop. A length kept in a constant makes them a tenth
 * faster.
 */

function axpy(alpha, x, y) {
  const n = x.length;
  for (let i = 0; i < n; i++) y[i] += alpha * x[i];
}

function axpby(alpha, x, beta, y) {
  const n = x.length;
  for (let i = 0; i < n; i++) y[i] = alpha * x[i] + beta * y[i];
}

function scale(alpha, x) {
  const n = x.length;
  for (let i = 0; i < n; i++) x[i] *= alpha;
}

function copy(x, y) {
  y.set(x);
}

function fill(alpha, x) {
  x.fill(alpha);
}

function hadamardProduct(x, y, z) {
  const n = x.length;
  for (let i = 0; i < n; i++) z[i] = x[i] * y[i];
}

function flush(least, x) {
  const n = x.length;
  for (let i = 0; i < n; i++) if (Math.abs(x[i]) < least) x[i] = 0;
}

function dot(x, y) {
  let total = 0;
  const n = x.length;
  for (let i = 0; i < n; i++) total += x[i] * y[i];
  return total;
}

function squaredNorm(x) {
  let total = 0;
  const n = x.length;
  for (let i = 0; i < n; i++) total += x[i] * x[i];
  return total;
}

function sum(x) {
  let total = 0;
  const n = x.length;
  for (let i = 0; i < n; i++) total += x[i];
  return total;
}

function absoluteSum(x) {
  let total = 0;
  const n = x.length;
  for (let i = 0; i < n; i++) total += Math.abs(x[i]);
  return total;
}

function absoluteMaximum(x) {
  let greatest = 0;
  const n = x.length;
  for (let i = 0; i < n; i++) greatest = Math.max(greatest, Math.abs(x[i]));
  return greatest;
}

function nonFiniteCount(x) {
  let count = 0;
  const n = x.length;
  for (let i = 0; i < n; i++) if (!Number.isFinite(x[i])) count++;
  return count;
}

function sgd(parameters, gradients, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) parameters[i] -= rate * gradients[i];
}

function momentum(parameters, gradients, velocities, rate, keep) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const velocity = keep * velocities[i] + gradients[i];
    velocities[i] = velocity;
    parameters[i] -= rate * velocity;
  }
}

function adagrad(parameters, gradients, sums, rate, epsilon) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const gradient = gradients[i];
    const total = sums[i] + gradient * gradient;
    sums[i] = total;
    parameters[i] -= (rate * gradient) / (Math.sqrt(total) + epsilon);
  }
}

function adam(
  parameters,
  gradients,
  firstMoments,
  secondMoments,
  beta1,
  intake1,
  beta2,
  intake2,
  step,
  rootScale,
  epsilon,
) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const gradient = gradients[i];
    const first = beta1 * firstMoments[i] + intake1 * gradient;
    const second = beta2 * secondMoments[i] + intake2 * gradient * gradient;
    firstMoments[i] = first;
    secondMoments[i] = second;
    parameters[i] -= (step * first) / (rootScale * Math.sqrt(second) + epsilon);
  }
}

/** Adam with everything that one pass can do: a clipped gradient, decoupled decay, clearing, counting what is not finite. */
function adamEverything(
  parameters,
  gradients,
  firstMoments,
  secondMoments,
  beta1,
  intake1,
  beta2,
  intake2,
  step,
  rootScale,
  epsilon,
  clip,
  shrink,
) {
  let count = 0;
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const raw = gradients[i];
    if (!Number.isFinite(raw)) count++;
    gradients[i] = 0;
    const gradient = clip * raw;
    const first = beta1 * firstMoments[i] + intake1 * gradient;
    const second = beta2 * secondMoments[i] + intake2 * gradient * gradient;
    firstMoments[i] = first;
    secondMoments[i] = second;
    parameters[i] -= shrink * parameters[i] + (step * first) / (rootScale * Math.sqrt(second) + epsilon);
  }
  return count;
}

function amsgrad(
  parameters,
  gradients,
  firstMoments,
  secondMoments,
  greatestMoments,
  beta1,
  intake1,
  beta2,
  intake2,
  step,
  rootScale,
  epsilon,
) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const gradient = gradients[i];
    const first = beta1 * firstMoments[i] + intake1 * gradient;
    const second = beta2 * secondMoments[i] + intake2 * gradient * gradient;
    const greatest = Math.max(greatestMoments[i], second);
    firstMoments[i] = first;
    secondMoments[i] = second;
    greatestMoments[i] = greatest;
    parameters[i] -= (step * first) / (rootScale * Math.sqrt(greatest) + epsilon);
  }
}

export const loops = {
  axpy,
  axpby,
  scale,
  copy,
  fill,
  hadamardProduct,
  flush,
  dot,
  squaredNorm,
  sum,
  absoluteSum,
  absoluteMaximum,
  nonFiniteCount,
  sgd,
  momentum,
  adagrad,
  adam,
  adamEverything,
  amsgrad,
};
