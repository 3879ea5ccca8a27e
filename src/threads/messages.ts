import type { Variant } from "../engine/tables.js";
import type { TaskName } from "./tasks.js";

/** What a worker is told. */
export type Order =
  /** Data that jobs refer to by its number. */
  | { readonly kind: "data"; readonly id: number; readonly value: unknown }
  | { readonly kind: "forget"; readonly ids: readonly number[] }
  | {
      readonly kind: "job";
      readonly job: number;
      readonly task: TaskName;
      /** With references in place of data; see `packing.ts`. */
      readonly input: unknown;
      readonly variant: Variant;
    }
  | { readonly kind: "abort"; readonly job: number };

/** What a worker tells. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly job: number; readonly report: unknown }
  | { readonly kind: "done"; readonly job: number; readonly output: unknown }
  | { readonly kind: "failed"; readonly job: number; readonly error: unknown };
