import type { Dtype } from "../memory/dtype.js";
import type { Slot } from "./slot.js";

/**
 * Below which magnitude an entry counts as 0. Far above the subnormal range, which begins at 2^-126 in float32 and at
 * 2^-1022 in float64, so that an entry that escapes one flush, and products with it, are still above at the next.
 * Squares are given less room: theirs is the magnitude of gradients of 2^-58, which divide by their root.
 */
export function flushThreshold({ squared }: Slot, dtype: Dtype): number {
  return 2 ** (dtype === "float32" ? (squared ? -115 : -100) : squared ? -1011 : -960);
}

/**
 * How often a rule's decaying slots are flushed, in steps: at most every 64th, and often enough that no entry falls by
 * more than 2^-10 in between.
 */
export function flushInterval(slots: readonly Slot[]): number {
  // A slot with decay 0 keeps nothing from step to step.
  const decays = slots.map(({ decay }) => decay ?? 0).filter((decay) => decay > 0);
  if (decays.length === 0) return Number.POSITIVE_INFINITY;
  return Math.min(64, Math.max(1, Math.floor((-10 * Math.LN2) / Math.log(Math.min(...decays)))));
}
