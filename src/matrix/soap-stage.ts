import { matrix } from "../engine/families/matrix.js";
import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Step } from "../optimizers/step.js";
import type { Way } from "./block-kernels.js";
import { type BlockedOptions, BlockedStage, type Task } from "./blocked-stage.js";
import type { Block, BlockedTensor } from "./blocks.js";
import { graftingScalars } from "./grafting.js";
import { moveAlong } from "./tensors.js";

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
  protected compute(step: Step<SoapOwn>, { tensor, block, mode }: Task) {
    const { size: n } = mode;
    const { square, otherSquare, values, work, block: plain } = this.scratch;
    const { elementBytes } = step;
    const statistics = this.pointerOf(step, "statistics", tensor) + mode.triangle * elementBytes;
    const basis = this.pointerOf(step, "bases", tensor) + mode.square * elementBytes;
    const moment = this.pointerOf(step, "firstMoment", tensor) + block.start * elementBytes;
    step.call("unpackLower", n, statistics, square, n);
    if (!this.isThere(tensor, mode)) {
      if (step.call("symmetricEigen", n, square, n, values, otherSquare, n, work) !== 0) return "failed";
      if (!(this.#greatest(step, n) > 0)) return "zero";
      for (let k = 0; k < n; k++) {
        step.call("copy", n, otherSquare + (n - 1 - k) * n * elementBytes, basis + k * n * elementBytes);
      }
      step.call("copy", block.elements, moment, plain);
    } else {
      // A basis that fails to be refreshed is kept, and the moment with it.
      this.kernels.apply(mode, basis, "back", moment, plain);
      const { set } = step.parts;
      const refresh = typed(set.engine.family(matrix), "refreshBasis", set.dtype);
      if (refresh(n, square, n, basis, n, values, work) !== 0) return "failed";
    }
    this.kernels.apply(mode, basis, "there", plain, moment);
    return "made";
  }

  protected moveVector(step: Step<SoapOwn>, tensor: BlockedTensor): void {
    const { direction } = this.scratch;
    const moments = ["firstMoment", "secondMoment"].map((slot) => this.pointerOf(step, slot, tensor));
    const scalars = this.#scalars(step, step.t);
    step.call("momentDirection", tensor.length, this.gradientOf(tensor), ...moments, direction, ...scalars);
    moveAlong(step, tensor, direction, 1);
  }

  protected moveBlocks(step: Step<SoapOwn>, tensor: BlockedTensor): void {
    const { startStep } = this.options;
    const { direction } = this.scratch;
    if (step.t === startStep) {
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
    const { direction, block: ours, otherBlock } = this.scratch;
    const { elementBytes } = step;
    const start = block.start * elementBytes;
    const bases = this.pointerOf(step, "bases", tensor);
    const modes = block.modes.filter((mode) => this.isThere(tensor, mode));
    let at = this.gradientOf(tensor) + start;
    const turn = (way: Way) => {
      for (const mode of modes) {
        const to = at === ours ? otherBlock : ours;
        this.kernels.apply(mode, bases + mode.square * elementBytes, way, at, to);
        at = to;
      }
    };
    turn("there");
    const first = this.pointerOf(step, "firstMoment", tensor) + start;
    const second = this.pointerOf(step, "secondMoment", tensor) + start;
    step.call("momentDirection", block.elements, at, first, second, ours, ...scalars);
    at = ours;
    turn("back");
    this.kernels.copyScaled(1, at, block.packed, direction, block.inside);
  }

  #greatest(step: Step<SoapOwn>, n: number): number {
    const { engine, dtype } = step.parts.set;
    return engine.view(dtype, this.scratch.values, n)[n - 1]!;
  }
}
