import { readFileSync } from "node:fs";
import { type KernelTable, type LinearMemory, referenceKernels } from "../../src/reference/index.js";

export type Binary = "strict" | "relaxed";
export type Variant = Binary | "reference";

export const BINARIES: readonly Binary[] = ["strict", "relaxed"];

export const bytesOf = (name: Binary | "debug"): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url)));

const modules = new Map<Binary, WebAssembly.Module>();

export function moduleOf(name: Binary): WebAssembly.Module {
  const module = modules.get(name) ?? new WebAssembly.Module(bytesOf(name));
  modules.set(name, module);
  return module;
}

export function kernelsOf(variant: Variant, memory: LinearMemory): KernelTable {
  if (variant === "reference") return referenceKernels(memory);
  const imports = { env: { memory: memory as WebAssembly.Memory } };
  return new WebAssembly.Instance(moduleOf(variant), imports).exports as unknown as KernelTable;
}
