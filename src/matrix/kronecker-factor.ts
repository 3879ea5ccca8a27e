import { type Dtype, dtypes, type FloatArray, typed } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { Workspace } from "./linalg/workspace.js";

/** One of the two matrices whose Kronecker product stands for a layer's curvature: a second moment and its inverse. */
export class KroneckerFactor {
  readonly #where: string;
  readonly #engine: Engine;
  readonly #dtype: Dtype;
  readonly #n: number;
  readonly #moment: Allocation;
  readonly #inverse: Allocation;

  /** n x n, zeros. */
  constructor(where: string, engine: Engine, dtype: Dtype, n: number) {
    const bytes = n * n * dtypes[dtype].bytes;
    this.#where = where;
    this.#engine = engine;
    this.#dtype = dtype;
    this.#n = n;
    this.#moment = engine.allocate(this, bytes);
    try {
      this.#inverse = engine.allocate(this, bytes);
    } catch (error) {
      this.#moment.dispose();
      throw error;
    }
    this.moment.fill(0);
    this.inverse.fill(0);
  }

  /** The mean of x x^T. Live. */
  get moment(): FloatArray {
    return this.#engine.view(this.#dtype, this.#moment.pointer, this.#n ** 2);
  }

  /** Of the moment and the ridge, as they were at the last `invert`. Live. */
  get inverse(): FloatArray {
    return this.#engine.view(this.#dtype, this.#inverse.pointer, this.#n ** 2);
  }

  /** moment <- kept moment + weight sum of x x^T over the rows. */
  accumulate(rows: FloatArray, kept: number, weight: number): void {
    const [n, count] = [this.#n, rows.length / this.#n];
    const workspace = this.#workspace([rows], (kernels, suffix) =>
      kernels[`symmetricRankKScratch_${suffix}`](n, count),
    );
    try {
      const { pointer } = this.#moment;
      const update = typed(workspace.kernels, "symmetricRankK", this.#dtype);
      update(1, n, count, weight, workspace.pointer(0), n, kept, pointer, n, workspace.scratch);
      typed(workspace.kernels, "mirrorLower", this.#dtype)(n, pointer, n);
    } finally {
      workspace.dispose();
    }
  }

  /** The mean of the moment's diagonal: that of its eigenvalues. */
  meanEigenvalue(): number {
    const { moment } = this;
    let trace = 0;
    for (let i = 0; i < this.#n; i++) trace += moment[i * this.#n + i]!;
    return trace / this.#n;
  }

  /**
   * inverse <- (moment + ridge I)^-1, by the Cholesky factor; the inverse stays as it was where there is none.
   * @returns whether there is one
   */
  invert(ridge: number): boolean {
    const n = this.#n;
    const workspace = this.#workspace([n * n, n * n], (kernels, suffix) =>
      Math.max(kernels[`choleskyScratch_${suffix}`](n), kernels[`solveTriangularScratch_${suffix}`](n, n)),
    );
    try {
      const [factor, result] = [workspace.pointer(0), workspace.pointer(1)];
      const shifted = workspace.view(0, n * n);
      shifted.set(this.moment);
      const identity = workspace.view(1, n * n).fill(0);
      for (let i = 0; i < n * n; i += n + 1) {
        shifted[i]! += ridge;
        identity[i] = 1;
      }
      const failed = typed(workspace.kernels, "cholesky", this.#dtype)(n, factor, n, factor, n, workspace.scratch);
      if (failed !== 0) return false;
      const solve = typed(workspace.kernels, "solveTriangular", this.#dtype);
      solve(0, 0, n, n, factor, n, result, n, workspace.scratch);
      solve(0, 1, n, n, factor, n, result, n, workspace.scratch);
      const inverse = workspace.view(1, n * n);
      if (!inverse.every(Number.isFinite)) return false;
      this.inverse.set(inverse);
      return true;
    } finally {
      workspace.dispose();
    }
  }

  /** rows x columns of X <- inverse X from the left, or X inverse from the right. */
  apply(side: "left" | "right", x: FloatArray, other: number): FloatArray {
    const n = this.#n;
    const [m, columns] = side === "left" ? [n, other] : [other, n];
    const workspace = this.#workspace([x, n * other], (kernels, suffix) =>
      kernels[`gemmScratch_${suffix}`](m, columns, n),
    );
    try {
      const [X, Y] = [workspace.pointer(0), workspace.pointer(1)];
      const product = typed(workspace.kernels, "gemm", this.#dtype);
      const [a, b] = side === "left" ? [this.#inverse.pointer, X] : [X, this.#inverse.pointer];
      product(0, 0, m, columns, n, 1, a, n, b, columns, 0, Y, columns, workspace.scratch);
      return workspace.read(1, n * other);
    } finally {
      workspace.dispose();
    }
  }

  dispose(): void {
    this.#moment.dispose();
    this.#inverse.dispose();
  }

  #workspace(...args: Tail<ConstructorParameters<typeof Workspace<Dtype>>>): Workspace<Dtype> {
    return new Workspace(this.#where, this.#dtype, { engine: this.#engine }, ...args);
  }
}

type Tail<Args extends unknown[]> = Args extends [unknown, unknown, unknown, ...infer Rest] ? Rest : never;
