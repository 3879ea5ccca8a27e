import { binaries } from "#binaries";
import * as wasm from "#wasm/update-more";
import { type UpdateMoreKernels, updateMoreReference } from "../../reference/update-more.js";
import type { KernelFamily } from "./family.js";

export type { UpdateMoreKernels };

/** All other update rules. */
export const updateMore: KernelFamily<UpdateMoreKernels> = {
  name: "update-more",
  binaries: binaries(wasm),
  reference: updateMoreReference,
};
