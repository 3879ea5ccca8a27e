import type { Signal } from "../finite-sum/index.js";
import type { Engine } from "../memory/engine.js";

/** What a task has beside its input. */
export interface TaskContext {
  readonly engine: Engine;
  readonly signal: Signal;
  /** Tells whoever gave the task out how far it is. */
  progress(report: unknown): void;
}
