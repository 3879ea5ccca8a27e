import { binaries } from "#binaries";
import * as wasm from "#wasm/update-tensors";
import { type UpdateTensorsKernels, updateTensorsReference } from "../../reference/update-tensors.js";
import type { KernelFamily } from "./family.js";

export type { UpdateTensorsKernels };

/** Update rules that look at whole tensors before they move them. */
export const updateTensors: KernelFamily<UpdateTensorsKernels> = {
  name: "update-tensors",
  binaries: binaries(wasm),
  reference: updateTensorsReference,
};
