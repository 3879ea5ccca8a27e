// An epoch of one perceptron over sparse rows: each row a step of descent with momentum, in order. All in f64; weights and
// changes are rounded to T where they are stored, as an array of JavaScript does.
//
//   offsets    i32[n + 1]     row i has the entries from offsets[i] to offsets[i + 1]
//   keys       i32[entries]   which weight
//   values     f64[entries]
//   targets    f64[n]
//   bias       f64[1]

/**
 * Of each row:  sum = bias + w.x;  y = alpha sum where that is positive, else 0;  e = target - y
 *   delta = rate e, times alpha where y is 0;  c_k <- delta x_k + momentum c_k and w_k <- w_k + c_k for the row's keys;
 *   bias <- bias + delta
 * A row whose e is 0 or NaN changes nothing. Returns the sum of e^2.
 */
// @ts-ignore: decorator
@inline
function perceptronEpoch<T>(
  n: i32, offsets: usize, keys: usize, values: usize, targets: usize, weights: usize, changes: usize, bias: usize,
  alpha: f64, momentum: f64, rate: f64,
): f64 {
  let error: f64 = 0;
  let b = load<f64>(bias);
  let begin = load<i32>(offsets);
  for (const end = targets + ((<usize>n) << 3); targets < end; targets += 8) {
    offsets += 4;
    const stop = load<i32>(offsets);
    let sum = b;
    for (let j = begin; j < stop; j++) {
      const key = <usize>load<i32>(keys + ((<usize>j) << 2));
      sum += load<f64>(values + ((<usize>j) << 3)) * <f64>load<T>(weights + key * sizeof<T>());
    }
    const output = sum <= 0 ? 0.0 : alpha * sum;
    const e = load<f64>(targets) - output;
    if (e < 0 || e > 0) {
      error += e * e;
      const delta = (output > 0 ? 1.0 : alpha) * e * rate;
      for (let j = begin; j < stop; j++) {
        const at = (<usize>load<i32>(keys + ((<usize>j) << 2))) * sizeof<T>();
        const change = delta * load<f64>(values + ((<usize>j) << 3)) + momentum * <f64>load<T>(changes + at);
        store<T>(changes + at, <T>change);
        store<T>(weights + at, <T>(<f64>load<T>(weights + at) + change));
      }
      b += delta;
    }
    begin = stop;
  }
  store<f64>(bias, b);
  return error;
}

export function perceptronEpoch_f32(
  n: i32, offsets: usize, keys: usize, values: usize, targets: usize, weights: usize, changes: usize, bias: usize,
  alpha: f64, momentum: f64, rate: f64,
): f64 {
  return perceptronEpoch<f32>(n, offsets, keys, values, targets, weights, changes, bias, alpha, momentum, rate);
}
export function perceptronEpoch_f64(
  n: i32, offsets: usize, keys: usize, values: usize, targets: usize, weights: usize, changes: usize, bias: usize,
  alpha: f64, momentum: f64, rate: f64,
): f64 {
  return perceptronEpoch<f64>(n, offsets, keys, values, targets, weights, changes, bias, alpha, momentum, rate);
}
