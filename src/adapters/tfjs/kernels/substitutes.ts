import type { TensorInfo } from "@tensorflow/tfjs-core";

/** The arguments of TensorFlow.js's kernel BatchMatMul. */
export interface Product {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
}

/** Those of GatherV2. */
export interface Gathering {
  readonly inputs: { readonly x: TensorInfo; readonly indices: TensorInfo };
  readonly attrs: { readonly axis: number; readonly batchDims?: number };
}

/** What is done here in the place of a backend's kernels; undefined for what is left to them. */
export interface Substitutes {
  multiply(product: Product): TensorInfo | undefined;
  gather(gathering: Gathering): TensorInfo | undefined;
}

/** The sizes of a product of stacks of matrices. */
export interface Sizes {
  readonly stack: number[];
  /** How many matrices there are in a stack. */
  readonly count: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly flags: readonly [transposeA: 0 | 1, transposeB: 0 | 1];
  /** The lengths of the rows as they are stored. */
  readonly rows: readonly [a: number, b: number];
}

/** Undefined for other numbers than float32, stacks that are broadcast, sizes that don't match, and nothing to do. */
export function sizesOf({ inputs: { a, b }, attrs: { transposeA, transposeB } }: Product): Sizes | undefined {
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const [stack, others] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (inner !== k || m * n * k === 0 || stack.length !== others.length || stack.some((size, i) => size !== others[i]))
    return undefined;
  const flags = [transposeA ? 1 : 0, transposeB ? 1 : 0] as const;
  return { stack, count: sizeOf(stack), m, n, k, flags, rows: [columnsA, columnsB] };
}

export const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Whether whole rows of float32 are asked for, as `model.fit` asks for its batches, and there is one at least. */
export function areRows({ inputs: { x, indices }, attrs: { axis, batchDims = 0 } }: Gathering): boolean {
  const kinds = x.dtype === "float32" && indices.dtype === "int32" && axis === 0 && batchDims === 0;
  return kinds && sizeOf(x.shape) > 0 && sizeOf(indices.shape) > 0;
}

/** Whether there are rows of these numbers. */
export const exist = (indices: Int32Array, rows: number) => indices.every((index) => index >= 0 && index < rows);

/** to[i] <- from[indices[i]], in rows of a length. */
export function gatherRows(from: Float32Array, indices: Int32Array, length: number, to: Float32Array): void {
  for (let i = 0; i < indices.length; i++) {
    const [source, target] = [indices[i]! * length, i * length];
    for (let j = 0; j < length; j++) to[target + j] = from[source + j]!;
  }
}
