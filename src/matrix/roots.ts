import { type MatrixKernels, matrix } from "../engine/families/matrix.js";
import { type Dtype, dtypes, type FloatArray, typed } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import { triangleLength } from "./blocks.js";
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
export type NoRoot = "zero" | "failed";

export type Outcome = "made" | NoRoot;

/** Inverse roots in an element type. */
export class InverseRoots {
  readonly #engine: Engine;
  readonly #dtype: Dtype;
  readonly #unpack: MatrixKernels["unpackLower_f32"];
  readonly #decompose: MatrixKernels["symmetricEigen_f32"];
  readonly #recompose: MatrixKernels["recompose_f32"];
  readonly #squaredNorm: MatrixKernels["matrixSquaredNorm_f32"];

  constructor({ engine, dtype }: { readonly engine: Engine; readonly dtype: Dtype }) {
    const kernels = engine.family(matrix);
    this.#engine = engine;
    this.#dtype = dtype;
    this.#unpack = typed(kernels, "unpackLower", dtype);
    this.#decompose = typed(kernels, "symmetricEigen", dtype);
    this.#recompose = typed(kernels, "recompose", dtype);
    this.#squaredNorm = typed(kernels, "matrixSquaredNorm", dtype);
  }

  /**
   * That of the packed statistics at `triangle`, n x n, to `to`, which keeps what it holds unless one is made: first in this
   * element type, then in f64.
   */
  make(n: number, triangle: number, to: number, places: RootPlaces, options: RootOptions): Outcome {
    this.#unpack(n, triangle, places.square, n);
    const outcome = this.#make(n, places, options);
    if (outcome === "made") {
      this.#view(to, n * n).set(this.#view(places.square, n * n));
      return outcome;
    }
    if (outcome === "zero" || this.#dtype === "float64") return outcome;
    const again = rootInDouble(this.#engine, n, this.#view(triangle, triangleLength(n)).slice(), options);
    if (typeof again === "string") return again;
    this.#view(to, n * n).set(again);
    return "made";
  }

  /** The same of an array, by itself. */
  ofArray(packed: FloatArray, n: number, options: RootOptions): FloatArray | NoRoot {
    const [engine, dtype] = [this.#engine, this.#dtype];
    const root = withPlaces(engine, dtype, n, (places) => {
      const square = this.#view(places.square, n * n);
      for (let i = 0, at = 0; i < n; i++) for (let j = 0; j <= i; j++, at++) square[i * n + j] = packed[at]!;
      const outcome = this.#make(n, places, options);
      return outcome === "made" ? this.#view(places.square, n * n).slice() : outcome;
    });
    return root === "failed" && dtype === "float32" ? rootInDouble(engine, n, packed, options) : root;
  }

  /** (S / correction + ridge)^(-e) by eigendecomposition, from the lower triangle of S in `square`, into it. */
  #make(n: number, places: RootPlaces, options: RootOptions): Outcome {
    const { square, otherSquare: vectors, values, work } = places;
    const { exponent, correction, relativeRidge, absoluteRidge } = options;
    if (this.#decompose(n, square, n, values, vectors, n, work) !== 0) return "failed";
    const eigenvalues = this.#view(values, n);
    if (!(eigenvalues[n - 1]! > 0) && absoluteRidge === 0) return "zero";
    for (let k = 0; k < n; k++) eigenvalues[k]! /= correction;
    if (!invertRoots(eigenvalues, 1 / exponent, { relativeRidge, absoluteRidge })) return "failed";
    this.#recompose(n, vectors, n, values, square, n, work);
    return Number.isFinite(this.#squaredNorm(n, n, square, n)) ? "made" : "failed";
  }

  #view(pointer: number, length: number): FloatArray {
    return this.#engine.view(this.#dtype, pointer, length);
  }
}

/** The same in f64, of statistics in f32: for the rare one that f32 has failed at. */
function rootInDouble(engine: Engine, n: number, packed: FloatArray, options: RootOptions): FloatArray | NoRoot {
  const root = new InverseRoots({ engine, dtype: "float64" }).ofArray(packed, n, options);
  if (typeof root === "string") return root;
  const rounded = Float32Array.from(root);
  return rounded.every(Number.isFinite) ? rounded : "failed";
}

/** A place for n x n of a type, while `work` is at it. */
function withPlaces<Result>(engine: Engine, dtype: Dtype, n: number, work: (places: RootPlaces) => Result): Result {
  const kernels = engine.family(matrix);
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
