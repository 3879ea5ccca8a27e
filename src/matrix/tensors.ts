import { type Dtype, dtypes } from "../memory/dtype.js";
import { paddedLength } from "../memory/layout.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Step } from "../optimizers/step.js";

/** Elements of a tensor of a group, one behind the other. */
export interface Piece {
  /** The tensor's place among those of the group. */
  readonly index: number;
  /** Where they begin in a vector of the parameters' layout, in bytes. */
  readonly offset: number;
  readonly length: number;
}

/** A tensor, for the rules that go through them one by one: all elements up to the next. */
export interface Tensor extends Piece {
  readonly name: string;
  readonly sizes: readonly number[];
}

export function tensorsOf({ layout, shapes, dtype }: ParameterSet): readonly Tensor[] {
  return [...layout.places].map(([name, { offset, length }], index) => ({
    index,
    name,
    sizes: (shapes as Readonly<Record<string, readonly number[]>>)[name]!,
    offset: offset * dtypes[dtype].bytes,
    length: paddedLength(length, dtype),
  }));
}

/** Whether its rate is 0 for good. */
export const isFrozen = (step: Step, { index }: Tensor): boolean => step.parts.pass.lasting(index).rate === 0;

/** The arguments that all kernels of assembly/update begin with, for one tensor or, if the kernel allows it, a piece. */
export function argumentsFor(step: Step, { index, offset, length }: Piece): [number, number, number, number] {
  const { pointer } = step.average;
  const options = step.passOptions({ averages: pointer === 0 ? 0 : pointer + offset }, index);
  return [length, step.pointer("parameters") + offset, step.pointer("gradients") + offset, options];
}

/** Where a tensor's part of a slot begins. */
export function slotPointer(step: Step, slot: string, { name }: Tensor): number {
  const { set, slots } = step.parts;
  return slots.pointer(slot) + slots.layout(slot).places.get(name)!.offset * dtypes[set.dtype].bytes;
}

/** Leaves a tensor as it is, state and all, but for gradients that are to be cleared. */
export function leaveOut(step: Step, tensor: Tensor): void {
  const [n, , gradients] = argumentsFor(step, tensor);
  if (step.clears) step.call("fill", n, 0, gradients);
}

/**
 * Whether the gradient is finite; else the tensor is left out and counted: NaN would stay in what a rule of matrices gathers,
 * and spread over all elements by the first product.
 */
export function admit(step: Step, tensor: Tensor): boolean {
  const count = step.call("nonFiniteCount", tensor.length, step.pointer("gradients") + tensor.offset);
  if (count === 0) return true;
  step.nonFiniteCount += count;
  step.skippedTensors.push(tensor.name);
  leaveOut(step, tensor);
  return false;
}

/** The gradient as the rule sees it, at `to`. */
export function prepare(step: Step, piece: Piece, to: number): void {
  step.call("prepareGradients", ...argumentsFor(step, piece), to);
}

/** Moves along the direction at `direction`, rate times, with the decay beside the step. */
export function moveAlong(step: Step, piece: Piece, direction: number, rate: number): void {
  step.call("moveAlong", ...argumentsFor(step, piece), direction, rate);
}

const LINE = 64;

/** Bytes in whole cache lines. */
export const wholeLines = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

export const suffixOf = (dtype: Dtype): "f32" | "f64" => dtypes[dtype].suffix;
