// What schedule-free SGD and AdamW have in common.

import { checkInteger, checkNumber, nonNegative } from "../check.js";
import type { Memory } from "./memory.js";

export interface ScheduleFreeOptions {
  /** Over how many steps the rate rises to its value, linearly. Default 0. */
  readonly warmupSteps?: number;
  /** The power of the rate with which a step counts in the average, >= 0. Default 2. */
  readonly weightPower?: number;
}

export type ScheduleFree = Required<ScheduleFreeOptions>;

export const scheduleFreeDefaults: ScheduleFree = { warmupSteps: 0, weightPower: 2 };

export function checkScheduleFree(where: string, { warmupSteps, weightPower }: ScheduleFree): void {
  checkInteger(where, "warmupSteps", warmupSteps, 0, Number.MAX_SAFE_INTEGER);
  checkNumber(where, "weightPower", weightPower, nonNegative);
}

/** The factor on the rate while it rises. */
export function warmupFactor(t: number, { warmupSteps }: ScheduleFree): number {
  return t < warmupSteps ? t / warmupSteps : 1;
}

/** c in x <- (1 - c) x + c z: the step's weight among those of all steps so far, with which it is remembered. */
export function averageShare(rate: number, { weightPower }: ScheduleFree, memory: Memory): number {
  const weight = rate ** weightPower;
  memory.weightSum! += weight;
  return memory.weightSum === 0 ? 0 : weight / memory.weightSum!;
}
