/** Whether a net trains as brain.js does, number for number but for rounding, or without its errors. */
export type Mode = "faithful" | "fixed";

export const MODES: readonly Mode[] = ["faithful", "fixed"];
