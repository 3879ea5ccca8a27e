import { atLeastOne, checkInteger, checkNumber } from "../check.js";
import { power } from "./power.js";

/** A batch size of the step: an integer >= 1. Steps count from 0. */
export type BatchSchedule = (step: number) => number;

/**
 * A batch that grows where the rate would fall: the noise of the gradient shrinks at an unchanged rate.
 *
 * ```math
 * batch(t) = min(limit, floor(initial factor^floor(t / every)))
 * ```
 *
 * This is a schedule of the batch size, for whoever draws the batches; it is no learning rate.
 *
 * @param initial the batch size at step 0, >= 1
 * @param every the steps between two growths, >= 1
 * @param factor >= 1, default 2
 * @param limit the greatest batch size, >= `initial`; none by default
 * @throws TypeError or RangeError for values out of range
 * @example batchGrowth(32, 100)(250) // 128
 * @see Smith et al., "Don't Decay the Learning Rate, Increase the Batch Size", 2018
 */
export function batchGrowth(
  initial: number,
  every: number,
  factor = 2,
  limit: number = Number.MAX_SAFE_INTEGER,
): BatchSchedule {
  checkInteger("batchGrowth", "initial", initial, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("batchGrowth", "every", every, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("batchGrowth", "factor", factor, atLeastOne);
  checkInteger("batchGrowth", "limit", limit, initial, Number.MAX_SAFE_INTEGER);
  return (step) => Math.min(limit, Math.floor(initial * power(factor, Math.floor(step / every))));
}
