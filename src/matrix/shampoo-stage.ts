import type { ParameterSet } from "../memory/parameters.js";
import { oneMinusPower } from "../optimizers/one-minus-power.js";
import type { Step } from "../optimizers/step.js";
import { type BlockedOptions, BlockedStage, type Task } from "./blocked-stage.js";
import { type BlockedTensor, type Stripe, triangleLength } from "./blocks.js";
import { type Grafting, type GraftingScalars, graftingScalars } from "./grafting.js";
import { RemoteRoots } from "./remote-roots.js";
import type { RootWorker } from "./root-worker.js";
import { InverseRoots, type RootOptions } from "./roots.js";
import { moveAlong, type Piece } from "./tensors.js";

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
  readonly rootWorker: RootWorker | undefined;
}

/** The steps of a group. */
export class ShampooStage extends BlockedStage<ShampooOwn> {
  protected readonly computesFirst = true;

  readonly #remote: RemoteRoots<Task> | undefined;
  readonly #roots: InverseRoots;

  constructor(options: ShampooOwn, set: ParameterSet) {
    const { beta2, rootWorker } = options;
    super("shampoo", "root", options, { decay: beta2, intake: beta2 === 1 ? 1 : 1 - beta2 }, set);
    this.#remote = rootWorker && new RemoteRoots(rootWorker);
    this.#roots = new InverseRoots(set);
  }

  protected compute(step: Step<ShampooOwn>, task: Task) {
    const { tensor, block, mode } = task;
    const { beta2, biasCorrection, exponent, relativeEpsilon, absoluteEpsilon } = this.options;
    const statistics = this.pointerOf(step, "statistics", tensor) + mode.triangle * step.elementBytes;
    const options: RootOptions = {
      exponent: exponent ?? 1 / (2 * block.modes.length),
      relativeRidge: relativeEpsilon,
      absoluteRidge: absoluteEpsilon,
      correction: biasCorrection && beta2 < 1 ? oneMinusPower(beta2, step.t) : 1,
    };
    const { size } = mode;
    const { set } = step.parts;
    if (this.#remote === undefined) {
      return this.#roots.make(size, statistics, this.#rootOf(step, task), this.memory, options);
    }
    if (!this.#remote.isWaiting(task)) {
      const packed = set.engine.view(set.dtype, statistics, triangleLength(size)).slice();
      this.#remote.send(task, step.t, { size, statistics: packed, options });
    }
    return "sent";
  }

  protected override install(step: Step<ShampooOwn>): void {
    const { engine, dtype } = step.parts.set;
    for (const { task, t, root } of this.#remote?.take() ?? []) {
      if (typeof root !== "string") engine.view(dtype, this.#rootOf(step, task), root.length).set(root);
      this.record(step, task, typeof root === "string" ? root : "made", t);
    }
  }

  override forget(): void {
    super.forget();
    this.#remote?.forget();
  }

  #rootOf(step: Step<ShampooOwn>, { tensor, mode }: Task): number {
    return this.pointerOf(step, "roots", tensor) + mode.square * step.elementBytes;
  }

  protected directVector(step: Step<ShampooOwn>, tensor: BlockedTensor): void {
    const { direction } = this.memory;
    const moments = this.#momentsOf(step, tensor);
    step.call("momentDirection", tensor.length, direction, ...moments, direction, ...this.#scalars(step));
  }

  protected directBlocks(step: Step<ShampooOwn>, tensor: BlockedTensor, stripe: Stripe, gradients: number): void {
    const { direction, work } = this.memory;
    const [roots, made] = [this.pointerOf(step, "roots", tensor), this.pointerOf(step, "rootStep", tensor)];
    const places = [this.memory.record(stripe), direction, gradients, ...this.#momentsOf(step, tensor), roots, made];
    const grafts = Number(this.options.grafting.kind !== "none");
    step.call("shampooBlocks", stripe.blocks.length, ...places, grafts, ...this.#scalars(step), work);
  }

  /** Where a velocity gathers directions, the rate is not in them. */
  #scalars({ t, learningRate }: Step<ShampooOwn>): GraftingScalars {
    const { beta1, biasCorrection, grafting, momentum } = this.options;
    return graftingScalars(grafting, t, { beta1, biasCorrection, rate: momentum === 0 ? learningRate : 1 });
  }

  /** Where the moments begin, 0 for one that is not kept: of a tensor of blocks they lie block behind block. */
  #momentsOf(step: Step<ShampooOwn>, tensor: BlockedTensor): readonly [number, number] {
    const slot = (name: string) => (step.parts.slots.has(name) ? this.pointerOf(step, name, tensor) : 0);
    return [slot("firstMoment"), slot("secondMoment")];
  }

  protected finish(step: Step<ShampooOwn>, piece: Piece): void {
    const { momentum, nesterov } = this.options;
    const { direction } = this.memory;
    const { length } = piece;
    if (momentum !== 0) {
      const velocity = step.pointer({ slot: "velocity" }) + piece.offset;
      step.call("axpby", length, 1, direction, momentum, velocity);
      if (nesterov) step.call("axpy", length, momentum, velocity, direction);
      else step.call("copy", length, velocity, direction);
    }
    moveAlong(step, piece, direction, momentum === 0 ? 1 : step.learningRate);
  }
}
