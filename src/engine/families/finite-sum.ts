import { binaries } from "#binaries";
import * as wasm from "#wasm/finite-sum";
import { type FiniteSumKernels, finiteSumReference } from "../../reference/finite-sum.js";
import type { KernelFamily } from "./family.js";

export type { FiniteSumKernels };

/** SAG, SAGA, SVRG, SDCA and gradients of linear models: what the solvers need. */
export const finiteSum: KernelFamily<FiniteSumKernels> = {
  name: "finite-sum",
  binaries: binaries(wasm),
  reference: finiteSumReference,
};
