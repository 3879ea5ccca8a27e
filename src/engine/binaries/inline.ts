// Node, browsers, Deno, Bun: the bytes travel in the JavaScript, so no file is read, no permission is needed and no
// bundler has to be told about an asset.

import { relaxed, strict } from "../../../build/bytes.js";
import type { Binaries, BinaryVariant } from "./binaries.js";

const encoded: Record<BinaryVariant, string> = { relaxed, strict };
const compiled: Partial<Record<BinaryVariant, WebAssembly.Module>> = {};

export const binaries: Binaries = {
  origin: "compiled from inlined bytes",
  module(variant) {
    compiled[variant] ??= new WebAssembly.Module(Uint8Array.from(atob(encoded[variant]), (c) => c.charCodeAt(0)));
    return compiled[variant];
  },
};
