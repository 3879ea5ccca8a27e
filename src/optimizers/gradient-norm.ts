import type { ParameterSet } from "../memory/parameters.js";
import { norm } from "./norm.js";

/** The norm of the gradients of some sets together. */
export function gradientNorm(sets: readonly ParameterSet[]): number {
  return norm(sets.map((set) => ({ set, pointer: set.gradientsPointer })));
}

/** The first gradient that is not finite, in words. */
export function firstNonFinite(sets: readonly ParameterSet[]): string {
  for (const set of sets) {
    for (const [name, gradient] of Object.entries<ArrayLike<number>>(set.gradients)) {
      for (let i = 0; i < gradient.length; i++) {
        if (!Number.isFinite(gradient[i])) return `the gradient of "${name}" is ${gradient[i]} at ${i}`;
      }
    }
  }
  return "the norm of the gradients overflows";
}
