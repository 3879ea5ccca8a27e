import { resolveAdaptiveClip } from "../../../optimizers/adaptive-clip.js";
import type { ResolvedCommon } from "../../../optimizers/common-options.js";
import type { Optimizer } from "../../../optimizers/optimizer.js";
import type { UpdateRule } from "../../../optimizers/rule.js";
import { type ComposedKernel, composedKernels } from "./kernels.js";

/** A rule whose steps can be composed of TensorFlow.js's operations, with its options, all decided. */
export interface Composable {
  readonly rule: UpdateRule<object>;
  readonly options: ResolvedCommon;
  readonly kernel: ComposedKernel;
}

/** What an optimizer would be of TensorFlow.js's operations; or the name of what it has that is not among them. */
export function composable(optimizer: Optimizer): Composable | string {
  const rule = optimizer.rule as UpdateRule<object>;
  const options = optimizer.options as unknown as ResolvedCommon;
  const kernel = "kernel" in rule ? composedKernels[rule.kernel(options)] : undefined;
  if (kernel === undefined || rule.prepare || rule.matrix || (rule.stages && !kernel.staged)) return rule.name;
  const { adaptiveClip, average, projection, lookahead, stateStorage } = options;
  const refused = {
    "adaptiveClip by rows": resolveAdaptiveClip(adaptiveClip).unit === "row",
    'average of kind "last"': average?.kind === "last",
    'projection of kind "ball"': projection?.kind === "ball",
    lookahead: lookahead !== undefined,
    stateStorage: stateStorage !== undefined,
  };
  const option = Object.entries(refused).find(([, isSo]) => isSo)?.[0];
  return option === undefined ? { rule, options, kernel } : `${rule.name} with ${option}`;
}
