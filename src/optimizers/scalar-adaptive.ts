import { update } from "../engine/families/update.js";
import { updateTensors } from "../engine/families/update-tensors.js";
import type { Memory } from "./memory.js";
import type { Resolved } from "./resolved.js";
import type { UpdateRule } from "./rule.js";

interface ScalarAdaptive<Own extends object> {
  readonly name: string;
  readonly defaults: Resolved<Own>;
  validate(where: string, options: Resolved<Own>): void;
  /** What stands under the root before the first step. */
  initial(options: Resolved<Own>): number;
  /** Takes in the squared norm of the gradient of step t = 1, 2, ... */
  accumulate(memory: Memory, squaredNorm: number, t: number, options: Resolved<Own>): void;
}

/**
 * A rule that divides the rate of all parameters of a group alike by the root of what it has made of the squared norms of
 * their gradients: `sum` is what it adds up, `underRoot` what it takes the root of.
 */
export function scalarAdaptive<Own extends object>(rule: ScalarAdaptive<Own>): UpdateRule<Own> {
  return {
    name: rule.name,
    defaults: { learningRate: 0.01, weightDecay: 0, decoupledWeightDecay: false, ...rule.defaults },
    validate(where, options) {
      rule.validate(where, options);
      if (options.clipValue !== Number.POSITIVE_INFINITY) {
        throw new RangeError(`${where}: clipValue can't go with a rule that takes the norm of the gradient`);
      }
    },
    family: [update, updateTensors],
    kernel: () => "sgd",
    slots: () => [],
    memory: (options) => ({ sum: 0, underRoot: rule.initial(options) }),
    prepare(step) {
      rule.accumulate(step.memory, step.groupSquaredNorm(), step.t, step.options);
    },
    // Under the root is 0 only as long as all gradients are 0.
    scalars: (_t, learningRate, _options, { underRoot }) => [
      underRoot === 0 ? 0 : learningRate / Math.sqrt(underRoot!),
    ],
  };
}
