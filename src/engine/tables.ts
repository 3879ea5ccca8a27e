import type { LinearMemory } from "../reference/element.js";
import { type CoreKernels, core } from "./families/core.js";
import type { KernelFamily } from "./families/family.js";
import type { Modules } from "./modules.js";

/** `relaxed`: SIMD with fused multiply-add; `strict`: SIMD, the same bits on every engine; `reference`: plain JavaScript. */
export type Variant = "relaxed" | "strict" | "reference";

export const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * An instance over the memory. Plain `WebAssembly.Instance`, not @assemblyscript/loader: its `instanceof
 * WebAssembly.Module` is false for a module of another realm, as in edge runtimes, and it then compiles from bytes.
 */
function instantiate<Table extends object>(module: object, memory: LinearMemory): Table {
  const instance = new WebAssembly.Instance(module as WebAssembly.Module, {
    env: { memory: memory as WebAssembly.Memory },
  });
  return instance.exports as Table;
}

/** The kernels over one memory, all in one variant: a table a family, made when it is first asked for. */
export class KernelTables {
  readonly variant: Variant;
  /** Why this variant, in a sentence. */
  readonly reason: string;
  readonly core: CoreKernels;
  readonly #memory: LinearMemory;
  readonly #modules: Modules | undefined;
  readonly #tables = new Map<KernelFamily<object>, object>();

  /** @throws Error, with the refusal as its cause, if the runtime does not take the variant of `core` */
  constructor(memory: LinearMemory, variant: Variant, reason: string, modules?: Modules) {
    this.variant = variant;
    this.reason = reason;
    this.#memory = memory;
    this.#modules = modules;
    this.core = this.of(core);
  }

  /** @throws Error, with the refusal as its cause, if the runtime does not take the family's binary */
  of<Table extends object>(family: KernelFamily<Table>): Table {
    let table = this.#tables.get(family) as Table | undefined;
    if (table === undefined) {
      table = this.#make(family);
      this.#tables.set(family, table);
    }
    return table;
  }

  /** Compiles what {@link of} will need, without blocking. */
  async prepare(family: KernelFamily<object>): Promise<void> {
    if (this.variant === "reference" || this.#modules?.[family.name] || this.#tables.has(family)) return;
    await family.binaries.prepare(this.variant);
  }

  #make<Table extends object>(family: KernelFamily<Table>): Table {
    const { name, binaries, reference } = family;
    if (this.variant === "reference") return reference(this.#memory);
    const module = this.#modules?.[name];
    if (module !== undefined) return this.#given(family, module);
    try {
      return instantiate(binaries.module(this.variant), this.#memory);
    } catch (error) {
      const lack = this.#modules === undefined ? "" : `module has none for the family "${name}", and `;
      const refusal = `variant "${this.variant}" can't be used here: ${message(error)}`;
      throw new Error(`kernels: ${lack}${refusal}`, { cause: error });
    }
  }

  /** A module that was given may be anything. */
  #given<Table extends object>({ name, reference }: KernelFamily<Table>, module: object): Table {
    const table = instantiate<Table>(module, this.#memory);
    const missing = Object.keys(reference(this.#memory)).find((kernel) => !(kernel in table));
    if (missing === undefined) return table;
    throw new TypeError(`kernels: module is none of this package's for the family "${name}": it has no ${missing}`);
  }
}
