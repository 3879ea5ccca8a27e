import type { KernelFamily } from "../engine/families/family.js";
import type { UpdateKernels } from "../engine/families/update.js";
import type { UpdateMoreKernels } from "../engine/families/update-more.js";
import type { UpdateTensorsKernels } from "../engine/families/update-tensors.js";
import type { KernelName } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { CommonOptions, Convention, ResolvedCommon } from "./common-options.js";
import type { Matrix } from "./matrix.js";
import type { Memory } from "./memory.js";
import type { Resolved } from "./resolved.js";
import type { Slot } from "./slot.js";
import type { Step } from "./step.js";

/**
 * A part of a step between two gradients. Whatever comes before the last gradient may change nothing but the memory, the
 * slots that are temporary, and the parameters, once it has kept them: the closure that computes the gradient may throw.
 */
export interface Stage<Options extends object> {
  /** Whether a gradient is taken first, at the parameters as they are then. Default `true`. */
  readonly gradient?: boolean;
  run(step: Step<Options>): void;
  /** Lets go of what is under way: another state has been loaded. Default: nothing. */
  forget?(): void;
  /** Frees what it holds. Default: nothing. */
  dispose?(): void;
}

/**
 * An update rule, as data, whose steps are made by stages of its own.
 * @typeParam Options the rule's own options beside the common ones
 */
export interface StagedRule<Options extends object> {
  /** The name of the function that makes the optimizer, and of the rule in saved states. */
  readonly name: string;
  readonly defaults: Resolved<Options> &
    Resolved<Pick<CommonOptions, "learningRate" | "weightDecay" | "decoupledWeightDecay">>;
  /** What the defaults of other libraries differ in. */
  readonly conventions?: Partial<Record<Convention, Partial<Options & CommonOptions>>>;
  /** Throws for a value out of range, naming `where`. */
  validate(where: string, options: ResolvedCommon & Resolved<Options>): void;
  slots(options: Resolved<Options>): readonly Slot[];
  /** What it remembers beside the slots, as it is before the first step. Default: nothing. */
  memory?(options: Resolved<Options>): Memory;
  /** Where its kernels are, beside those of `core`; the first that has a name is asked. */
  readonly family: KernelFamily<object> | readonly KernelFamily<object>[];
  /** Whether there is such a kernel for state in fewer bits. Default: there is none. */
  compressible?(options: Resolved<Options>): boolean;
  /**
   * Whether it treats every tensor in a way of its own; `"gradients"` if by factors on the gradients, which single values
   * can't be clipped behind. Default `false`.
   */
  readonly layerwise?: boolean | "gradients";
  /**
   * How it sees a tensor of these sizes: as so many matrices of rows and columns, or undefined as a vector. The kernel
   * reads it from the table of the tensors. Default: not needed.
   */
  matrix?(sizes: readonly number[], options: Resolved<Options>): Matrix | undefined;
  /** Measures what the scalars or the tensors' factors depend on. Runs before the kernel. Default: nothing. */
  prepare?(step: Step<Options>): void;
  /** How many f64 its kernel writes to where `step.results` points. Default 0. */
  readonly results?: number;
  /** Whether it goes through the tensors one by one, so that there is a table of them in any case. Default `false`. */
  readonly tensorwise?: boolean;
  /**
   * The parts of a step of a rule that needs more than one gradient or kernel, in place of the one kernel call. Asked for
   * once for every group, so that they may hold what belongs to it.
   */
  stages(options: Resolved<Options>, set: ParameterSet): readonly Stage<Options>[];
}

/** An update rule, as data. The arithmetic of a step is in the kernel; here is what surrounds it. */
export interface UpdateRule<Options extends object> extends Omit<StagedRule<Options>, "stages"> {
  /** The kernel to call: it takes the shared arguments, the slots in order, then the scalars. */
  kernel(
    options: Resolved<Options>,
  ): KernelName<UpdateKernels> | KernelName<UpdateMoreKernels> | KernelName<UpdateTensorsKernels>;
  /** The kernel's own scalars for step t = 1, 2, ... */
  scalars(t: number, learningRate: number, options: Resolved<Options>, memory: Memory): readonly number[];
  stages?: StagedRule<Options>["stages"];
}

export type Rule<Options extends object> = UpdateRule<Options> | StagedRule<Options>;
