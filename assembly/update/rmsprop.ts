// RMSProp (Tieleman, Hinton 2012), plain and centred (Graves 2013), each with and without momentum. The arguments that all
// rules share: ./step.ts. intake = 1 - decay. The rate stands inside the velocity or outside; the other one is 1.

import { load, multiplyAdd, quotient, squareRoot, store, subtractProduct, zero } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { Rule, step } from "./step";

/** sqrt(x + epsilonInside) + epsilonOutside */
// @ts-ignore: decorator
@inline
function rootOf<T>(x: v128, epsilonInside: v128, epsilonOutside: v128): v128 {
  return v128.add<T>(squareRoot<T>(v128.add<T>(x, epsilonInside)), epsilonOutside);
}

/** v - m m, the variance of the gradient; 0 where rounding has made m m the greater, or the root would be NaN. */
// @ts-ignore: decorator
@inline
function variance<T>(square: v128, mean: v128): v128 {
  return v128.max<T>(subtractProduct<T>(mean, mean, square), zero());
}

/** b <- momentum b + rateInside g / root;  the step is rateOutside b */
// @ts-ignore: decorator
@inline
function alongVelocity<T, L>(velocities: usize, gradient: v128, root: v128, momentum: v128, rateInside: v128, rateOutside: v128): v128 {
  const own = quotient<T>(v128.mul<T>(rateInside, gradient), root);
  const velocity = multiplyAdd<T>(momentum, load<T, L>(velocities), own);
  store<T, L>(velocities, velocity);
  return v128.mul<T>(rateOutside, velocity);
}

/** v <- decay v + intake g g;  p <- p - learningRate g / (sqrt(v + epsilonInside) + epsilonOutside) */
class RmsProp<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, t: usize, u: usize,
    decay: v128, intake: v128, epsilonInside: v128, epsilonOutside: v128, learningRate: v128, f: v128, g: v128,
  ): v128 {
    const square = secondMoment<T, L>(squares, gradient, decay, intake);
    return quotient<T>(v128.mul<T>(learningRate, gradient), rootOf<T>(square, epsilonInside, epsilonOutside));
  }
}

/** As RmsProp, with a velocity. */
class RmsPropMomentum<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, velocities: usize, u: usize,
    decay: v128, intake: v128, epsilonInside: v128, epsilonOutside: v128, momentum: v128, rateInside: v128, rateOutside: v128,
  ): v128 {
    const square = secondMoment<T, L>(squares, gradient, decay, intake);
    const root = rootOf<T>(square, epsilonInside, epsilonOutside);
    return alongVelocity<T, L>(velocities, gradient, root, momentum, rateInside, rateOutside);
  }
}

/** m <- decay m + intake g besides, and v - m m under the root. */
class CenteredRmsProp<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, means: usize, u: usize,
    decay: v128, intake: v128, epsilonInside: v128, epsilonOutside: v128, learningRate: v128, f: v128, g: v128,
  ): v128 {
    const square = secondMoment<T, L>(squares, gradient, decay, intake);
    const mean = firstMoment<T, L>(means, gradient, decay, intake);
    const root = rootOf<T>(variance<T>(square, mean), epsilonInside, epsilonOutside);
    return quotient<T>(v128.mul<T>(learningRate, gradient), root);
  }
}

/** As CenteredRmsProp, with a velocity. */
class CenteredRmsPropMomentum<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, means: usize, velocities: usize,
    decay: v128, intake: v128, epsilonInside: v128, epsilonOutside: v128, momentum: v128, rateInside: v128, rateOutside: v128,
  ): v128 {
    const square = secondMoment<T, L>(squares, gradient, decay, intake);
    const mean = firstMoment<T, L>(means, gradient, decay, intake);
    const root = rootOf<T>(variance<T>(square, mean), epsilonInside, epsilonOutside);
    return alongVelocity<T, L>(velocities, gradient, root, momentum, rateInside, rateOutside);
  }
}

export function rmsprop_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, decay: f32, intake: f32, epsilonInside: f32, epsilonOutside: f32, learningRate: f32,
): i32 {
  return step<f32, RmsProp<f32, v128>, RmsProp<f32, f32>>(
    n, parameters, gradients, options, squares, 0, 0, decay, intake, epsilonInside, epsilonOutside, learningRate,
  );
}
export function rmsprop_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, decay: f64, intake: f64, epsilonInside: f64, epsilonOutside: f64, learningRate: f64,
): i32 {
  return step<f64, RmsProp<f64, v128>, RmsProp<f64, f64>>(
    n, parameters, gradients, options, squares, 0, 0, decay, intake, epsilonInside, epsilonOutside, learningRate,
  );
}
export function rmspropMomentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, velocities: usize, decay: f32, intake: f32, epsilonInside: f32, epsilonOutside: f32, momentum: f32, rateInside: f32, rateOutside: f32,
): i32 {
  return step<f32, RmsPropMomentum<f32, v128>, RmsPropMomentum<f32, f32>>(
    n, parameters, gradients, options, squares, velocities, 0, decay, intake, epsilonInside, epsilonOutside, momentum, rateInside, rateOutside,
  );
}
export function rmspropMomentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, velocities: usize, decay: f64, intake: f64, epsilonInside: f64, epsilonOutside: f64, momentum: f64, rateInside: f64, rateOutside: f64,
): i32 {
  return step<f64, RmsPropMomentum<f64, v128>, RmsPropMomentum<f64, f64>>(
    n, parameters, gradients, options, squares, velocities, 0, decay, intake, epsilonInside, epsilonOutside, momentum, rateInside, rateOutside,
  );
}
export function centeredRmsprop_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, means: usize, decay: f32, intake: f32, epsilonInside: f32, epsilonOutside: f32, learningRate: f32,
): i32 {
  return step<f32, CenteredRmsProp<f32, v128>, CenteredRmsProp<f32, f32>>(
    n, parameters, gradients, options, squares, means, 0, decay, intake, epsilonInside, epsilonOutside, learningRate,
  );
}
export function centeredRmsprop_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, means: usize, decay: f64, intake: f64, epsilonInside: f64, epsilonOutside: f64, learningRate: f64,
): i32 {
  return step<f64, CenteredRmsProp<f64, v128>, CenteredRmsProp<f64, f64>>(
    n, parameters, gradients, options, squares, means, 0, decay, intake, epsilonInside, epsilonOutside, learningRate,
  );
}
export function centeredRmspropMomentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, means: usize, velocities: usize, decay: f32, intake: f32, epsilonInside: f32, epsilonOutside: f32, momentum: f32, rateInside: f32, rateOutside: f32,
): i32 {
  return step<f32, CenteredRmsPropMomentum<f32, v128>, CenteredRmsPropMomentum<f32, f32>>(
    n, parameters, gradients, options, squares, means, velocities, decay, intake, epsilonInside, epsilonOutside, momentum, rateInside, rateOutside,
  );
}
export function centeredRmspropMomentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, means: usize, velocities: usize, decay: f64, intake: f64, epsilonInside: f64, epsilonOutside: f64, momentum: f64, rateInside: f64, rateOutside: f64,
): i32 {
  return step<f64, CenteredRmsPropMomentum<f64, v128>, CenteredRmsPropMomentum<f64, f64>>(
    n, parameters, gradients, options, squares, means, velocities, decay, intake, epsilonInside, epsilonOutside, momentum, rateInside, rateOutside,
  );
}
