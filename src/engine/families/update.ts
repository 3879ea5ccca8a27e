import { binaries } from "#binaries";
import * as wasm from "#wasm/update";
import { type UpdateKernels, updateReference } from "../../reference/update.js";
import type { KernelFamily } from "./family.js";

export type { UpdateKernels };

/** The update rules that most programs use. */
export const update: KernelFamily<UpdateKernels> = {
  name: "update",
  binaries: binaries(wasm),
  reference: updateReference,
};
