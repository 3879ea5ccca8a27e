import type { Arrays, Dtype, Optimizer, ParameterSet } from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import { normalNumbers } from "../memory/random.js";

/** Lengths that fill no whole vector, and one of several. */
export const shapes = { a: [3, 5], b: 7, c: 1, d: [2, 3, 11] };
type Name = keyof typeof shapes;
export const lengths: Readonly<Record<Name, number>> = { a: 15, b: 7, c: 1, d: 66 };
const names = Object.keys(shapes) as Name[];

type Tensors = Record<Name, Float32Array | Float64Array>;

const drawn = new Map<string, Tensors>();

/** Normal numbers in the shapes above, of very different magnitudes, and a tenth of them 0. The caller's to change. */
function randomTensors(dtype: Dtype, seed: number, unit: number): Tensors {
  const key = `${dtype} ${seed}`;
  const tensors = drawn.get(key) ?? drawTensors(dtype, seed, unit);
  drawn.set(key, tensors);
  return Object.fromEntries(names.map((name) => [name, tensors[name].slice()])) as Tensors;
}

function drawTensors(dtype: Dtype, seed: number, unit: number): Tensors {
  const normal = normalNumbers(seed);
  const draw = () => (Math.abs(normal()) < 0.126 ? 0 : unit * normal() * 10 ** normal());
  const drawArray = (name: Name) => new dtypes[dtype].array(lengths[name]).map(draw);
  return Object.fromEntries(names.map((name) => [name, drawArray(name)])) as Tensors;
}

export const startValues = (dtype: Dtype): Tensors => randomTensors(dtype, 1, 1);
export const gradientOfStep = (dtype: Dtype, step: number): Tensors => randomTensors(dtype, 1000 + step, 0.3);

export function copyInto(target: Readonly<Record<string, Float32Array | Float64Array>>, from: Tensors): void {
  for (const name of names) target[name]!.set(from[name]);
}

/** The numbers of all tensors in one list, for comparisons bit by bit. */
export function flatten(tensors: Readonly<Record<string, ArrayLike<number>>>): number[] {
  return Object.values(tensors).flatMap((tensor) => Array.from(tensor));
}

/** A step with given gradients, whether the rule takes a closure or not. */
export function stepWith(optimizer: Optimizer, gradients: () => Arrays | undefined): void {
  optimizer.step(optimizer.needsClosure ? gradients : gradients());
}

/** Makes the steps `from` to `to - 1` on a parameter set. */
export function trainSet(set: ParameterSet, optimizer: Optimizer, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    stepWith(optimizer, () => {
      copyInto(set.gradients, gradientOfStep(set.dtype, step));
      return undefined;
    });
  }
}
