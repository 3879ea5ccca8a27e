import { binaries } from "#binaries";
import * as wasm from "#wasm/network";
import { type NetworkKernels, networkReference } from "../../reference/network.js";
import type { KernelFamily } from "./family.js";

export type { NetworkKernels };

/** Dense layers and perceptrons, trained pattern by pattern. */
export const network: KernelFamily<NetworkKernels> = {
  name: "network",
  binaries: binaries(wasm),
  reference: networkReference,
};
