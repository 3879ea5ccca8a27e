import type { ParameterSet } from "../memory/parameters.js";
import { oneMinusPower } from "../optimizers/one-minus-power.js";
import type { Step } from "../optimizers/step.js";
import { applyAlong, copyScaled, squaredNorm } from "./block-kernels.js";
import { type BlockedOptions, BlockedStage, type Task } from "./blocked-stage.js";
import type { Block, BlockedTensor } from "./blocks.js";
import { type Grafting, graftingScalars } from "./grafting.js";
import { inverseRootOf } from "./roots.js";
import { moveAlong, slotPointer } from "./tensors.js";

/** Shampoo's options, all of them decided. */
export interface ShampooOwn extends BlockedOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly biasCorrection: boolean;
  readonly relativeEpsilon: number;
  readonly absoluteEpsilon: number;
  readonly exponent: number | undefined;
  readonly grafting: Grafting;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** The steps of a group. */
export class ShampooStage extends BlockedStage<ShampooOwn> {
  protected readonly computesFirst = true;

  constructor(options: ShampooOwn, set: ParameterSet) {
    const { beta2 } = options;
    super("shampoo", "root", options, { decay: beta2, intake: beta2 === 1 ? 1 : 1 - beta2 }, set);
  }

  protected compute(step: Step<ShampooOwn>, task: Task) {
    const { beta2, biasCorrection, exponent, relativeEpsilon, absoluteEpsilon } = this.options;
    const [from, to] = [this.placeOf(step, "statistics", task), this.placeOf(step, "roots", task)];
    return inverseRootOf(step, task.mode.size, from, to, this.scratch, {
      exponent: exponent ?? 1 / (2 * task.block.modes.length),
      relativeRidge: relativeEpsilon,
      absoluteRidge: absoluteEpsilon,
      correction: biasCorrection && beta2 < 1 ? oneMinusPower(beta2, step.t) : 1,
    });
  }

  protected move(step: Step<ShampooOwn>, tensor: BlockedTensor): void {
    const { beta1, biasCorrection, grafting, momentum, nesterov } = this.options;
    const { direction } = this.scratch;
    const { length } = tensor;
    const gradient = this.gradientOf(tensor);
    const slot = (name: string) => (step.parts.slots.has(name) ? slotPointer(step, name, tensor) : 0);
    const first = slot("firstMoment");
    // Where a velocity gathers directions, the rate is not in them.
    const rate = momentum === 0 ? step.learningRate : 1;
    const scalars = graftingScalars(grafting, step.t, { beta1, biasCorrection, rate });
    step.call("momentDirection", length, gradient, first, slot("secondMoment"), direction, ...scalars);
    const [, , , , firstScale] = scalars;
    for (const block of tensor.blocks) this.#precondition(step, tensor, block, first || gradient, firstScale!);
    if (momentum !== 0) {
      const velocity = slot("velocity");
      step.call("axpby", length, 1, direction, momentum, velocity);
      if (nesterov) step.call("axpy", length, momentum, velocity, direction);
      else step.call("copy", length, velocity, direction);
    }
    moveAlong(step, tensor, direction, momentum === 0 ? 1 : step.learningRate);
  }

  /** Puts the block's own direction in the place of the grafted one, as long as that. */
  #precondition(step: Step<ShampooOwn>, tensor: BlockedTensor, block: Block, from: number, firstScale: number): void {
    if (!block.modes.every((mode) => this.isThere(step, tensor, mode))) return;
    const { direction, block: ours, otherBlock, work } = this.scratch;
    let [at, inside] = [from, true];
    for (const mode of block.modes) {
      const to = at === ours ? otherBlock : ours;
      const root = this.placeOf(step, "roots", { tensor, mode });
      const source = { at, slices: inside ? mode.inside : mode.packed };
      applyAlong(step, mode, root, source, { at: to, slices: mode.packed }, { back: false, work });
      [at, inside] = [to, false];
    }
    const made = { at, slices: block.packed };
    const grafted = { at: direction, slices: block.inside };
    if (this.options.grafting.kind === "none") {
      copyScaled(step, firstScale, made, grafted);
      return;
    }
    const squares = squaredNorm(step, made);
    if (squares > 0) copyScaled(step, Math.sqrt(squaredNorm(step, grafted) / squares), made, grafted);
  }
}
