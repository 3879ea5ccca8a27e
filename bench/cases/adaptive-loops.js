/* The loops of ./adaptive.js over typed arrays: imported as ../plain.js is, once for each element type. */

function rprop(parameters, gradients, sizes, signs, growth, contraction, least, greatest) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const sign = Math.sign(gradients[i]);
    const agreement = sign * signs[i];
    const factor = agreement > 0 ? growth : agreement < 0 ? contraction : 1;
    const size = Math.min(Math.max(sizes[i] * factor, least), greatest);
    sizes[i] = size;
    signs[i] = agreement < 0 ? 0 : sign;
    parameters[i] -= size * signs[i];
  }
}

function dampedAdam(parameters, gradients, m, v, beta1, intake1, beta2, intake2, rate, decayRate, damping) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const second = beta2 * v[i] + intake2 * g * g;
    m[i] = first;
    v[i] = second;
    parameters[i] -= (rate * first + decayRate * parameters[i]) / Math.sqrt(second + damping);
  }
}

function correctedAmsgrad(parameters, gradients, m, v, w, beta1, intake1, beta2, intake2, rate, correction, epsilon) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const second = beta2 * v[i] + intake2 * g * g;
    m[i] = first;
    v[i] = second;
    const greatest = Math.max(w[i], correction * second);
    w[i] = greatest;
    parameters[i] -= (rate * first) / (Math.sqrt(greatest) + epsilon);
  }
}

function lamb(parameters, gradients, m, v, beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, rate) {
  const n = parameters.length;
  let parameterSquares = 0;
  let directionSquares = 0;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const second = beta2 * v[i] + intake2 * g * g;
    m[i] = first;
    v[i] = second;
    const direction = (firstScale * first) / (rootScale * Math.sqrt(second) + epsilon);
    parameterSquares += parameters[i] * parameters[i];
    directionSquares += direction * direction;
  }
  const own = rate * Math.sqrt(parameterSquares / directionSquares);
  for (let i = 0; i < n; i++) {
    parameters[i] -= (own * firstScale * m[i]) / (rootScale * Math.sqrt(v[i]) + epsilon);
  }
}

export const loops = { rprop, dampedAdam, correctedAmsgrad, lamb };
