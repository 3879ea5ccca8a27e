import type { Stage } from "./rule.js";
import type { SharpnessOptions } from "./sharpness.js";

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
