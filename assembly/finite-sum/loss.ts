// Losses of a linear model: value and derivative in the prediction p = x.w + b, for a label y.
// Classes without fields or instances: as a type parameter they carry inlined code.

import { exp, log1p } from "../simd/math";

export interface Loss {
  value(prediction: f64, label: f64): f64;
  derivative(prediction: f64, label: f64): f64;
}

/**
 * ln(1 + e^(-y p)), y = -1 or 1.
 *
 * The exponent is held at 60 in magnitude: e^-60 = 9e-27 stands for all smaller derivatives. Without that, the stored
 * derivatives of unscaled data sink into the subnormal range, where a step takes up to four times as long.
 */
export class Logistic implements Loss {
  // @ts-ignore: decorator
  @inline value(prediction: f64, label: f64): f64 {
    const margin = label * prediction;
    return log1p(exp(-min(abs(margin), 60.0))) + max(-margin, 0.0);
  }
  // @ts-ignore: decorator
  @inline derivative(prediction: f64, label: f64): f64 {
    return -label / (1.0 + exp(min(max(label * prediction, -60.0), 60.0)));
  }
}

/** (p - y)^2 / 2 */
export class Squared implements Loss {
  // @ts-ignore: decorator
  @inline value(prediction: f64, label: f64): f64 {
    const residual = prediction - label;
    return 0.5 * residual * residual;
  }
  // @ts-ignore: decorator
  @inline derivative(prediction: f64, label: f64): f64 {
    return prediction - label;
  }
}
