import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Allocation } from "../../memory/engine.js";
import type { ParameterSet } from "../../memory/parameters.js";

/** Memory of TensorFlow.js's that a tensor is updated in: where it is changes from step to step. */
export interface Borrowed {
  readonly values: Allocation & { pointer: number };
  readonly gradients: Allocation & { pointer: number };
}

/** Where a variable's parameters and gradients are for the kernels. */
export interface Place {
  readonly name: string;
  readonly length: number;
  readonly set: ParameterSet;
  /** The first element in the slabs of the set. */
  readonly offset: number;
  /** Set where the variable is a set by itself, in TensorFlow.js's own memory. */
  readonly borrowed: Borrowed | undefined;
  /** What the bridge remembers of the variable's data, to see whether somebody else has assigned to it. */
  seen: unknown;
}

/** A variable with its gradient in a step. */
export interface Entry {
  readonly name: string;
  readonly variable: Variable;
  readonly gradient: Tensor;
}
