import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";

/** The norm of the gradients of some sets together. Finite where they and their norm are, even if squares overflow. */
export function gradientNorm(sets: readonly ParameterSet[]): number {
  let squares = 0;
  for (const { engine, dtype, layout, gradientsPointer } of sets) {
    squares += typed(engine.kernels, "squaredNorm", dtype)(layout.length, gradientsPointer);
  }
  if (Number.isFinite(squares)) return Math.sqrt(squares);
  let greatest = 0;
  for (const { engine, dtype, layout, gradientsPointer } of sets) {
    greatest = Math.max(greatest, typed(engine.kernels, "absoluteMaximum", dtype)(layout.length, gradientsPointer));
  }
  if (!Number.isFinite(greatest)) return greatest;
  let scaled = 0;
  for (const { engine, dtype, layout, gradientsPointer } of sets) {
    for (const gradient of engine.view(dtype, gradientsPointer, layout.length)) scaled += (gradient / greatest) ** 2;
  }
  return greatest * Math.sqrt(scaled);
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
