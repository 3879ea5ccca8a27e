// Learning rates as pure functions of the step. Math.cos, and ** with an exponent that is not an integer, may differ
// between engines in the last places, and so may the rates that need them: `cosine`, `cosineRestarts`, `oneCycle`,
// `warmupStableDecay` with a cosine, and `polynomial` with a power like 0.9. The others are the same bits everywhere.

export { type BatchSchedule, batchGrowth } from "./batch-growth.js";
export { constant } from "./constant.js";
export { cosine } from "./cosine.js";
export { type CosineRestartsOptions, cosineRestarts } from "./cosine-restarts.js";
export { exponential, inverseSquareRoot, inverseTime } from "./decay.js";
export { join } from "./join.js";
export { type OneCycleOptions, oneCycle } from "./one-cycle.js";
export { linear, polynomial } from "./polynomial.js";
export {
  type PlateauOptions,
  type PlateauState,
  type ReduceOnPlateau,
  reduceOnPlateau,
  resumePlateau,
} from "./reduce-on-plateau.js";
export { linearScaling, scaled } from "./scaled.js";
export type { Schedule } from "./schedule.js";
export { milestones, piecewise, staircase } from "./staircase.js";
export {
  chebyshevPair,
  lipschitzStep,
  quadraticStep,
  type SmoothStochasticOptions,
  smoothStep,
  smoothStochasticStep,
  stronglyConvexStep,
} from "./theory.js";
export { warmup } from "./warmup.js";
export { type WarmupStableDecayOptions, warmupStableDecay } from "./warmup-stable-decay.js";
