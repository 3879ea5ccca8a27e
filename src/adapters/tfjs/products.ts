// TensorFlow.js's wasm backend multiplies by XNNPACK, but not where an operand is transposed: that is a loop of scalars. The
// gradients of every dense layer are such products, and took a quarter and more of the time of a training.

import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { type MatrixKernels, matrix } from "../../engine/families/matrix.js";
import type { Allocation, Engine } from "../../memory/engine.js";
import { engineOf, type WasmBackend, whyNotInPlace } from "./bridge-wasm.js";
import type { TensorFlow } from "./tensorflow.js";

const KERNEL = "BatchMatMul";
const BACKEND = "wasm";

/** The arguments of the kernel, as TensorFlow.js gives them. */
interface Call {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
  readonly backend: WasmBackend & { makeOutput(shape: number[], dtype: "float32"): Tensor };
}

/** The sizes of a product of stacks of matrices. */
interface Sizes {
  readonly stack: number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Undefined for what is left to TensorFlow.js: nothing transposed, other numbers, stacks that are broadcast, no match. */
function sizesOf({ inputs: { a, b }, attrs: { transposeA, transposeB } }: Call): Sizes | undefined {
  if (!(transposeA || transposeB) || a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const [stack, others] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (inner !== k || stack.length !== others.length || stack.some((size, i) => size !== others[i])) return undefined;
  return { stack, m, n, k };
}

/** Products in the memory of one backend. */
class Products {
  readonly #engine: Engine;
  readonly #kernels: MatrixKernels;
  #scratch: Allocation | undefined;

  constructor(backend: WasmBackend) {
    this.#engine = engineOf(backend);
    this.#kernels = this.#engine.family(matrix);
  }

  multiply({ inputs, attrs, backend }: Call, { stack, m, n, k }: Sizes): TensorInfo {
    const out = backend.makeOutput([...stack, m, n], "float32");
    const [a, b, c] = [inputs.a, inputs.b, out].map(({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset);
    const [lda, ldb] = [attrs.transposeA ? m : k, attrs.transposeB ? k : n];
    const flags = [Number(attrs.transposeA), Number(attrs.transposeB)] as const;
    const scratch = this.#room(this.#kernels.gemmScratch_f32(m, n, k));
    const count = stack.reduce((product, size) => product * size, 1);
    for (let i = 0; i < count; i++) {
      const [A, B, C] = [a! + 4 * i * m * k, b! + 4 * i * k * n, c! + 4 * i * m * n];
      this.#kernels.gemm_f32(...flags, m, n, k, 1, A, lda, B, ldb, 0, C, n, scratch);
    }
    return out;
  }

  /** Room that is kept for the next product. */
  #room(bytes: number): number {
    if (this.#scratch === undefined || this.#scratch.bytes < bytes) {
      this.#scratch?.dispose();
      this.#scratch = this.#engine.allocate(this, bytes);
    }
    return this.#scratch.pointer;
  }
}

/** The functions that have taken the backend's place already. */
const registered = new WeakSet<object>();

/** Puts the kernel here in the place of the backend's, for products with a transposed operand. */
export function registerProducts(where: string, tf: TensorFlow): void {
  const host = tf.getKernel(KERNEL, BACKEND);
  if (host === undefined) {
    throw new Error(`${where}: products need @tensorflow/tfjs-backend-wasm, imported before`);
  }
  if (registered.has(host.kernelFunc)) return;
  const places = new WeakMap<object, Products | "out of reach">();
  const kernelFunc: typeof host.kernelFunc = (call) => {
    const { backend } = call as unknown as Call;
    let products = places.get(backend);
    if (products === undefined) {
      products = whyNotInPlace(backend) === undefined ? new Products(backend) : "out of reach";
      places.set(backend, products);
    }
    const sizes = sizesOf(call as unknown as Call);
    if (products === "out of reach" || sizes === undefined) return host.kernelFunc(call);
    return products.multiply(call as unknown as Call, sizes);
  };
  registered.add(kernelFunc);
  tf.unregisterKernel(KERNEL, BACKEND);
  tf.registerKernel({ ...host, kernelFunc });
}
