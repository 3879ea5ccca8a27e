import { checkNumber, checkOptions, positive } from "../check.js";

/**
 * Sharpness-aware minimisation (Foret et al. 2021): the gradient of the step is taken at p + radius g / |g|, where g is the
 * gradient at p. Two gradients a step.
 */
export interface SharpnessOptions {
  /** rho > 0. Default 0.05. */
  readonly radius?: number;
}

export function checkSharpness(where: string, sharpness: SharpnessOptions | undefined): void {
  if (sharpness === undefined) return;
  checkOptions(`${where}: sharpness`, sharpness, ["radius"]);
  checkNumber(where, "sharpness.radius", sharpness.radius ?? 0.05, positive);
}
