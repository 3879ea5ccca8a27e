// Vercel's edge runtime compiles nothing from bytes at run time. The strict binary alone: Next compiles every imported
// module with the V8 of the building Node, and that of Node 20 does not take relaxed SIMD.

import type { Binaries } from "./binaries.js";

export const binaries = ({ strict }: { readonly strict: WebAssembly.Module }): Binaries => ({
  origin: "imported by the edge function",
  module(variant) {
    if (variant === "relaxed") throw new Error("the relaxed binary is not part of edge bundles");
    return strict;
  },
  prepare: async () => {},
});
