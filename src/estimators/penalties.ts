/** `"elasticNet"` mixes both by `l1Ratio`. */
export type PenaltyName = "l2" | "l1" | "elasticNet" | "none";

export const PENALTIES: readonly PenaltyName[] = ["l2", "l1", "elasticNet", "none"];

/** The share of |w|_1 in a penalty; `mixed` is that of the elastic net. */
export function l1RatioOf(penalty: PenaltyName, mixed: number): number {
  return { none: 0, l2: 0, l1: 1, elasticNet: mixed }[penalty];
}
