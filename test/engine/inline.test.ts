// The binaries come as hexadecimal, which an engine decodes, or Node, or a loop.

import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { binaries } from "../../src/engine/binaries/inline.js";

const bytes = readFileSync(new URL("../../build/core.strict.wasm", import.meta.url));
const strict = bytes.toString("hex");
const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What `Uint8Array.fromHex` of newer engines is. */
class DecodingArray extends Uint8Array {
  static fromHex = vi.fn((text: string) => new Uint8Array(Buffer.from(text, "hex")));
}

test.each([
  ["the engine", { Uint8Array: DecodingArray }],
  ["Node", {}],
  ["a loop", { Buffer: undefined }],
])("decoded by %s", (_, globals) => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  const module = binaries({ strict, relaxed: "" }).module("strict");
  vi.unstubAllGlobals();
  expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(names);
});
