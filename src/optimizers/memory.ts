/** Persistent numbers beside the slots, by name. Saved with the state. */
export type Memory = Record<string, number>;
