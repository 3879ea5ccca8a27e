import { atLeastOne, checkFunction, checkInteger, checkNumber, positive } from "../check.js";
import type { CommonOptions } from "../optimizers/common-options.js";
import type { Slot } from "../optimizers/slot.js";
import type { BlockedOptions } from "./blocked-stage.js";
import { type Blocking, modeSum, triangleLength } from "./blocks.js";
import { refuseRows } from "./refuse-rows.js";

/** What the rules of blocks have in common: the defaults of their options, ... */
export const blockedDefaults: Omit<BlockedOptions, "frequency"> = {
  blockSize: 64,
  oneSidedRatio: Number.POSITIVE_INFINITY,
  startStep: 1,
  maximumMillisecondsPerStep: Number.POSITIVE_INFINITY,
  now: () => performance.now(),
  toleratedFailures: 3,
};

/** ... their checks, ... */
export function checkBlocked(where: string, options: BlockedOptions & Pick<CommonOptions, "adaptiveClip">): void {
  const { oneSidedRatio, maximumMillisecondsPerStep } = options;
  checkInteger(where, "blockSize", options.blockSize, 1, 8192);
  if (oneSidedRatio !== Number.POSITIVE_INFINITY) checkNumber(where, "oneSidedRatio", oneSidedRatio, atLeastOne);
  checkInteger(where, "frequency", options.frequency, 1, Number.MAX_SAFE_INTEGER);
  checkInteger(where, "startStep", options.startStep, 1, Number.MAX_SAFE_INTEGER);
  if (maximumMillisecondsPerStep !== Number.POSITIVE_INFINITY) {
    checkNumber(where, "maximumMillisecondsPerStep", maximumMillisecondsPerStep, positive);
  }
  checkFunction(where, "now", options.now);
  checkInteger(where, "toleratedFailures", options.toleratedFailures, 0, Number.MAX_SAFE_INTEGER);
  refuseRows(where, options);
}

/** ... and their state: statistics, what is made of them, and when it was made and how often not. */
export function blockedSlots(options: Blocking, decay: number, made: string): readonly Slot[] {
  const perMode = (sizes: readonly number[]) => modeSum(sizes, options, () => 1);
  return [
    {
      name: "statistics",
      initial: 0,
      ...(decay < 1 && { decay, squared: true }),
      shape: (sizes) => modeSum(sizes, options, ({ size }) => triangleLength(size)),
    },
    { name: made, initial: 0, shape: (sizes) => modeSum(sizes, options, ({ size }) => size * size) },
    { name: "rootStep", initial: 0, shape: perMode },
    { name: "rootFailures", initial: 0, shape: perMode },
  ];
}
