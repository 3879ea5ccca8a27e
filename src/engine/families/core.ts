import { binaries } from "#binaries";
import * as wasm from "#wasm/core";
import { type CoreKernels, coreReference } from "../../reference/core.js";
import type { KernelFamily } from "./family.js";

export type { CoreKernels };

/** Vectors and update rules: what parameter sets and optimizers need. */
export const core: KernelFamily<CoreKernels> = {
  name: "core",
  binaries: binaries(wasm),
  reference: coreReference,
};
