import type { ParameterSet } from "../memory/parameters.js";
import type { Stage } from "../optimizers/rule.js";
import type { Step } from "../optimizers/step.js";
import { addStatistics } from "./block-kernels.js";
import { BlockScratch } from "./block-scratch.js";
import { type Block, type BlockedTensor, type Blocking, blockedTensors, type Mode } from "./blocks.js";
import { Budget, type Due, oldestFirst, phasesOf, type ScheduleOptions, staggered } from "./root-schedule.js";
import { isFrozen, leaveOut, prepare, slotElement, slotPointer } from "./tensors.js";

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
  #step: Step | undefined;

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
    this.#step = step;
    this.#refuseFailures(step);
    this.#budget.begin();
    const present = new Set(this.#tensors.filter((tensor) => this.#takeGradient(step, tensor)));
    for (const tensor of present) this.#gather(step, tensor);
    this.#computeDue(step, (task) => present.has(task.tensor));
    this.#budget.beginRest();
    for (const tensor of present) this.move(step, tensor);
    this.#budget.end();
  }

  dispose(): void {
    this.scratch.dispose();
  }

  /** Computes what is due of a mode from its statistics: `"zero"` if there are none yet. */
  protected abstract compute(step: Step<Own>, task: Task): "made" | "zero" | "failed";

  /** Moves a tensor along the direction made of its gradient. */
  protected abstract move(step: Step<Own>, tensor: BlockedTensor): void;

  /** Whether what has never been computed waits for its turn. */
  protected abstract readonly waits: boolean;

  protected gradientOf({ offset }: BlockedTensor): number {
    return this.scratch.gradients + offset;
  }

  /** Where a mode's part of a slot begins. */
  protected placeOf(step: Step<Own>, slot: string, { tensor, mode }: Pick<Task, "tensor" | "mode">): number {
    const elements = slot === "statistics" ? mode.triangle : mode.square;
    return slotPointer(step, slot, tensor) + elements * step.elementBytes;
  }

  /** Whether it has been computed. */
  protected isThere(step: Step<Own>, tensor: BlockedTensor, { index }: Mode): boolean {
    return slotElement(step, "rootStep", tensor, index).get() > 0;
  }

  #taskOf(tensor: BlockedTensor, block: Block, mode: Mode): Task {
    const lastStep = () => slotElement(this.#step!, "rootStep", tensor, mode.index).get();
    return { tensor, block, mode, cost: mode.size ** 3, lastStep };
  }

  /** Before anything changes. */
  #refuseFailures(step: Step<Own>): void {
    if (step.memory.failedRoots === 0) return;
    const { toleratedFailures } = this.options;
    for (const { tensor, block, mode } of this.#tasks) {
      const failures = slotElement(step, "rootFailures", tensor, mode.index).get();
      if (failures <= toleratedFailures) continue;
      const which = `a ${this.#what} of block ${block.index} of "${tensor.name}"`;
      throw new Error(
        `${this.#where}: ${which} has failed ${failures} times in a row, ${toleratedFailures} are allowed`,
      );
    }
  }

  /** Brings the gradient of a tensor in; false if it takes no part in the step. */
  #takeGradient(step: Step<Own>, tensor: BlockedTensor): boolean {
    if (!isFrozen(step, tensor)) return prepare(step, tensor, this.gradientOf(tensor));
    leaveOut(step, tensor);
    return false;
  }

  #gather(step: Step<Own>, tensor: BlockedTensor): void {
    const how = { ...this.#statistics, work: this.scratch.work };
    for (const { modes } of tensor.blocks) {
      for (const mode of modes) {
        addStatistics(step, mode, this.gradientOf(tensor), this.placeOf(step, "statistics", { tensor, mode }), how);
      }
    }
  }

  #computeDue(step: Step<Own>, isPossible: (task: Task) => boolean): void {
    const { maximumMillisecondsPerStep, startStep } = this.options;
    if (maximumMillisecondsPerStep === Number.POSITIVE_INFINITY) {
      const due = new Set(staggered(this.#tasks, this.#phases, step.t, this.options));
      const isDue = (task: Task) => due.has(task) || (!this.waits && step.t >= startStep && task.lastStep() === 0);
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
    const { tensor, mode } = task;
    const outcome = this.compute(step, task);
    const failures = slotElement(step, "rootFailures", tensor, mode.index);
    if (outcome === "failed") {
      failures.set(failures.get() + 1);
      step.memory.failedRoots!++;
      return;
    }
    failures.set(0);
    if (outcome === "made") slotElement(step, "rootStep", tensor, mode.index).set(step.t);
  }
}
