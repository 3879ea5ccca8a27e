import { readFileSync } from "node:fs";
import { FAMILY_NAMES, type FamilyName } from "../../src/engine/families/family.js";
import { type KernelTable, kernels, type LinearMemory } from "../../src/kernels.js";

export type { FamilyName, KernelTable };

export type Binary = "strict" | "relaxed";
export type Variant = Binary | "reference";

export const FAMILIES = FAMILY_NAMES;
export const BINARIES: readonly Binary[] = ["strict", "relaxed"];

/** Every file that is compiled for users: a family and a variant. */
export const FILES = FAMILIES.flatMap((family) => BINARIES.map((binary) => [family, binary] as const));

export const bytesOf = (family: FamilyName, variant: Binary | "debug"): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../build/${family}.${variant}.wasm`, import.meta.url)));

const modules = new Map<string, WebAssembly.Module>();

export function moduleOf(family: FamilyName, binary: Binary): WebAssembly.Module {
  const key = `${family}.${binary}`;
  const module = modules.get(key) ?? new WebAssembly.Module(bytesOf(family, binary));
  modules.set(key, module);
  return module;
}

/** The kernels of one binary, as it exports them. */
export const exportsOf = (family: FamilyName, binary: Binary, memory: LinearMemory): WebAssembly.Exports =>
  new WebAssembly.Instance(moduleOf(family, binary), { env: { memory: memory as WebAssembly.Memory } }).exports;

/** The kernels of all families. */
export function kernelsOf(variant: Variant, memory: LinearMemory): KernelTable {
  if (variant === "reference") return kernels(memory, { variant });
  return Object.assign({}, ...FAMILIES.map((family) => exportsOf(family, variant, memory))) as KernelTable;
}
