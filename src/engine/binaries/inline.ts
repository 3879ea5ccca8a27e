// Node, browsers, Deno, Bun: the bytes travel in the JavaScript, so no file is read, no permission is needed and no
// bundler has to be told about an asset.

import type { Binaries, BinaryVariant } from "./binaries.js";

/** The binaries of a family from their bytes in base64. */
export function binaries(encoded: Readonly<Record<BinaryVariant, string>>): Binaries {
  /** The modules, and the errors of those that the runtime refused: it is not asked twice. */
  const outcomes = new Map<BinaryVariant, WebAssembly.Module | { readonly refusal: unknown }>();

  const bytes = (variant: BinaryVariant) => Uint8Array.from(atob(encoded[variant]), (c) => c.charCodeAt(0));

  return {
    origin: "compiled from inlined bytes",

    module(variant) {
      let outcome = outcomes.get(variant);
      if (outcome === undefined) {
        try {
          outcome = new WebAssembly.Module(bytes(variant));
        } catch (refusal) {
          outcome = { refusal };
        }
        outcomes.set(variant, outcome);
      }
      if ("refusal" in outcome) throw outcome.refusal;
      return outcome;
    },

    async prepare(variant) {
      if (outcomes.has(variant)) return;
      try {
        outcomes.set(variant, await WebAssembly.compile(bytes(variant)));
      } catch (refusal) {
        outcomes.set(variant, { refusal });
      }
    },
  };
}
