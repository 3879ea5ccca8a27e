// Schedule-free SGD and AdamW (Defazio et al., The Road Less Scheduled, 2024). The parameters are y, where gradients are
// taken; z goes along the gradients, and x is the average of the z. The arguments that all rules share: ./step.ts.
// Of a step t: taken = c_(t+1), kept = 1 - taken, fromAverage = beta, fromIterate = 1 - beta.

import { load, multiplyAdd, quotient, squareRoot, store, subtractProduct } from "../simd/lanes";
import { secondMoment } from "./moments";
import { Motion, move } from "./move";

/** z <- z - (rate step + shrink y);  x <- kept x + taken z;  returns fromAverage x + fromIterate z */
// @ts-ignore: decorator
@inline
function interpolate<T, L>(
  parameter: v128, step: v128, rate: v128, shrink: v128, averages: usize, iterates: usize,
  kept: v128, taken: v128, fromAverage: v128, fromIterate: v128,
): v128 {
  const decayed = subtractProduct<T>(shrink, parameter, load<T, L>(iterates));
  const iterate = subtractProduct<T>(rate, step, decayed);
  store<T, L>(iterates, iterate);
  const average = multiplyAdd<T>(taken, iterate, v128.mul<T>(kept, load<T, L>(averages)));
  store<T, L>(averages, average);
  return multiplyAdd<T>(fromAverage, average, v128.mul<T>(fromIterate, iterate));
}

/** Along learningRate g */
class ScheduleFreeSgd<T, L> implements Motion {
  // @ts-ignore: decorator
  @inline move(
    parameter: v128, gradient: v128, rate: v128, shrink: v128, averages: usize, iterates: usize, u: usize, w: usize,
    learningRate: v128, kept: v128, taken: v128, fromAverage: v128, fromIterate: v128, f: v128, g: v128, h: v128, fixed: usize,
  ): v128 {
    const step = v128.mul<T>(learningRate, gradient);
    return interpolate<T, L>(parameter, step, rate, shrink, averages, iterates, kept, taken, fromAverage, fromIterate);
  }
}

/** v <- beta2 v + intake2 g g;  along learningRate g / (sqrt(v) + epsilon) */
class ScheduleFreeAdamW<T, L> implements Motion {
  // @ts-ignore: decorator
  @inline move(
    parameter: v128, gradient: v128, rate: v128, shrink: v128, averages: usize, iterates: usize, secondMoments: usize, w: usize,
    learningRate: v128, kept: v128, taken: v128, fromAverage: v128, fromIterate: v128,
    beta2: v128, intake2: v128, epsilon: v128, fixed: usize,
  ): v128 {
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const step = quotient<T>(v128.mul<T>(learningRate, gradient), v128.add<T>(squareRoot<T>(second), epsilon));
    return interpolate<T, L>(parameter, step, rate, shrink, averages, iterates, kept, taken, fromAverage, fromIterate);
  }
}

export function scheduleFreeSgd_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  averages: usize, iterates: usize, learningRate: f32, kept: f32, taken: f32, fromAverage: f32, fromIterate: f32,
): i32 {
  return move<f32, ScheduleFreeSgd<f32, v128>, ScheduleFreeSgd<f32, f32>>(
    n, parameters, gradients, options, averages, iterates, 0, 0, learningRate, kept, taken, fromAverage, fromIterate,
  );
}
export function scheduleFreeSgd_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  averages: usize, iterates: usize, learningRate: f64, kept: f64, taken: f64, fromAverage: f64, fromIterate: f64,
): i32 {
  return move<f64, ScheduleFreeSgd<f64, v128>, ScheduleFreeSgd<f64, f64>>(
    n, parameters, gradients, options, averages, iterates, 0, 0, learningRate, kept, taken, fromAverage, fromIterate,
  );
}
export function scheduleFreeAdamw_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, averages: usize, iterates: usize, secondMoments: usize,
  learningRate: f32, kept: f32, taken: f32, fromAverage: f32, fromIterate: f32, beta2: f32, intake2: f32, epsilon: f32,
): i32 {
  return move<f32, ScheduleFreeAdamW<f32, v128>, ScheduleFreeAdamW<f32, f32>>(
    n, parameters, gradients, options, averages, iterates, secondMoments, 0,
    learningRate, kept, taken, fromAverage, fromIterate, beta2, intake2, epsilon,
  );
}
export function scheduleFreeAdamw_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, averages: usize, iterates: usize, secondMoments: usize,
  learningRate: f64, kept: f64, taken: f64, fromAverage: f64, fromIterate: f64, beta2: f64, intake2: f64, epsilon: f64,
): i32 {
  return move<f64, ScheduleFreeAdamW<f64, v128>, ScheduleFreeAdamW<f64, f64>>(
    n, parameters, gradients, options, averages, iterates, secondMoments, 0,
    learningRate, kept, taken, fromAverage, fromIterate, beta2, intake2, epsilon,
  );
}
