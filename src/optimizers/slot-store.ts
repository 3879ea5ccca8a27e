import type { FloatArray } from "../memory/dtype.js";
import type { Layout } from "../memory/layout.js";
import type { StateStorage } from "./storage/storage.js";

/** The state tensors of a group, however they are kept. */
export interface SlotStore {
  /** How they are kept; undefined: as the parameters are. */
  readonly storage: StateStorage | undefined;
  /** In the order in which the rule names them, which is that of a kernel's arguments. */
  readonly names: readonly string[];
  /** Those that are part of the state. */
  readonly stateNames: readonly string[];
  /** What a kernel takes for a slot. */
  pointers(name: string): readonly number[];
  has(name: string): boolean;
  pointer(name: string): number;
  layout(name: string): Layout;
  /** A slot's array for a parameter: live until memory grows, or a copy of what is kept in fewer bits. */
  view(slot: string, parameter: string): FloatArray;
  /** Before the first step: what starts as the parameters becomes what they are now. */
  takeParameters(): void;
  /** After step t: small entries of what decays become 0, every so often. */
  flush(t: number): void;
  /** A copy by slot and parameter name. */
  save(): Record<string, Record<string, FloatArray>>;
  load(slot: string, parameter: string, array: FloatArray): void;
  dispose(): void;
}
