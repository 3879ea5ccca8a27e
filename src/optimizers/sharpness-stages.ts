import type { Stage } from "./rule.js";
import type { SharpnessOptions } from "./sharpness.js";

/** The way up, and the update from where it began. */
export function sharpnessStages<Options extends object>(
  { radius = 0.05 }: SharpnessOptions,
  update: Stage<Options>,
): readonly Stage<Options>[] {
  return [
    {
      run(step) {
        step.keepParameters();
        const norm = step.gradientNorm();
        if (norm > 0) step.axpy((radius / norm) * step.gradientScale, "gradients", "parameters");
      },
    },
    {
      run(step) {
        step.restoreParameters();
        update.run(step);
      },
    },
  ];
}
