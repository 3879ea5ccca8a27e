/** The binaries compiled from `assembly/`. */
export type BinaryVariant = "relaxed" | "strict";

/**
 * Where a runtime gets the binaries of a family from. `#binaries` and `#wasm/*` in package.json choose by the kind of
 * runtime how; bundlers resolve them too.
 */
export interface Binaries {
  /** Said in `engine.reason`: how the module came to be. */
  readonly origin: string;
  /**
   * The `WebAssembly.Module` of a variant, compiled at its first use. Throws where the runtime does not take it. Said as
   * `object`: the types are used where no library declares WebAssembly, as in a program of Node without the DOM's.
   */
  module(variant: BinaryVariant): object;
  /** Compiles a variant without blocking, where that is possible, for `module` to give. Never rejects. */
  prepare(variant: BinaryVariant): Promise<void>;
}
