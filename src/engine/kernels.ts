import { binaries } from "#binaries";
import { checkOneOf, given } from "../check.js";
import { type KernelTable, type LinearMemory, referenceKernels } from "../reference/index.js";

export type { KernelTable, LinearMemory };

/** `relaxed`: SIMD with fused multiply-add; `strict`: SIMD, the same bits on every engine; `reference`: plain JavaScript. */
export type Variant = "relaxed" | "strict" | "reference";

const VARIANTS: readonly Variant[] = ["relaxed", "strict", "reference"];

export interface KernelOptions {
  /** The variant to use, whatever would be chosen. Default: the first of relaxed, strict, reference that the runtime takes. */
  readonly variant?: Variant;
  /**
   * A compiled `WebAssembly.Module` of one of the package's binaries, where the runtime can't compile them itself;
   * `variant` says which of them it is.
   */
  readonly module?: object;
}

export interface Selection {
  readonly variant: Variant;
  /** Why this variant, in a sentence. */
  readonly reason: string;
  readonly kernels: KernelTable;
}

/**
 * An instance over the memory. Plain `WebAssembly.Instance`, not @assemblyscript/loader: its `instanceof
 * WebAssembly.Module` is false for a module of another realm, as in edge runtimes, and it then compiles from bytes.
 */
function instantiate(module: WebAssembly.Module, memory: LinearMemory): KernelTable {
  const instance = new WebAssembly.Instance(module, { env: { memory: memory as WebAssembly.Memory } });
  if (!("settleCsr" in instance.exports)) throw new TypeError("kernels: module is none of this package's binaries");
  return instance.exports as unknown as KernelTable;
}

function checkMemory(memory: LinearMemory, variant: Variant | undefined): void {
  const kind = Object.prototype.toString.call(memory?.buffer);
  if (kind === "[object SharedArrayBuffer]" && variant !== "reference") {
    throw new TypeError(
      "kernels: memory must not be shared: a module is compiled for shared memory or for the other kind",
    );
  }
  if (kind !== "[object ArrayBuffer]" && kind !== "[object SharedArrayBuffer]") {
    throw new TypeError(`kernels: memory must be a WebAssembly.Memory, got ${given(memory)}`);
  }
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * The kernels over a memory, with the variant that was chosen and the reason. As {@link kernels} otherwise.
 *
 * @example
 * const { variant, reason, kernels } = selectKernels(memory);
 */
export function selectKernels(memory: LinearMemory, { variant, module }: KernelOptions = {}): Selection {
  checkMemory(memory, variant);
  if (variant !== undefined) checkOneOf("kernels", "variant", variant, VARIANTS);
  if (module !== undefined) {
    if (Object.prototype.toString.call(module) !== "[object WebAssembly.Module]") {
      throw new TypeError(`kernels: module must be a WebAssembly.Module, got ${given(module)}`);
    }
    if (variant !== "strict" && variant !== "relaxed") {
      throw new RangeError(`kernels: with a module, variant must be "strict" or "relaxed", got ${given(variant)}`);
    }
    return {
      variant,
      reason: "a compiled module was given",
      kernels: instantiate(module as WebAssembly.Module, memory),
    };
  }
  if (variant === "reference") return { variant, reason: "asked for", kernels: referenceKernels(memory) };
  if (variant !== undefined) {
    try {
      const kernels = instantiate(binaries.module(variant), memory);
      return { variant, reason: `asked for; ${binaries.origin}`, kernels };
    } catch (error) {
      throw new Error(`kernels: variant "${variant}" can't be used here: ${message(error)}`, { cause: error });
    }
  }
  const refusals: string[] = [];
  for (const candidate of ["relaxed", "strict"] as const) {
    try {
      const kernels = instantiate(binaries.module(candidate), memory);
      return { variant: candidate, reason: [binaries.origin, ...refusals].join("; "), kernels };
    } catch (error) {
      refusals.push(`not ${candidate}: ${message(error)}`);
    }
  }
  return {
    variant: "reference",
    reason: `plain JavaScript; ${refusals.join("; ")}`,
    kernels: referenceKernels(memory),
  };
}

/** Compiles what {@link selectKernels} will choose, without blocking. */
export async function prepareBinaries({ variant, module }: KernelOptions = {}): Promise<void> {
  if (module !== undefined || variant === "reference") return;
  for (const candidate of variant === undefined ? (["relaxed", "strict"] as const) : [variant]) {
    await binaries.prepare(candidate);
    try {
      binaries.module(candidate);
      return;
    } catch {
      // The next one, then; selectKernels will say why.
    }
  }
}

/**
 * The kernels over a memory of your own: the heap of your library, any `WebAssembly.Memory` that is not shared between
 * threads (a module is compiled for the one kind or for the other).
 *
 * The table is typed; every kernel takes byte offsets into the memory, element counts and scalars, allocates nothing
 * and keeps nothing between calls, so any number of tables may work on one memory. Offsets must be multiples of the
 * element size, arrays must lie inside the memory: the kernels check neither.
 *
 * A slot that decays (Adam's moments, momentum's buffer) should be passed to `flush_f32` (threshold 2^-100) or
 * `flush_f64` (2^-960) every 64 steps or so: in the subnormal range a step takes up to 60 times as long.
 *
 * @param memory what to work on. For `variant: "reference"` any object with a `buffer` will do.
 * @param options the variant, or a compiled module
 * @returns the table: `axpy_f32(n, alpha, x, y)` and so on. The sources in the package's folder `assembly/` say of each
 *   kernel what it does and how its arguments are laid out: `update/step.ts` for the update rules, `finite-sum/dense.ts`
 *   and `csr.ts` for the solvers.
 * @throws TypeError for a memory that is none or is shared, or a module that is none; RangeError for an unknown variant;
 *   Error for a variant that the runtime refuses
 *
 * @example
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * const { axpy_f32 } = kernels(memory);
 * const x = new Float32Array(memory.buffer, 0, 4).fill(1);
 * const y = new Float32Array(memory.buffer, 64, 4).fill(2);
 * axpy_f32(4, 3, 0, 64); // y is now [5, 5, 5, 5]
 */
export function kernels(memory: LinearMemory, options?: KernelOptions): KernelTable {
  return selectKernels(memory, options).kernels;
}
