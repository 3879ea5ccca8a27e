// TensorFlow.js's cpu backend multiplies in loops over arrays, at 10 ns a product of two numbers, and gathers rows element by
// element, at 80 ns. Here operands are copied to the kernels and results back: 32 x 784 by 784 x 42 takes 0.1 ms for 10.

import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type MatrixKernels, matrix } from "../../../engine/families/matrix.js";
import { Engine } from "../../../memory/engine.js";
import { Room } from "./room.js";
import {
  areRows,
  exist,
  type Gathering,
  gatherRows,
  type Product,
  type Substitutes,
  sizeOf,
  sizesOf,
} from "./substitutes.js";

interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array | Int32Array } };
  makeTensorInfo(shape: number[], dtype: "float32", values: Float32Array): TensorInfo;
}

const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;

class CpuSubstitutes implements Substitutes {
  readonly #backend: CpuBackend;
  readonly #engine = new Engine();
  readonly #kernels: MatrixKernels = this.#engine.family(matrix);
  readonly #room = new Room(this.#engine);

  constructor(backend: CpuBackend) {
    this.#backend = backend;
  }

  multiply(product: Product): TensorInfo | undefined {
    const sizes = sizesOf(product);
    if (sizes === undefined) return undefined;
    const { stack, count, m, n, k, flags, rows } = sizes;
    const a = this.#room.take(
      aligned(4 * m * k) + aligned(4 * k * n) + aligned(4 * m * n) + this.#kernels.gemmScratch_f32(m, n, k),
    );
    const b = a + aligned(4 * m * k);
    const c = b + aligned(4 * k * n);
    const scratch = c + aligned(4 * m * n);
    const [A, B, C] = [this.#view(a, m * k), this.#view(b, k * n), this.#view(c, m * n)];
    const [left, right] = [this.#values(product.inputs.a), this.#values(product.inputs.b)];
    const out = new Float32Array(count * m * n);
    for (let i = 0; i < count; i++) {
      A.set(left.subarray(i * m * k, (i + 1) * m * k));
      B.set(right.subarray(i * k * n, (i + 1) * k * n));
      this.#kernels.gemm_f32(...flags, m, n, k, 1, a, rows[0], b, rows[1], 0, c, n, scratch);
      out.set(C, i * m * n);
    }
    return this.#backend.makeTensorInfo([...stack, m, n], "float32", out);
  }

  gather(gathering: Gathering): TensorInfo | undefined {
    const { x, indices } = gathering.inputs;
    const wanted = this.#values(indices) as Int32Array;
    if (!areRows(gathering) || !exist(wanted, x.shape[0]!)) return undefined;
    const row = x.shape.slice(1);
    const shape = [...indices.shape, ...row];
    const out = new Float32Array(sizeOf(shape));
    gatherRows(this.#values(x) as Float32Array, wanted, sizeOf(row), out);
    return this.#backend.makeTensorInfo(shape, "float32", out);
  }

  #values({ dataId }: TensorInfo) {
    return this.#backend.data.get(dataId).values;
  }

  #view(pointer: number, length: number): Float32Array {
    return new Float32Array(this.#engine.memory.buffer as ArrayBuffer, pointer, length);
  }
}

/** Undefined if the backend's arrays are out of reach. */
export function cpuSubstitutes(backend: object): Substitutes | undefined {
  const { data, makeTensorInfo } = backend as Partial<CpuBackend>;
  const known = typeof data?.get === "function" && typeof makeTensorInfo === "function";
  return known ? new CpuSubstitutes(backend as CpuBackend) : undefined;
}
