import { matrix } from "../engine/families/matrix.js";
import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Step } from "../optimizers/step.js";
import { applyAlong, copyScaled } from "./block-kernels.js";
import { type BlockedOptions, BlockedStage, type Task } from "./blocked-stage.js";
import type { Block, BlockedTensor } from "./blocks.js";
import { graftingScalars } from "./grafting.js";
import { moveAlong, slotPointer } from "./tensors.js";

/** SOAP's options, all of them decided. */
export interface SoapOwn extends BlockedOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly statisticsBeta: number;
  readonly epsilon: number;
}

/** The steps of a group. Moments of a block lie without gaps, in the block's basis, one block behind the other. */
export class SoapStage extends BlockedStage<SoapOwn> {
  /**
   * A gradient turned into a basis made of itself has rounding errors off its diagonal, which Adam would make as large as all
   * the rest: bases serve from the next step on.
   */
  protected readonly computesFirst = false;

  constructor(options: SoapOwn, set: ParameterSet) {
    const { statisticsBeta } = options;
    super("soap", "basis", options, { decay: statisticsBeta, intake: 1 - statisticsBeta }, set);
  }

  /** The eigenvectors of the statistics by descending value at first, later one step of simultaneous iteration. */
  protected compute(step: Step<SoapOwn>, task: Task) {
    const { tensor, mode } = task;
    const { size: n } = mode;
    const { square, otherSquare, values, work, block: ours } = this.scratch;
    const basis = this.placeOf(step, "bases", task);
    const wasThere = this.isThere(step, tensor, mode);
    const moment = { at: this.#momentOf(step, "firstMoment", task), slices: mode.packed };
    const plain = { at: ours, slices: mode.packed };
    step.call("unpackLower", n, this.placeOf(step, "statistics", task), square, n);
    if (!wasThere) {
      if (step.call("symmetricEigen", n, square, n, values, otherSquare, n, work) !== 0) return "failed";
      if (!(this.#greatest(step, n) > 0)) return "zero";
      for (let k = 0; k < n; k++) {
        step.call("copy", n, otherSquare + (n - 1 - k) * n * step.elementBytes, basis + k * n * step.elementBytes);
      }
      copyScaled(step, 1, moment, plain);
    } else {
      // A basis that fails to be refreshed is kept, and the moment with it.
      applyAlong(step, mode, basis, moment, plain, { back: true, work });
      const { set } = step.parts;
      const refresh = typed(set.engine.family(matrix), "refreshBasis", set.dtype);
      if (refresh(n, square, n, basis, n, values, work) !== 0) return "failed";
    }
    applyAlong(step, mode, basis, plain, moment, { back: false, work });
    return "made";
  }

  protected move(step: Step<SoapOwn>, tensor: BlockedTensor): void {
    const { startStep } = this.options;
    const { direction } = this.scratch;
    if (tensor.blocks.length === 0) {
      const moments = ["firstMoment", "secondMoment"].map((slot) => slotPointer(step, slot, tensor));
      const scalars = this.#scalars(step, step.t);
      step.call("momentDirection", tensor.length, this.gradientOf(tensor), ...moments, direction, ...scalars);
    } else if (step.t === startStep) {
      step.call("fill", tensor.length, 0, direction);
    } else {
      const scalars = this.#scalars(step, step.t < startStep ? step.t : step.t - 1);
      for (const block of tensor.blocks) this.#moveBlock(step, tensor, block, scalars);
    }
    moveAlong(step, tensor, direction, 1);
  }

  /** Those of Adam's t-th step. */
  #scalars({ learningRate }: Step<SoapOwn>, t: number): readonly number[] {
    const { beta1, beta2, epsilon } = this.options;
    return graftingScalars({ kind: "adam", beta2, epsilon }, t, { beta1, biasCorrection: true, rate: learningRate });
  }

  /** Turns the block's gradient into its bases, and Adam's step back. */
  #moveBlock(step: Step<SoapOwn>, tensor: BlockedTensor, block: Block, scalars: readonly number[]): void {
    const { direction, block: ours, otherBlock, work } = this.scratch;
    const modes = block.modes.filter((mode) => this.isThere(step, tensor, mode));
    const gradient = { at: this.gradientOf(tensor), slices: block.inside };
    const basisOf = (k: number) => this.placeOf(step, "bases", { tensor, mode: modes[k]! });
    let at = ours;
    if (modes.length === 0) copyScaled(step, 1, gradient, { at, slices: block.packed });
    modes.forEach((mode, k) => {
      const source = k === 0 ? { at: gradient.at, slices: mode.inside } : { at, slices: mode.packed };
      if (k > 0) at = at === ours ? otherBlock : ours;
      applyAlong(step, mode, basisOf(k), source, { at, slices: mode.packed }, { back: false, work });
    });
    const moments = ["firstMoment", "secondMoment"].map((slot) => this.#momentOf(step, slot, { tensor, block }));
    step.call("momentDirection", block.elements, at, ...moments, at, ...scalars);
    if (modes.length === 0) {
      copyScaled(step, 1, { at, slices: block.packed }, { at: direction, slices: block.inside });
    }
    modes.forEach((mode, k) => {
      const source = { at, slices: mode.packed };
      const isLast = k === modes.length - 1;
      if (!isLast) at = at === ours ? otherBlock : ours;
      const to = isLast ? { at: direction, slices: mode.inside } : { at, slices: mode.packed };
      applyAlong(step, mode, basisOf(k), source, to, { back: true, work });
    });
  }

  #momentOf(step: Step<SoapOwn>, slot: string, { tensor, block }: Pick<Task, "tensor" | "block">): number {
    return slotPointer(step, slot, tensor) + block.start * step.elementBytes;
  }

  #greatest(step: Step<SoapOwn>, n: number): number {
    const { engine, dtype } = step.parts.set;
    return engine.view(dtype, this.scratch.values, n)[n - 1]!;
  }
}
