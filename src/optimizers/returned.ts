import { given } from "../check.js";
import type { Arrays } from "./target.js";

/** What a closure has returned, which must be gradients or nothing: PyTorch's return the loss. */
export function checkReturned(where: string, returned: unknown): Arrays | undefined {
  if (returned === undefined) return undefined;
  if (typeof (returned as { then?: unknown } | null)?.then === "function") {
    throw new TypeError(`${where}: the closure must be done when it returns, got a promise`);
  }
  if (typeof returned === "object" && returned !== null) return returned as Arrays;
  throw new TypeError(`${where}: the closure must return gradients, or nothing (not the loss), got ${given(returned)}`);
}
