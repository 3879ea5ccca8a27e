import { checkNumber, checkOneOf, checkOptions, positive } from "../check.js";
import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import { norm } from "./norm.js";

/**
 * After every step the parameters go to the nearest point of a set about 0:
 *
 * - `box`: every parameter between -radius and radius, in the pass of the step.
 * - `ball`: the norm of all parameters of a group at most radius, for one more pass to take the norm.
 */
export interface ProjectionOptions {
  readonly kind: "box" | "ball";
  /** > 0. */
  readonly radius: number;
}

export function checkProjection(where: string, projection: ProjectionOptions | undefined): void {
  if (projection === undefined) return;
  checkOneOf(where, "projection.kind", (projection as { kind?: unknown } | null)?.kind, ["box", "ball"]);
  checkOptions(`${where}: projection`, projection, ["kind", "radius"]);
  checkNumber(where, "projection.radius", projection.radius, positive);
}

/** The average that has taken in the parameters as they were before the projection. */
interface Average {
  /** 0 if there is none. */
  readonly pointer: number;
  readonly weight: number;
}

/** p <- radius p / |p| where |p| > radius, and the same for what an average holds of p. */
export function projectOntoBall(set: ParameterSet, radius: number, average: Average): void {
  const { engine, dtype, layout, valuesPointer } = set;
  const length = norm([{ set, pointer: valuesPointer }]);
  if (!(length > radius)) return;
  const factor = radius / length;
  if (average.pointer !== 0) {
    typed(engine.kernels, "axpy", dtype)(layout.length, average.weight * (factor - 1), valuesPointer, average.pointer);
  }
  typed(engine.kernels, "scale", dtype)(layout.length, factor, valuesPointer);
}
