import type { Slot } from "./rule.js";

/**
 * How often a rule's decaying slots are flushed, in steps: at most every 64th, and often enough that no entry falls by
 * more than 2^-10 in between. An entry that escaped one flush is then still far from the subnormal range (2^-126 in
 * float32) at the next.
 */
export function flushInterval(slots: readonly Slot[]): number {
  // A slot with decay 0 keeps nothing from step to step.
  const decays = slots.map(({ decay }) => decay ?? 0).filter((decay) => decay > 0);
  if (decays.length === 0) return Number.POSITIVE_INFINITY;
  return Math.min(64, Math.max(1, Math.floor((-10 * Math.LN2) / Math.log(Math.min(...decays)))));
}
