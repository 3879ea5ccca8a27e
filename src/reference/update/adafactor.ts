import type { Element, FloatArray, LinearMemory } from "../element.js";
import { squaredNorm } from "../reduction.js";
import type { Tensor } from "./options.js";
import { eachTensor, rounded, SquareSum, type TensorStep } from "./tensors.js";

/** The scalars of a step: see `adafactor`. */
type Scalars = [
  beta2: number,
  intake2: number,
  regulator: number,
  meanFloor: number,
  floor: number,
  clip: number,
  least: number,
  scaling: number,
  rate: number,
];

const rowsOf = ({ rows, matrices }: Tensor) => (rows === 0 ? 1 : rows * matrices);
const matrixOf = (tensor: Tensor, row: number) => (tensor.rows === 0 ? 0 : Math.floor(row / tensor.rows));

/** x <- decay x + intake */
function decayRun({ round }: Element, x: FloatArray, decay: number, intake: number): void {
  for (let j = 0; j < x.length; j++) x[j] = round(round(decay * x[j]!) + intake);
}

/** Brings the moments of a tensor forward: R of the rows and C of the columns, or R alone of a vector. */
function take(T: Element, step: TensorStep, R: FloatArray, C: FloatArray, scalars: Scalars): void {
  const { round } = T;
  const { tensor, start, gradient } = step;
  const [beta2, intake2, regulator] = scalars;
  const { rows, columns } = tensor;
  const moments = rows === 0 ? R : C;
  decayRun(T, moments, beta2, round(intake2 * regulator));
  const intake = rows === 0 ? intake2 : round(intake2 / rows);
  for (let row = 0; row < rowsOf(tensor); row++) {
    const squares = new SquareSum(T, columns);
    const offset = columns * matrixOf(tensor, row);
    for (let j = 0; j < columns; j++) {
      const g = gradient(start + row * columns + j);
      const square = round(g * g);
      squares.addSquare(square);
      moments[offset + j] = round(round(intake * square) + moments[offset + j]!);
    }
    if (rows !== 0) R[row] = round(beta2 * R[row]! + intake2 * (squares.total / columns + regulator));
  }
}

/** Calls `visit` for every element with its gradient and its second moment, row after row. */
function eachElement(
  { round }: Element,
  { tensor, start, gradient }: TensorStep,
  R: FloatArray,
  C: FloatArray,
  [, , , meanFloor, floor]: Scalars,
  visit: (i: number, g: number, v: number, endOfRow: boolean) => void,
): void {
  const { rows, columns } = tensor;
  for (let row = 0; row < rowsOf(tensor); row++) {
    const matrix = matrixOf(tensor, row);
    const share = rows === 0 ? 1 : round(R[row]! / meanOf(R.subarray(matrix * rows, (matrix + 1) * rows), meanFloor));
    const moments = rows === 0 ? R : C.subarray(matrix * columns, (matrix + 1) * columns);
    for (let j = 0; j < columns; j++) {
      const i = start + row * columns + j;
      visit(i, gradient(i), Math.max(round(share * moments[j]!), floor), j === columns - 1);
    }
  }
}

/** The mean, at least `least`. */
function meanOf(x: FloatArray, least: number): number {
  let sum = 0;
  for (const value of x) sum += value;
  return Math.max(sum / x.length, least);
}

function step(
  memory: LinearMemory,
  T: Element,
  [n, parameters, gradients, options, rowMoments, columnMoments]: [number, number, number, number, number, number],
  given: Scalars,
  velocityOf: (i: number, own: number) => number,
): number {
  const { round } = T;
  const scalars = rounded(T, ...given);
  const [, , , , , clip, least, scaling, rate] = scalars;
  return eachTensor(T, memory, n, parameters, gradients, options, (tensorStep) => {
    const { tensor, rowSlot, columnSlot, start, move } = tensorStep;
    const { rows, columns, matrices } = tensor;
    const elements = rowsOf(tensor) * columns;
    if (elements === 0) return;
    const R = T.view(memory, rowMoments + T.bytes * rowSlot, rows === 0 ? columns : rows * matrices);
    const C = T.view(memory, columnMoments + T.bytes * columnSlot, rows === 0 ? 0 : columns * matrices);
    take(T, tensorStep, R, C, scalars);
    let length = rate;
    if (scaling === 0) length *= least;
    else {
      const squares = squaredNorm(memory, T)(elements, parameters + T.bytes * start);
      length *= Math.max(least, scaling * Math.sqrt(squares / elements));
    }
    if (clip !== Number.POSITIVE_INFINITY) {
      let total = 0;
      let squares = new SquareSum(T, columns);
      eachElement(T, tensorStep, R, C, scalars, (_i, g, v, endOfRow) => {
        squares.addSquare(g === 0 ? 0 : round(round(g * g) / v));
        if (!endOfRow) return;
        total += squares.total;
        squares = new SquareSum(T, columns);
      });
      length *= Math.min(1, clip * Math.sqrt(elements / total));
    }
    const size = round(length);
    eachElement(T, tensorStep, R, C, scalars, (i, g, v) => {
      const own = round(size * (g === 0 ? 0 : round(g / round(Math.sqrt(v)))));
      move(i, round(tensor.rate), velocityOf(i, own));
    });
  });
}

/**
 * For each tensor, of every matrix of it:
 *
 *   R_i <- beta2 R_i + intake2 (mean_j g_ij g_ij + regulator)     C_j likewise of the means over i
 *   v_ij = max(R_i C_j / max(mean R, meanFloor), floor)           of a vector: v_j <- beta2 v_j + intake2 (g_j g_j + regulator)
 *   u = g / sqrt(v)
 *
 * then with the root mean squares of the whole tensor
 *
 *   p <- p - rate max(least, scaling rms(p)) / max(1, rms(u) / clip) u
 */
export const adafactor =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    rowMoments: number,
    columnMoments: number,
    beta2: number,
    intake2: number,
    regulator: number,
    meanFloor: number,
    floor: number,
    clip: number,
    least: number,
    scaling: number,
    rate: number,
  ): number =>
    step(
      memory,
      T,
      [n, parameters, gradients, options, rowMoments, columnMoments],
      [beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate],
      (_i, own) => own,
    );

/** With b <- beta1 b + intake1 times that step;  p <- p - b */
export const adafactorMomentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    rowMoments: number,
    columnMoments: number,
    velocities: number,
    beta2: number,
    intake2: number,
    regulator: number,
    meanFloor: number,
    floor: number,
    clip: number,
    least: number,
    scaling: number,
    rate: number,
    beta1: number,
    intake1: number,
  ): number => {
    const { round } = T;
    const B = T.view(memory, velocities, n);
    const [keep, take] = rounded(T, beta1, intake1);
    return step(
      memory,
      T,
      [n, parameters, gradients, options, rowMoments, columnMoments],
      [beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate],
      (i, own) => {
        B[i] = round(round(take * own) + round(keep * B[i]!));
        return B[i]!;
      },
    );
  };
