import { binaries } from "#binaries";
import * as wasm from "#wasm/update-compressed";
import { type UpdateCompressedKernels, updateCompressedReference } from "../../reference/update-compressed.js";
import type { KernelFamily } from "./family.js";

export type { UpdateCompressedKernels };

/** Update rules whose state takes 16 or 8 bits an element. */
export const updateCompressed: KernelFamily<UpdateCompressedKernels> = {
  name: "update-compressed",
  binaries: binaries(wasm),
  reference: updateCompressedReference,
};
