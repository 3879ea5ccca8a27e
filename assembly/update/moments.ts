// The running averages that most rules keep.

import { load, multiplyAdd, store } from "../simd/lanes";

/** m <- decay m + intake g */
// @ts-ignore: decorator
@inline
export function firstMoment<T, L>(moments: usize, gradient: v128, decay: v128, intake: v128): v128 {
  const moment = multiplyAdd<T>(intake, gradient, v128.mul<T>(decay, load<T, L>(moments)));
  store<T, L>(moments, moment);
  return moment;
}

/** v <- decay v + intake g g */
// @ts-ignore: decorator
@inline
export function secondMoment<T, L>(moments: usize, gradient: v128, decay: v128, intake: v128): v128 {
  const moment = multiplyAdd<T>(v128.mul<T>(intake, gradient), gradient, v128.mul<T>(decay, load<T, L>(moments)));
  store<T, L>(moments, moment);
  return moment;
}
