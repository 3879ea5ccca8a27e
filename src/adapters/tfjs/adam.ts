import type { CommonOptions } from "../../optimizers/common-options.js";
import { Optimizer } from "../../optimizers/optimizer.js";
import { correctedBy } from "../../optimizers/rules/adam.js";
import type { Target } from "../../optimizers/target.js";

/** From here on down 1 - power is 1 in float32. */
const LOST = 2 ** -25;

/**
 * 1 - beta^t in float32, as TensorFlow.js keeps it: a power that is multiplied at every step. 1 - 0.999 is off by 1.3e-5 so,
 * and the first steps are by half of that. Without it a batch's loss was up to 6e-4 from TensorFlow.js's within 200 batches of
 * MNIST; with it 4e-7, no more than a start that differs in the last bit makes.
 */
function roundedCorrections(): (beta: number, t: number) => number {
  const powers = new Map<number, number[]>();
  return (beta, t) => {
    const factor = Math.fround(beta);
    const known = powers.get(beta) ?? [factor];
    powers.set(beta, known);
    while (known.length < t && known.at(-1)! > LOST) known.push(Math.fround(known.at(-1)! * factor));
    return Math.fround(1 - known[Math.min(t, known.length) - 1]!);
  };
}

/** Adam with TensorFlow.js's roundings. */
export function adam(target: Target, options: CommonOptions): Optimizer {
  return new Optimizer(correctedBy(roundedCorrections()), target, options) as Optimizer;
}
