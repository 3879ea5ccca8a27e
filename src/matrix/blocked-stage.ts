import type { ParameterSet } from "../memory/parameters.js";
import type { Stage } from "../optimizers/rule.js";
import type { Step } from "../optimizers/step.js";
import { BlockKernels } from "./block-kernels.js";
import { BlockScratch } from "./block-scratch.js";
import { type Block, type BlockedTensor, type Blocking, blockedTensors, type Mode } from "./blocks.js";
import { ModeNumbers } from "./mode-numbers.js";
import { Budget, type Due, oldestFirst, phasesOf, type ScheduleOptions, staggered } from "./root-schedule.js";
import type { Outcome } from "./roots.js";
import { isFrozen, leaveOut, prepare, slotPointer } from "./tensors.js";

export interface BlockedOptions extends Blocking, ScheduleOptions {
  readonly maximumMillisecondsPerStep: number;
  readonly now: () => number;
  readonly toleratedFailures: number;
}

/** What is computed now and then of a mode of a block, a root or a basis. */
export interface Task extends Due {
  readonly tensor: BlockedTensor;
  readonly block: Block;
  readonly mode: Mode;
}

/** What a tensor remembers of each of its modes. */
interface Records {
  /** The step at which its root or basis was made, 0 for never. */
  readonly made: ModeNumbers;
  readonly failures: ModeNumbers;
}

/** How the statistics of a mode come about: S <- decay S + intake G G^T. */
interface Statistics {
  readonly decay: number;
  readonly intake: number;
}

/**
 * The steps of a group whose tensors are parted into blocks with statistics of every side. It has slots `statistics`, and
 * `rootStep` and `rootFailures` with a number for each mode; its rule remembers `failedRoots`.
 */
export abstract class BlockedStage<Own extends BlockedOptions> implements Stage<Own> {
  protected readonly options: Own;
  protected readonly scratch: BlockScratch;
  readonly #where: string;
  readonly #what: string;
  readonly #statistics: Statistics;
  readonly #tensors: readonly BlockedTensor[];
  readonly #tasks: readonly Task[];
  readonly #phases: readonly number[];
  readonly #budget: Budget;
  /** By slot, where it begins for each tensor. */
  readonly #pointers = new Map<string, readonly number[]>();
  #records: readonly Records[] = [];
  #kernels: BlockKernels | undefined;

  /** @param what is computed now and then: "root", "basis" */
  constructor(where: string, what: string, options: Own, statistics: Statistics, set: ParameterSet) {
    this.#where = where;
    this.#what = what;
    this.options = options;
    this.#statistics = statistics;
    this.#tensors = blockedTensors(set, options);
    this.scratch = new BlockScratch(set, this.#tensors);
    this.#tasks = this.#tensors.flatMap((tensor) =>
      tensor.blocks.flatMap((block) => block.modes.map((mode) => this.#taskOf(tensor, block, mode))),
    );
    this.#phases = phasesOf(this.#tasks, options.frequency);
    this.#budget = new Budget(options.maximumMillisecondsPerStep, options.now);
  }

  run(step: Step<Own>): void {
    this.#begin(step);
    this.#refuseFailures(step);
    this.install(step);
    this.#budget.begin();
    const present = new Set(this.#tensors.filter((tensor) => this.#takeGradient(step, tensor)));
    for (const tensor of present) this.#gather(step, tensor);
    if (this.computesFirst) this.#computeDue(step, (task) => present.has(task.tensor));
    this.#budget.beginRest();
    for (const tensor of present) this.#move(step, tensor);
    this.#budget.endRest();
    if (!this.computesFirst) this.#computeDue(step, (task) => present.has(task.tensor));
  }

  dispose(): void {
    this.scratch.dispose();
  }

  /** Computes what is due of a mode from its statistics: `"zero"` if there are none yet, `"sent"` if others are at it. */
  protected abstract compute(step: Step<Own>, task: Task): Outcome | "sent";

  /** Takes in what others have computed. */
  protected install(_step: Step<Own>): void {}

  /** Makes the direction of a vector, of what it has in `gradients`, in `direction`; and moves along it. */
  protected abstract moveVector(step: Step<Own>, tensor: BlockedTensor): void;

  /** The same for a tensor of blocks. `direction` is 0 behind the last element. */
  protected abstract moveBlocks(step: Step<Own>, tensor: BlockedTensor): void;

  /** Whether what is computed serves the step already; what has never been computed waits for its turn then. */
  protected abstract readonly computesFirst: boolean;

  protected get kernels(): BlockKernels {
    return this.#kernels!;
  }

  /** Where the gradient of a tensor begins, block behind block. */
  protected gradientOf({ offset }: BlockedTensor): number {
    return this.scratch.gradients + offset;
  }

  /** Where a tensor's part of a slot begins. */
  protected pointerOf(step: Step<Own>, slot: string, { index }: BlockedTensor): number {
    let pointers = this.#pointers.get(slot);
    if (pointers === undefined) {
      pointers = this.#tensors.map((tensor) => slotPointer(step, slot, tensor));
      this.#pointers.set(slot, pointers);
    }
    return pointers[index]!;
  }

  /** Whether it has been computed. */
  protected isThere(tensor: BlockedTensor, { index }: Mode): boolean {
    return this.#records[tensor.index]!.made.get(index) > 0;
  }

  #taskOf(tensor: BlockedTensor, block: Block, mode: Mode): Task {
    const lastStep = () => this.#records[tensor.index]!.made.get(mode.index);
    return { tensor, block, mode, cost: mode.size ** 3, lastStep };
  }

  #begin(step: Step<Own>): void {
    this.#kernels ??= new BlockKernels(step, this.scratch.work);
    if (this.#records.length === 0) {
      this.#records = this.#tensors.map((tensor) => {
        const count = tensor.blocks.reduce((sum, { modes }) => sum + modes.length, 0);
        const numbers = (slot: string) => new ModeNumbers(step.parts.set, this.pointerOf(step, slot, tensor), count);
        return { made: numbers("rootStep"), failures: numbers("rootFailures") };
      });
    }
    // They may have been loaded since the last step.
    for (const { made, failures } of this.#records) {
      made.read();
      failures.read();
    }
  }

  /** Before anything changes. */
  #refuseFailures(step: Step<Own>): void {
    if (step.memory.failedRoots === 0) return;
    const { toleratedFailures } = this.options;
    for (const { tensor, block, mode } of this.#tasks) {
      const failures = this.#records[tensor.index]!.failures.get(mode.index);
      if (failures <= toleratedFailures) continue;
      const which = `a ${this.#what} of block ${block.index} of "${tensor.name}"`;
      throw new Error(
        `${this.#where}: ${which} has failed ${failures} times in a row, ${toleratedFailures} are allowed`,
      );
    }
  }

  /** Brings the gradient of a tensor in; false if it takes no part in the step. */
  #takeGradient(step: Step<Own>, tensor: BlockedTensor): boolean {
    if (isFrozen(step, tensor)) {
      leaveOut(step, tensor);
      return false;
    }
    const { blocks } = tensor;
    const [{ direction }, gradient] = [this.scratch, this.gradientOf(tensor)];
    // A single block lies without gaps already.
    if (blocks.length < 2) return prepare(step, tensor, gradient);
    if (!prepare(step, tensor, direction)) return false;
    for (const { start, inside, packed } of blocks) {
      this.kernels.copyScaled(1, direction, inside, gradient + start * step.elementBytes, packed);
    }
    return true;
  }

  #gather(step: Step<Own>, tensor: BlockedTensor): void {
    const { decay, intake } = this.#statistics;
    const { elementBytes } = step;
    const statistics = this.pointerOf(step, "statistics", tensor);
    for (const { modes, start } of tensor.blocks) {
      const block = this.gradientOf(tensor) + start * elementBytes;
      for (const mode of modes) {
        this.kernels.addStatistics(mode, block, statistics + mode.triangle * elementBytes, decay, intake);
      }
    }
  }

  #move(step: Step<Own>, tensor: BlockedTensor): void {
    const { blocks, length } = tensor;
    const last = blocks.at(-1);
    if (last === undefined) {
      this.moveVector(step, tensor);
      return;
    }
    const elements = last.start + last.elements;
    step.call("fill", length - elements, 0, this.scratch.direction + elements * step.elementBytes);
    this.moveBlocks(step, tensor);
  }

  #computeDue(step: Step<Own>, isPossible: (task: Task) => boolean): void {
    const { maximumMillisecondsPerStep, startStep } = this.options;
    if (maximumMillisecondsPerStep === Number.POSITIVE_INFINITY) {
      const due = new Set(staggered(this.#tasks, this.#phases, step.t, this.options));
      const isDue = (task: Task) =>
        due.has(task) || (!this.computesFirst && step.t >= startStep && task.lastStep() === 0);
      for (const task of this.#tasks.filter((task) => isDue(task) && isPossible(task))) this.#compute(step, task);
      return;
    }
    let first = true;
    for (const task of oldestFirst(this.#tasks, step.t, this.options).filter(isPossible)) {
      if (!first && !this.#budget.left) return;
      this.#compute(step, task);
      first = false;
    }
  }

  #compute(step: Step<Own>, task: Task): void {
    const outcome = this.compute(step, task);
    if (outcome !== "sent") this.record(step, task, outcome, step.t);
  }

  /** What has come of a task, with the statistics of step t. */
  protected record(step: Step<Own>, { tensor, mode }: Task, outcome: Outcome, t: number): void {
    const { made, failures } = this.#records[tensor.index]!;
    if (outcome === "failed") {
      failures.set(mode.index, failures.get(mode.index) + 1);
      step.memory.failedRoots!++;
      return;
    }
    failures.set(mode.index, 0);
    if (outcome === "made") made.set(mode.index, t);
  }
}
