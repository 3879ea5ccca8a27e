// What the two forms of accelerated gradient descent share: the weights alpha_t, whose square is alpha_1 + ... + alpha_t.

import { checkInteger } from "../check.js";

export interface Restart {
  /** After how many steps it begins anew, without momentum; an integer >= 1 or Infinity. Default Infinity. */
  readonly restartPeriod?: number;
}

export function checkRestartPeriod(where: string, restartPeriod: unknown): void {
  if (restartPeriod === Number.POSITIVE_INFINITY) return;
  checkInteger(where, "restartPeriod", restartPeriod, 1, Number.MAX_SAFE_INTEGER);
}

/** 1, 2, ... since the last restart, of step t = 1, 2, ... */
export function stepOfRun(t: number, restartPeriod: number): number {
  return 1 + ((t - 1) % restartPeriod);
}

/** alpha_(t+1), which solves a^2 - a = alpha_t^2. */
export function weightAfter(alpha: number): number {
  return (1 + Math.sqrt(1 + 4 * alpha * alpha)) / 2;
}
