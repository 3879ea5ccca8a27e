import { matrix } from "../engine/families/matrix.js";
import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Step } from "../optimizers/step.js";
import { type BlockedOptions, BlockedStage, type Task } from "./blocked-stage.js";
import type { Block, BlockedTensor, Mode, Stripe } from "./blocks.js";
import { type GraftingScalars, graftingScalars } from "./grafting.js";
import { moveAlong, type Piece } from "./tensors.js";

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
    const { square, otherSquare, values, work } = this.memory;
    const { elementBytes } = step;
    const statistics = this.pointerOf(step, "statistics", tensor) + mode.triangle * elementBytes;
    const basis = this.pointerOf(step, "bases", tensor) + mode.square * elementBytes;
    step.call("unpackLower", n, statistics, square, n);
    if (!this.isThere(tensor, mode)) {
      if (step.call("symmetricEigen", n, square, n, values, otherSquare, n, work) !== 0) return "failed";
      if (!(this.#greatest(step, n) > 0)) return "zero";
      for (let k = 0; k < n; k++) {
        step.call("copy", n, otherSquare + (n - 1 - k) * n * elementBytes, basis + k * n * elementBytes);
      }
      this.#turnMoments(step, tensor, block, mode, basis);
    } else {
      // A basis that fails to be refreshed is kept, and the moments with it.
      step.call("copy", n * n, basis, otherSquare);
      const { set } = step.parts;
      const refresh = typed(set.engine.family(matrix), "refreshBasis", set.dtype);
      if (refresh(n, square, n, basis, n, values, work) !== 0) return "failed";
      step.call("gemm", 0, 1, n, n, n, 1, basis, n, otherSquare, n, 0, square, n, work);
      this.#turnMoments(step, tensor, block, mode, square);
    }
    return "made";
  }

  /**
   * The moments of a block after a change of basis, T from the old to the new: m <- T m, v <- (T o T) v along the mode. So v is
   * what it would be had the gradients' coordinates not been correlated, and no coordinate keeps a v far below its m: with that
   * of another direction, of none in the worst case, a step would be as long as you like.
   */
  #turnMoments(step: Step<SoapOwn>, tensor: BlockedTensor, block: Block, mode: Mode, turn: number): void {
    const { otherSquare: squares, block: turned, work } = this.memory;
    const { elementBytes } = step;
    const offset = block.start * elementBytes;
    const [first, second] = this.#momentsOf(step, tensor);
    step.call("squareElements", mode.size, mode.size, turn, mode.size, squares, mode.size);
    for (const [moment, by] of [
      [first + offset, turn],
      [second + offset, squares],
    ] as const) {
      step.call("applyAlongMode", this.memory.record(mode), by, moment, turned, work);
      step.call("copy", block.elements, turned, moment);
    }
  }

  protected directVector(step: Step<SoapOwn>, tensor: BlockedTensor): void {
    const { direction } = this.memory;
    const scalars = this.#scalars(step, step.t);
    step.call("momentDirection", tensor.length, direction, ...this.#momentsOf(step, tensor), direction, ...scalars);
  }

  /** At the first step with bases there is none. */
  protected directBlocks(step: Step<SoapOwn>, tensor: BlockedTensor, stripe: Stripe, gradients: number): void {
    const { direction, work } = this.memory;
    const { startStep } = this.options;
    const { t } = step;
    if (t === startStep) {
      step.call("fill", stripe.elements, 0, direction);
      return;
    }
    const scalars = this.#scalars(step, t < startStep ? t : t - 1);
    const [bases, made] = [this.pointerOf(step, "bases", tensor), this.pointerOf(step, "rootStep", tensor)];
    const places = [this.memory.record(stripe), direction, gradients, ...this.#momentsOf(step, tensor), bases, made];
    step.call("soapBlocks", stripe.blocks.length, ...places, ...scalars, work);
  }

  protected finish(step: Step<SoapOwn>, piece: Piece): void {
    moveAlong(step, piece, this.memory.direction, 1);
  }

  /** Those of Adam's t-th step. */
  #scalars({ learningRate }: Step<SoapOwn>, t: number): GraftingScalars {
    const { beta1, beta2, epsilon } = this.options;
    return graftingScalars({ kind: "adam", beta2, epsilon }, t, { beta1, biasCorrection: true, rate: learningRate });
  }

  #momentsOf(step: Step<SoapOwn>, tensor: BlockedTensor): readonly [number, number] {
    return [this.pointerOf(step, "firstMoment", tensor), this.pointerOf(step, "secondMoment", tensor)];
  }

  #greatest(step: Step<SoapOwn>, n: number): number {
    const { engine, dtype } = step.parts.set;
    return engine.view(dtype, this.memory.values, n)[n - 1]!;
  }
}
