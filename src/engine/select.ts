import { checkOneOf, checkOptions, given } from "../check.js";
import type { LinearMemory } from "../reference/element.js";
import { core } from "./families/core.js";
import { checkModules, type Modules } from "./modules.js";
import { KernelTables, message, type Variant } from "./tables.js";

const VARIANTS: readonly Variant[] = ["relaxed", "strict", "reference"];

export interface KernelOptions {
  /** The variant to use, whatever would be chosen. Default: the first of relaxed, strict, reference that the runtime takes. */
  readonly variant?: Variant;
  /**
   * Compiled modules of the package's binaries, where the runtime can't compile them itself: one `WebAssembly.Module`, of
   * the family `core`, or an object of them by family, `{ core, "finite-sum": solvers }`. `variant` says which of the
   * binaries they are.
   */
  readonly module?: object;
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

/** The kernels over a memory, in the variant that is forced or else in the first that the runtime takes of `core`. */
export function select(memory: LinearMemory, options: KernelOptions = {}): KernelTables {
  checkOptions("kernels", options, ["variant", "module"]);
  const { variant, module } = options;
  checkMemory(memory, variant);
  if (variant !== undefined) checkOneOf("kernels", "variant", variant, VARIANTS);
  if (module !== undefined) {
    const modules = checkModules(module);
    if (variant !== "strict" && variant !== "relaxed") {
      throw new RangeError(`kernels: with a module, variant must be "strict" or "relaxed", got ${given(variant)}`);
    }
    return forced(memory, variant, modules);
  }
  return variant === undefined ? chosen(memory) : forced(memory, variant);
}

function forced(memory: LinearMemory, variant: Variant, modules?: Modules): KernelTables {
  if (modules?.core) return new KernelTables(memory, variant, "a compiled module was given", modules);
  const reason = variant === "reference" ? "asked for" : `asked for; ${core.binaries.origin}`;
  return new KernelTables(memory, variant, reason, modules);
}

function chosen(memory: LinearMemory): KernelTables {
  const refusals: string[] = [];
  for (const candidate of ["relaxed", "strict"] as const) {
    try {
      return new KernelTables(memory, candidate, [core.binaries.origin, ...refusals].join("; "));
    } catch (error) {
      refusals.push(`not ${candidate}: ${message((error as Error).cause)}`);
    }
  }
  return new KernelTables(memory, "reference", `plain JavaScript; ${refusals.join("; ")}`);
}

/** Compiles what {@link select} will choose, without blocking. */
export async function prepare({ variant, module }: KernelOptions = {}): Promise<void> {
  if (module !== undefined || variant === "reference") return;
  for (const candidate of variant === undefined ? (["relaxed", "strict"] as const) : [variant]) {
    await core.binaries.prepare(candidate);
    try {
      core.binaries.module(candidate);
      return;
    } catch {
      // The next one, then; `select` will say why.
    }
  }
}
