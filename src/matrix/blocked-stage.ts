import type { ParameterSet } from "../memory/parameters.js";
import type { Stage } from "../optimizers/rule.js";
import type { Step } from "../optimizers/step.js";
import { BlockMemory } from "./block-memory.js";
import { type Block, type BlockedTensor, type Blocking, blockedTensors, type Mode, type Stripe } from "./blocks.js";
import { ModeNumbers } from "./mode-numbers.js";
import { Budget, type Due, oldestFirst, phaseAt, phasesOf, type ScheduleOptions } from "./root-schedule.js";
import type { Outcome } from "./roots.js";
import { admit, isFrozen, leaveOut, type Piece, prepare, slotPointer } from "./tensors.js";

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

/** A stripe and what is computed of its blocks, with the turn of each. */
interface StripeWork {
  readonly stripe: Stripe;
  readonly turns: readonly { readonly task: Task; readonly phase: number }[];
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
  protected readonly memory: BlockMemory;
  readonly #where: string;
  readonly #what: string;
  readonly #statistics: Statistics;
  readonly #tensors: readonly BlockedTensor[];
  readonly #tasks: readonly Task[];
  /** By tensor. */
  readonly #work: readonly (readonly StripeWork[])[];
  readonly #budget: Budget;
  /** By slot, where it begins for each tensor. */
  readonly #pointers = new Map<string, readonly number[]>();
  #records: readonly Records[] = [];

  /** @param what is computed now and then: "root", "basis" */
  constructor(where: string, what: string, options: Own, statistics: Statistics, set: ParameterSet) {
    this.#where = where;
    this.#what = what;
    this.options = options;
    this.#statistics = statistics;
    this.#tensors = blockedTensors(set, options);
    this.memory = new BlockMemory(set, this.#tensors);
    this.#tasks = this.#tensors.flatMap((tensor) =>
      tensor.blocks.flatMap((block) => block.modes.map((mode) => this.#taskOf(tensor, block, mode))),
    );
    const phases = phasesOf(this.#tasks, options.frequency);
    let k = 0;
    const turnOf = () => ({ task: this.#tasks[k]!, phase: phases[k++]! });
    const workOf = (stripe: Stripe) => ({ stripe, turns: stripe.blocks.flatMap(({ modes }) => modes.map(turnOf)) });
    this.#work = this.#tensors.map(({ stripes }) => stripes.map(workOf));
    this.#budget = new Budget(options.maximumMillisecondsPerStep, options.now);
  }

  run(step: Step<Own>): void {
    this.#remember(step);
    this.#refuseFailures(step);
    this.install(step);
    this.#budget.begin();
    const moved = new Set(this.#tensors.filter((tensor) => this.#moveTensor(step, tensor)));
    if (this.#isBounded) this.#computeOldest(step, moved);
  }

  /** Another state has been loaded. */
  forget(): void {
    this.#records = [];
  }

  dispose(): void {
    this.memory.dispose();
  }

  /** Computes what is due of a mode from its statistics: `"zero"` if there are none yet, `"sent"` if others are at it. */
  protected abstract compute(step: Step<Own>, task: Task): Outcome | "sent";

  /** Takes in what others have computed. */
  protected install(_step: Step<Own>): void {}

  /** Makes the direction of a vector in `direction`, of the gradient that is there. */
  protected abstract directVector(step: Step<Own>, tensor: BlockedTensor): void;

  /** Makes the directions of a stripe's blocks in `direction`, of their gradients, which lie one behind the other. */
  protected abstract directBlocks(step: Step<Own>, tensor: BlockedTensor, stripe: Stripe, gradients: number): void;

  /** Moves along `direction`. */
  protected abstract finish(step: Step<Own>, piece: Piece): void;

  /** Whether what is computed serves the step already; what has never been computed waits for its turn then. */
  protected abstract readonly computesFirst: boolean;

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

  #remember(step: Step<Own>): void {
    if (this.#records.length > 0) return;
    this.#records = this.#tensors.map((tensor) => {
      const count = tensor.blocks.reduce((sum, { modes }) => sum + modes.length, 0);
      const numbers = (slot: string) => new ModeNumbers(step.parts.set, this.pointerOf(step, slot, tensor), count);
      return { made: numbers("rootStep"), failures: numbers("rootFailures") };
    });
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

  get #isBounded(): boolean {
    return this.options.maximumMillisecondsPerStep !== Number.POSITIVE_INFINITY;
  }

  /** False if the tensor takes no part in the step. */
  #moveTensor(step: Step<Own>, tensor: BlockedTensor): boolean {
    if (isFrozen(step, tensor)) {
      leaveOut(step, tensor);
      return false;
    }
    if (!admit(step, tensor)) return false;
    if (tensor.blocks.length === 0) {
      prepare(step, tensor, this.memory.direction);
      this.directVector(step, tensor);
      this.finish(step, tensor);
    } else {
      this.#moveBlocks(step, tensor);
    }
    return true;
  }

  /** Everything of a stripe at a time, as long as it is in the cache. */
  #moveBlocks(step: Step<Own>, tensor: BlockedTensor): void {
    const { direction, copies } = this.memory;
    const phase = this.#isBounded ? undefined : phaseAt(step.t, this.options);
    for (const { stripe, turns } of this.#work[tensor.index]!) {
      prepare(step, stripe, direction);
      // A single block lies without gaps already.
      const gradients = stripe.blocks.length === 1 ? direction : copies;
      this.#gather(step, tensor, stripe, gradients);
      if (!this.computesFirst) this.directBlocks(step, tensor, stripe, gradients);
      if (phase !== undefined) {
        for (const { task, phase: own } of turns) if (own === phase || this.#isUrgent(task)) this.#compute(step, task);
      }
      if (this.computesFirst) this.directBlocks(step, tensor, stripe, gradients);
      const { elements, length } = stripe;
      if (elements < length) step.call("fill", length - elements, 0, direction + elements * step.elementBytes);
      this.finish(step, stripe);
    }
  }

  #gather(step: Step<Own>, tensor: BlockedTensor, stripe: Stripe, gradients: number): void {
    const { decay, intake } = this.#statistics;
    const { direction, work } = this.memory;
    const statistics = this.pointerOf(step, "statistics", tensor);
    const [count, records] = [stripe.blocks.length, this.memory.record(stripe)];
    step.call("gatherBlocks", count, records, direction, gradients, statistics, decay, intake, work);
  }

  /** Whether it can't wait for its turn. */
  #isUrgent({ lastStep }: Task): boolean {
    return !this.computesFirst && lastStep() === 0;
  }

  /** At the end of a step, so that all of the time that is left is known. */
  #computeOldest(step: Step<Own>, moved: ReadonlySet<BlockedTensor>): void {
    let first = true;
    for (const task of oldestFirst(this.#tasks, step.t, this.options)) {
      if (!moved.has(task.tensor)) continue;
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
