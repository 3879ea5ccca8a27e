// Cloudflare Workers compile nothing from bytes at run time: the modules are imported.

import relaxed from "../../../build/relaxed.wasm";
import strict from "../../../build/strict.wasm";
import type { Binaries } from "./binaries.js";

const modules = { relaxed, strict };

export const binaries: Binaries = {
  origin: "imported by the Worker",
  module: (variant) => modules[variant],
  prepare: async () => {},
};
