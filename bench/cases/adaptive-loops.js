/* Loops of rules with a rate for each coordinate, over typed arrays, as in ../plain.js. */

function rmsprop(parameters, gradients, squares, decay, intake, epsilon, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const square = decay * squares[i] + intake * g * g;
    squares[i] = square;
    parameters[i] -= (rate * g) / (Math.sqrt(square) + epsilon);
  }
}

function adadelta(parameters, gradients, squares, deltas, decay, intake, epsilon, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const square = decay * squares[i] + intake * g * g;
    const delta = (Math.sqrt(deltas[i] + epsilon) / Math.sqrt(square + epsilon)) * g;
    squares[i] = square;
    deltas[i] = decay * deltas[i] + intake * delta * delta;
    parameters[i] -= rate * delta;
  }
}

function lion(parameters, gradients, moments, beta1, intake1, beta2, intake2, rate) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const m = moments[i];
    parameters[i] -= rate * Math.sign(beta1 * m + intake1 * g);
    moments[i] = beta2 * m + intake2 * g;
  }
}

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

function adamw(parameters, gradients, m, v, beta1, intake1, beta2, intake2, rate, rootScale, epsilon, shrink) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const second = beta2 * v[i] + intake2 * g * g;
    m[i] = first;
    v[i] = second;
    parameters[i] -= shrink * parameters[i] + (rate * first) / (rootScale * Math.sqrt(second) + epsilon);
  }
}

function adamax(parameters, gradients, m, norms, beta1, intake1, beta2, rate, epsilon) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const norm = Math.max(beta2 * norms[i], Math.abs(g) + epsilon);
    m[i] = first;
    norms[i] = norm;
    parameters[i] -= (rate * first) / norm;
  }
}

function nadam(parameters, gradients, m, v, beta1, intake1, beta2, intake2, gradientRate, momentRate, epsilon) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const second = beta2 * v[i] + intake2 * g * g;
    m[i] = first;
    v[i] = second;
    parameters[i] -= (gradientRate * g + momentRate * first) / (Math.sqrt(second) + epsilon);
  }
}

function yogi(parameters, gradients, m, v, beta1, intake1, intake2, rate, rootScale, epsilon) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const square = g * g;
    const first = beta1 * m[i] + intake1 * g;
    const second = v[i] - intake2 * Math.sign(v[i] - square) * square;
    m[i] = first;
    v[i] = second;
    parameters[i] -= (rate * first) / (rootScale * Math.sqrt(second) + epsilon);
  }
}

function adabelief(parameters, gradients, m, v, beta1, intake1, beta2, intake2, epsilonInside, rate, epsilon) {
  const n = parameters.length;
  for (let i = 0; i < n; i++) {
    const g = gradients[i];
    const first = beta1 * m[i] + intake1 * g;
    const surprise = g - first;
    const second = beta2 * v[i] + intake2 * surprise * surprise + epsilonInside;
    m[i] = first;
    v[i] = second;
    parameters[i] -= (rate * first) / (Math.sqrt(second) + epsilon);
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

export const loops = {
  rmsprop,
  adadelta,
  lion,
  rprop,
  adamw,
  adamax,
  nadam,
  yogi,
  adabelief,
  dampedAdam,
  correctedAmsgrad,
  lamb,
};
