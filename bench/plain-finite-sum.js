/*
 * SAG and SVRG for logistic regression as one would write them over typed arrays, rows without padding. An epoch goes
 * through `order`. Imported once for each element type, as ./plain.js is.
 */

/** State of a model on dense rows: `model` has rows, columns, features, labels, stepSize, l2. */
function denseState({ rows, columns, features }) {
  const array = features.constructor;
  return {
    weights: new array(columns),
    /** SAG: the sum of the stored gradients. SVRG: the mean gradient at the snapshot. */
    direction: new array(columns),
    residuals: new array(rows),
    seen: new Uint8Array(rows),
    seenCount: 0,
    intercept: 0,
    interceptDirection: 0,
  };
}

function sagDense({ columns, features, labels, stepSize, l2 }, state, order) {
  const { weights, direction, residuals, seen } = state;
  const shrink = stepSize * l2;
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const start = row * columns;
    let prediction = state.intercept;
    for (let j = 0; j < columns; j++) prediction += features[start + j] * weights[j];
    const residual = -labels[row] / (1 + Math.exp(labels[row] * prediction));
    const change = residual - residuals[row];
    residuals[row] = residual;
    if (seen[row] === 0) {
      seen[row] = 1;
      state.seenCount++;
    }
    const rate = stepSize / state.seenCount;
    for (let j = 0; j < columns; j++) {
      const sum = direction[j] + change * features[start + j];
      direction[j] = sum;
      weights[j] -= rate * sum + shrink * weights[j];
    }
    state.interceptDirection += change;
    state.intercept -= rate * state.interceptDirection;
  }
}

/** The residuals and the mean gradient at the present weights. */
function snapshotDense({ rows, columns, features, labels }, state) {
  const { weights, direction, residuals } = state;
  const sums = new Float64Array(columns);
  let interceptSum = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let prediction = state.intercept;
    for (let j = 0; j < columns; j++) prediction += features[start + j] * weights[j];
    const residual = -labels[row] / (1 + Math.exp(labels[row] * prediction));
    residuals[row] = residual;
    interceptSum += residual;
    for (let j = 0; j < columns; j++) sums[j] += residual * features[start + j];
  }
  for (let j = 0; j < columns; j++) direction[j] = sums[j] / rows;
  state.interceptDirection = interceptSum / rows;
}

function svrgDense({ columns, features, labels, stepSize, l2 }, state, order) {
  const { weights, direction, residuals } = state;
  const shrink = stepSize * l2;
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const start = row * columns;
    let prediction = state.intercept;
    for (let j = 0; j < columns; j++) prediction += features[start + j] * weights[j];
    const change = -labels[row] / (1 + Math.exp(labels[row] * prediction)) - residuals[row];
    const pull = stepSize * change;
    for (let j = 0; j < columns; j++) {
      weights[j] -= pull * features[start + j] + stepSize * direction[j] + shrink * weights[j];
    }
    state.intercept -= stepSize * (change + state.interceptDirection);
  }
}

/** State of a model on compressed rows: `model` has rows, columns, values, indices, offsets, labels, stepSize, l2. */
function csrState({ rows, columns, values }) {
  const array = values.constructor;
  return {
    /** Weights over `scale`, each as it was when its column was last needed. */
    weights: new Float64Array(columns),
    direction: new Float64Array(columns),
    /** The `lag` of the state at that time. */
    lags: new Float64Array(columns),
    residuals: new array(rows),
    seen: new Uint8Array(rows),
    seenCount: 0,
    scale: 1,
    lag: 0,
    intercept: 0,
    interceptDirection: 0,
  };
}

function settle(state) {
  const { weights, direction, lags, scale, lag } = state;
  for (let j = 0; j < weights.length; j++) {
    weights[j] = scale * (weights[j] - (lag - lags[j]) * direction[j]);
    lags[j] = 0;
  }
  state.scale = 1;
  state.lag = 0;
}

/** Columns that a row does not have owe their steps until they are needed: a step costs the row's entries only. */
function sagCsr({ values, indices, offsets, labels, stepSize, l2 }, state, order) {
  const { weights, direction, lags, residuals, seen } = state;
  const decay = 1 - stepSize * l2;
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const first = offsets[row];
    const last = offsets[row + 1];
    const lag = state.lag;
    let product = 0;
    for (let q = first; q < last; q++) {
      const j = indices[q];
      const weight = weights[j] - (lag - lags[j]) * direction[j];
      weights[j] = weight;
      lags[j] = lag;
      product += weight * values[q];
    }
    const prediction = state.scale * product + state.intercept;
    const residual = -labels[row] / (1 + Math.exp(labels[row] * prediction));
    const change = residual - residuals[row];
    residuals[row] = residual;
    if (seen[row] === 0) {
      seen[row] = 1;
      state.seenCount++;
    }
    for (let q = first; q < last; q++) direction[indices[q]] += change * values[q];
    const rate = stepSize / state.seenCount;
    state.scale *= decay;
    state.lag += rate / state.scale;
    if (state.scale < 1e-9) settle(state);
    state.interceptDirection += change;
    state.intercept -= rate * state.interceptDirection;
  }
}

function snapshotCsr({ rows, values, indices, offsets, labels }, state) {
  settle(state);
  const { weights, direction, residuals } = state;
  direction.fill(0);
  let interceptSum = 0;
  for (let row = 0; row < rows; row++) {
    let prediction = state.intercept;
    for (let q = offsets[row]; q < offsets[row + 1]; q++) prediction += values[q] * weights[indices[q]];
    const residual = -labels[row] / (1 + Math.exp(labels[row] * prediction));
    residuals[row] = residual;
    interceptSum += residual;
    for (let q = offsets[row]; q < offsets[row + 1]; q++) direction[indices[q]] += residual * values[q];
  }
  for (let j = 0; j < direction.length; j++) direction[j] /= rows;
  state.interceptDirection = interceptSum / rows;
}

function svrgCsr({ values, indices, offsets, labels, stepSize, l2 }, state, order) {
  const { weights, direction, lags, residuals } = state;
  const decay = 1 - stepSize * l2;
  for (let k = 0; k < order.length; k++) {
    const row = order[k];
    const first = offsets[row];
    const last = offsets[row + 1];
    const lag = state.lag;
    let product = 0;
    for (let q = first; q < last; q++) {
      const j = indices[q];
      const weight = weights[j] - (lag - lags[j]) * direction[j];
      weights[j] = weight;
      lags[j] = lag;
      product += weight * values[q];
    }
    const prediction = state.scale * product + state.intercept;
    const change = -labels[row] / (1 + Math.exp(labels[row] * prediction)) - residuals[row];
    state.scale *= decay;
    state.lag += stepSize / state.scale;
    const pull = (stepSize * change) / state.scale;
    for (let q = first; q < last; q++) weights[indices[q]] -= pull * values[q];
    if (state.scale < 1e-9) settle(state);
    state.intercept -= stepSize * (change + state.interceptDirection);
  }
}

export const loops = { denseState, sagDense, snapshotDense, svrgDense, csrState, sagCsr, snapshotCsr, svrgCsr };
