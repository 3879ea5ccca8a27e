export const PENALTIES = ["l2", "l1", "elasticNet", "none"] as const;

/** `"elasticNet"` mixes both by `l1Ratio`. */
export type PenaltyName = (typeof PENALTIES)[number];

/** The share of |w|_1 in a penalty; `mixed` is that of the elastic net. */
export function l1RatioOf(penalty: PenaltyName, mixed: number): number {
  return { none: 0, l2: 0, l1: 1, elasticNet: mixed }[penalty];
}
