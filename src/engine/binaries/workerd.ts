// Cloudflare Workers compile nothing from bytes at run time: the modules are imported.

import type { Binaries, BinaryVariant } from "./binaries.js";

export const binaries = (modules: Readonly<Record<BinaryVariant, WebAssembly.Module>>): Binaries => ({
  origin: "imported by the Worker",
  module: (variant) => modules[variant],
  prepare: async () => {},
});
