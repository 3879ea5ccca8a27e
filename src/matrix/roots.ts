import { type MatrixKernels, matrix } from "../engine/families/matrix.js";
import { type Dtype, dtypeOf, dtypes, type FloatArray, typed } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import { invertRoots } from "./linalg/inverse-root.js";
import { wholeLines } from "./tensors.js";

/** What root of a matrix of statistics S is wanted. */
export interface RootOptions {
  /** e of (S + ridge)^(-e). */
  readonly exponent: number;
  readonly relativeRidge: number;
  readonly absoluteRidge: number;
  /** What the statistics are divided by. */
  readonly correction: number;
}

/** Where matrices lie, and what works on them. */
export interface RootPlaces {
  readonly square: number;
  readonly otherSquare: number;
  readonly values: number;
  readonly work: number;
}

/** `"zero"`: nothing has come in yet, and there is no root of it. */
export type Outcome = "made" | "zero" | "failed";

/** (S / correction + ridge)^(-e) by eigendecomposition, from the lower triangle of S in `square`, into it. */
function root(engine: Engine, dtype: Dtype, n: number, places: RootPlaces, options: RootOptions): Outcome {
  const kernels: MatrixKernels = engine.family(matrix);
  const { square, otherSquare: vectors, values, work } = places;
  const { exponent, correction, relativeRidge, absoluteRidge } = options;
  if (typed(kernels, "symmetricEigen", dtype)(n, square, n, values, vectors, n, work) !== 0) return "failed";
  const eigenvalues = engine.view(dtype, values, n);
  if (!(eigenvalues[n - 1]! > 0) && absoluteRidge === 0) return "zero";
  for (let k = 0; k < n; k++) eigenvalues[k]! /= correction;
  if (!invertRoots(eigenvalues, 1 / exponent, { relativeRidge, absoluteRidge })) return "failed";
  typed(kernels, "recompose", dtype)(n, vectors, n, values, square, n, work);
  return Number.isFinite(typed(kernels, "matrixSquaredNorm", dtype)(n, n, square, n)) ? "made" : "failed";
}

/** The lower triangle of a square. */
function unpack(packed: FloatArray, n: number, square: FloatArray): void {
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j <= i; j++, at++) square[i * n + j] = packed[at]!;
}

/** A place for n x n of a type, while `work` is at it. */
function withPlaces<Result>(engine: Engine, dtype: Dtype, n: number, work: (places: RootPlaces) => Result): Result {
  const kernels: MatrixKernels = engine.family(matrix);
  const { suffix, bytes } = dtypes[dtype];
  const needed = [kernels[`symmetricEigenScratch_${suffix}`](n), kernels[`recomposeScratch_${suffix}`](n)];
  const [square, list] = [wholeLines(bytes * n * n), wholeLines(bytes * n)];
  const memory = engine.allocate(kernels, 2 * square + list + Math.max(...needed));
  const { pointer } = memory;
  try {
    const values = pointer + 2 * square;
    return work({ square: pointer, otherSquare: pointer + square, values, work: values + list });
  } finally {
    memory.dispose();
  }
}

/** The same in f64, of statistics in f32, in memory of its own: for the rare one that f32 has failed at. */
function rootInDouble(engine: Engine, n: number, packed: FloatArray, options: RootOptions): FloatArray | Outcome {
  return withPlaces(engine, "float64", n, (places) => {
    unpack(packed, n, engine.view("float64", places.square, n * n));
    const outcome = root(engine, "float64", n, places, options);
    if (outcome !== "made") return outcome;
    const rounded = Float32Array.from(engine.view("float64", places.square, n * n));
    return rounded.every(Number.isFinite) ? rounded : "failed";
  });
}

/**
 * The inverse root of the packed statistics at `triangle`, n x n, to `to`, which keeps what it holds unless one is made: first
 * in the parameters' element type, then in f64.
 */
export function inverseRootOf(
  { engine, dtype }: { readonly engine: Engine; readonly dtype: Dtype },
  n: number,
  triangle: number,
  to: number,
  places: RootPlaces,
  options: RootOptions,
): Outcome {
  typed(engine.family(matrix), "unpackLower", dtype)(n, triangle, places.square, n);
  const outcome = root(engine, dtype, n, places, options);
  if (outcome === "made") {
    engine.view(dtype, to, n * n).set(engine.view(dtype, places.square, n * n));
    return outcome;
  }
  if (outcome !== "failed" || dtype !== "float32") return outcome;
  const packed = engine.view(dtype, triangle, (n * (n + 1)) / 2).slice();
  const again = rootInDouble(engine, n, packed, options);
  if (typeof again === "string") return again;
  engine.view(dtype, to, n * n).set(again);
  return "made";
}

/** The same of an array, by itself. */
export function inverseRootOfArray(
  engine: Engine,
  packed: FloatArray,
  n: number,
  options: RootOptions,
): FloatArray | Exclude<Outcome, "made"> {
  const dtype = dtypeOf(packed)!;
  return withPlaces(engine, dtype, n, (places) => {
    const { square } = places;
    unpack(packed, n, engine.view(dtype, square, n * n));
    const outcome = root(engine, dtype, n, places, options);
    if (outcome === "made") return engine.view(dtype, square, n * n).slice();
    if (outcome === "zero" || dtype !== "float32") return outcome;
    return rootInDouble(engine, n, packed, options) as FloatArray | Exclude<Outcome, "made">;
  });
}
