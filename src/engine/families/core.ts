import { binaries } from "#binaries";
import * as wasm from "#wasm/core";
import { type CoreKernels, coreReference } from "../../reference/core.js";
import type { KernelFamily } from "./family.js";

export type { CoreKernels };

/** Vectors: what everything needs, and by which the variant is chosen. */
export const core: KernelFamily<CoreKernels> = {
  name: "core",
  binaries: binaries(wasm),
  reference: coreReference,
};
