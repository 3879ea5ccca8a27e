import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Engine } from "../../memory/engine.js";
import type { Place } from "./place.js";
import type { TensorFlow } from "./tensorflow.js";

/** How tensors of one of TensorFlow.js's backends get into the memory of an engine and back. */
export interface Bridge {
  /** The backend that it is for. */
  readonly backend: object;
  readonly engine: Engine;
  /** What it does, in a sentence. */
  readonly reason: string;
  /** The number of elements from which a variable is updated in TensorFlow.js's own memory. */
  readonly borrowsFrom: number;
  /** Brings parameters and gradient in, or adds the gradient to what is there. */
  bring(place: Place, variable: Variable, gradient: Tensor, add: boolean): void;
  /** Brings the parameters in alone. */
  locate(place: Place, variable: Variable): void;
  /** Gives the variable its new value. */
  hand(place: Place, variable: Variable): void;
  /** Leaves the variable with its value in memory that is not the engine's. */
  release(place: Place, variable: Variable): void;
  /** Lets go of the engine if it is this bridge's own. */
  dispose(): void;
}

/** A view of a place's parameters or gradients, live until memory grows. */
export function viewOf(engine: Engine, { set, offset, length }: Place, of: "values" | "gradients"): Float32Array {
  const slab = of === "values" ? set.valuesPointer : set.gradientsPointer;
  return new Float32Array(engine.memory.buffer as ArrayBuffer, slab + 4 * offset, length);
}

/** Copies a gradient to its place, or adds it to what is there. */
export function bringGradient(engine: Engine, place: Place, gradient: Float32Array, add: boolean): void {
  const view = viewOf(engine, place, "gradients");
  if (!add) view.set(gradient);
  else for (let i = 0; i < view.length; i++) view[i]! += gradient[i]!;
}

/** Gives a variable data of its own, with the same numbers. */
export function assignCopy(tf: TensorFlow, variable: Variable): void {
  const copy = tf.mul(variable, 1) as Variable;
  variable.assign(copy);
  copy.dispose();
}
