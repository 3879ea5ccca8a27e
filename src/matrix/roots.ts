import { type MatrixKernels, matrix } from "../engine/families/matrix.js";
import { type Dtype, typed } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import type { Step } from "../optimizers/step.js";
import type { BlockScratch } from "./block-scratch.js";
import { invertRoots } from "./linalg/inverse-root.js";

export interface RootOptions {
  /** e of (S + ridge)^(-e). */
  readonly exponent: number;
  readonly relativeRidge: number;
  readonly absoluteRidge: number;
  /** What the statistics are divided by. */
  readonly correction: number;
}

/** Where matrices lie, and what works on them. */
interface RootPlaces {
  readonly square: number;
  readonly vectors: number;
  readonly values: number;
  readonly work: number;
  readonly to: number;
}

/** `"zero"`: nothing has come in yet, and there is no root of it. */
type Outcome = "made" | "zero" | "failed";

/** (S / correction + ridge)^(-e) by eigendecomposition, from the lower triangle of S, a square. */
function root(engine: Engine, dtype: Dtype, n: number, places: RootPlaces, options: RootOptions): Outcome {
  const kernels: MatrixKernels = engine.family(matrix);
  const { square, vectors, values, work, to } = places;
  const { exponent, correction, relativeRidge, absoluteRidge } = options;
  if (typed(kernels, "symmetricEigen", dtype)(n, square, n, values, vectors, n, work) !== 0) return "failed";
  const eigenvalues = engine.view(dtype, values, n);
  if (!(eigenvalues[n - 1]! > 0) && absoluteRidge === 0) return "zero";
  for (let k = 0; k < n; k++) eigenvalues[k]! /= correction;
  if (!invertRoots(eigenvalues, 1 / exponent, { relativeRidge, absoluteRidge })) return "failed";
  typed(kernels, "recompose", dtype)(n, vectors, n, values, to, n, work);
  return Number.isFinite(typed(kernels, "matrixSquaredNorm", dtype)(n, n, to, n)) ? "made" : "failed";
}

/** The same in f64, of statistics in f32, in memory of its own: for the rare one that f32 has failed at. */
function rootInDouble(engine: Engine, n: number, triangle: number, to: number, options: RootOptions): Outcome {
  const kernels: MatrixKernels = engine.family(matrix);
  const work = Math.max(kernels.symmetricEigenScratch_f64(n), kernels.recomposeScratch_f64(n));
  const bytes = 8 * n * n;
  const memory = engine.allocate(kernels, 4 * bytes + 16 * n + 64 + work);
  try {
    const [square, vectors, made, values] = [0, 1, 2, 3].map((k) => memory.pointer + k * bytes) as number[];
    const packed = Float64Array.from(engine.view("float32", triangle, (n * (n + 1)) / 2));
    const full = engine.view("float64", square!, n * n);
    for (let i = 0, at = 0; i < n; i++) for (let j = 0; j <= i; j++, at++) full[i * n + j] = packed[at]!;
    const places = { square: square!, vectors: vectors!, values: values!, to: made! };
    const aligned = Math.ceil((values! + 8 * n) / 64) * 64;
    const outcome = root(engine, "float64", n, { ...places, work: aligned }, options);
    if (outcome !== "made") return outcome;
    const rounded = engine.view("float32", to, n * n);
    rounded.set(engine.view("float64", made!, n * n));
    return rounded.every(Number.isFinite) ? "made" : "failed";
  } finally {
    memory.dispose();
  }
}

/**
 * The inverse root of the packed statistics at `triangle`, n x n, to `to`, which keeps what it holds unless one is made: first
 * in the parameters' element type, then in f64.
 */
export function inverseRootOf(
  step: Step,
  n: number,
  triangle: number,
  to: number,
  scratch: BlockScratch,
  options: RootOptions,
): Outcome {
  const { engine, dtype } = step.parts.set;
  const { square, otherSquare: vectors, values, work } = scratch;
  step.call("unpackLower", n, triangle, square, n);
  // The square has been read when the root is written.
  const outcome = root(engine, dtype, n, { square, vectors, values, work, to: square }, options);
  if (outcome === "made") {
    engine.view(dtype, to, n * n).set(engine.view(dtype, square, n * n));
    return outcome;
  }
  return outcome === "failed" && dtype === "float32" ? rootInDouble(engine, n, triangle, to, options) : outcome;
}
