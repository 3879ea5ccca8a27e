import { checkNumber, checkOptions, positive } from "../check.js";
import type { Stage } from "./rule.js";

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

/** The way up before the stages of a rule, and the way back in front of its own. */
export function sharpnessStages<Options extends object>(
  { radius = 0.05 }: SharpnessOptions,
  stages: readonly Stage<Options>[],
): readonly Stage<Options>[] {
  const [first, ...others] = stages as [Stage<Options>, ...Stage<Options>[]];
  return [
    {
      run(step) {
        step.keepParameters();
        const norm = step.gradientNorm();
        if (norm > 0) step.axpy((radius / norm) * step.gradientScale, "gradients", "parameters");
      },
    },
    {
      ...first,
      run(step) {
        step.restoreParameters();
        first.run(step);
      },
    },
    ...others,
  ];
}
