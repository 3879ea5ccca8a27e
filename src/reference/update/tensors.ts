// assembly/update/tensors.ts: what the kernels share that look at a tensor as a whole before they move it.

import type { Element, LinearMemory } from "../element.js";
import { readOptions, type Tensor } from "./options.js";

const BLOCK = 4096;

/** A tensor of a step, with what is done to it. */
export interface TensorStep {
  readonly tensor: Tensor;
  /** Where its parts of the row slot and of the column slot begin. */
  readonly rowSlot: number;
  readonly columnSlot: number;
  /** Where it begins in the vectors of n elements. */
  readonly start: number;
  readonly end: number;
  /** The gradient of element i as the rule sees it. Without `l2` the parameter is not added. */
  gradient(i: number, l2?: boolean): number;
  /** p <- p - (shrink p + rate step), and what follows from it. */
  move(i: number, rate: number, step: number): void;
}

/**
 * Calls `update` for every tensor that is not frozen, the last of which may go beyond n, and clears the gradients of those
 * that are. Returns how many gradients of the others are NaN or infinite.
 */
export function eachTensor(
  T: Element,
  memory: LinearMemory,
  n: number,
  parameters: number,
  gradients: number,
  options: number,
  update: (step: TensorStep) => void,
): number {
  const { round } = T;
  const P = T.view(memory, parameters, n);
  const G = T.view(memory, gradients, n);
  const { clipValue, box, averageWeight, averages, clear, tensors } = readOptions(memory, options, n);
  const A = averages === 0 ? undefined : T.view(memory, averages, n);
  const limit = round(clipValue);
  const farthest = round(box);
  const taken = round(averageWeight);
  const kept = round(1 - averageWeight);
  let nonFinite = 0;
  let start = 0;
  let rowSlot = 0;
  let columnSlot = 0;
  for (const tensor of tensors) {
    const end = Math.min(start + tensor.length, n);
    const [scale, l2, shrink] = [tensor.gradientScale, tensor.l2, tensor.shrink].map(round) as [number, number, number];
    if (tensor.rate === 0) {
      if (clear) G.fill(0, start, end);
    } else {
      nonFinite += G.subarray(start, end).filter((g) => !Number.isFinite(g)).length;
      update({
        tensor,
        rowSlot,
        columnSlot,
        start,
        end,
        gradient(i, penalized = true) {
          const clipped = Math.max(Math.min(round(scale * G[i]!), limit), -limit);
          return penalized && tensor.l2 !== 0 ? round(round(l2 * P[i]!) + clipped) : clipped;
        },
        move(i, rate, step) {
          const moved = round(P[i]! - round(round(shrink * P[i]!) + round(rate * step)));
          P[i] = Math.max(Math.min(moved, farthest), -farthest);
          if (clear) G[i] = 0;
          if (A) A[i] = round(round(taken * P[i]!) + round(kept * A[i]!));
        },
      });
    }
    start = end;
    rowSlot += tensor.rowSlots;
    columnSlot += tensor.columnSlots;
  }
  return nonFinite;
}

/**
 * A sum of squares in blocks, with a partial result for each lane of some vectors; those of a block, and the blocks, are
 * added up in f64. What is left over from so many whole vectors goes to the first of them.
 */
export class SquareSum {
  readonly #T: Element;
  readonly #lanes: number;
  readonly #partials: Float64Array;
  readonly #length: number;
  #total = 0;
  #taken = 0;

  /** @param length of so many numbers */
  constructor(T: Element, length: number, vectors: 1 | 4 = 1) {
    this.#T = T;
    this.#lanes = 16 / T.bytes;
    this.#partials = new Float64Array(this.#lanes * vectors);
    this.#length = length;
  }

  /** Takes the next number. */
  add(x: number): void {
    const { round } = this.#T;
    this.addSquare(round(x * x));
  }

  /** Takes a square, or what stands for one. */
  addSquare(square: number): void {
    const inBlock = this.#taken % BLOCK;
    const blockLength = Math.min(BLOCK, this.#length - (this.#taken - inBlock));
    const wholeVectors = blockLength - (blockLength % this.#lanes);
    const all = this.#partials.length;
    const lane = inBlock < blockLength - (blockLength % all) ? inBlock % all : inBlock % this.#lanes;
    const place = inBlock < wholeVectors ? lane : 0;
    this.#partials[place] = this.#T.round(square + this.#partials[place]!);
    if (inBlock === blockLength - 1) {
      const [a, b, c = 0, d = 0] = this.#lanesOfBlock();
      this.#total += this.#lanes === 2 ? a + b : a + b + (c + d);
      this.#partials.fill(0);
    }
    this.#taken++;
  }

  get total(): number {
    return this.#total;
  }

  /** What its vectors add up to, lane by lane. */
  #lanesOfBlock(): readonly [number, number, number?, number?] {
    const { round } = this.#T;
    const lanes = Array.from({ length: this.#lanes }, (_, lane) => {
      const [a, b, c, d] = this.#partials.filter((_, k) => k % this.#lanes === lane);
      return b === undefined ? a! : round(round(a! + b) + round(c! + d!));
    });
    return lanes as unknown as readonly [number, number, number?, number?];
  }
}

/** Rounded, and as many. */
export function rounded<Numbers extends readonly number[]>(T: Element, ...numbers: Numbers): Numbers {
  return numbers.map(T.round) as unknown as Numbers;
}
