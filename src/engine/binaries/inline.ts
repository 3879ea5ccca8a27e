// Node, browsers, Deno, Bun: the bytes travel in the JavaScript, so no file is read, no permission is needed and no
// bundler has to be told about an asset. In hexadecimal, which keeps a byte in its place where base64 moves it by its number:
// servers compress it to two thirds of what they make of base64.

import type { Binaries, BinaryVariant } from "./binaries.js";

/** The binaries of a family from their bytes in hexadecimal. */
export function binaries(encoded: Readonly<Record<BinaryVariant, string>>): Binaries {
  /** The modules, and the errors of those that the runtime refused: it is not asked twice. */
  const outcomes = new Map<BinaryVariant, WebAssembly.Module | { readonly refusal: unknown }>();

  return {
    origin: "compiled from inlined bytes",

    module(variant) {
      let outcome = outcomes.get(variant);
      if (outcome === undefined) {
        try {
          outcome = new WebAssembly.Module(bytesOf(encoded[variant]));
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
        outcomes.set(variant, await WebAssembly.compile(bytesOf(encoded[variant])));
      } catch (refusal) {
        outcomes.set(variant, { refusal });
      }
    },
  };
}

/** Decoders that the engine has, or Node. */
interface Decoders {
  readonly Uint8Array: { fromHex?(text: string): Uint8Array<ArrayBuffer> };
  readonly Buffer?: { from(text: string, encoding: "hex"): Uint8Array<ArrayBuffer> };
}

/** The loop takes 12 ms for a family on Node 20, since it runs but once, and before anything has compiled it. */
function bytesOf(hexadecimal: string): Uint8Array<ArrayBuffer> {
  const { Uint8Array: engine, Buffer: node } = globalThis as unknown as Decoders;
  if (engine.fromHex !== undefined) return engine.fromHex(hexadecimal);
  if (node !== undefined) return node.from(hexadecimal, "hex");
  const bytes = new Uint8Array(hexadecimal.length / 2);
  for (let k = 0; k < bytes.length; k++) bytes[k] = Number.parseInt(hexadecimal.slice(2 * k, 2 * k + 2), 16);
  return bytes;
}
