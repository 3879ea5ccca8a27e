// Kernels on memories that other modules own: an Emscripten heap, a Rust module's memory and an AssemblyScript module's, all
// real ones from npm or from its compiler. What KERNELS.md shows.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import asc from "assemblyscript/asc";
import { describe, expect, test } from "vitest";
import { kernels } from "../../src/kernels.js";

const require = createRequire(import.meta.url);

test("an Emscripten heap: tensors of TensorFlow.js's wasm backend, where they lie", async () => {
  setWasmPaths(`${require.resolve("@tensorflow/tfjs-backend-wasm").replace(/[^/]*$/, "")}`);
  await tf.setBackend("wasm");
  const backend = tf.backend() as unknown as {
    wasm: { asm: { memory: WebAssembly.Memory } };
    getMemoryOffset(dataId: object): number;
  };
  const { memory } = backend.wasm.asm;
  expect(Object.prototype.toString.call(memory)).toBe("[object WebAssembly.Memory]");
  const { adam_f32 } = kernels(memory);
  const [w, g, m, v] = [
    [1, 2, 3],
    [4, -5, 6],
    [0, 0, 0],
    [0, 0, 0],
  ].map((numbers) => tf.tensor1d(numbers));
  const at = (tensor: tf.Tensor) => backend.getMemoryOffset(tensor.dataId);
  const scalars = [0.9, 0.1, 0.999, 0.001, 0.01 / 0.1, 1 / Math.sqrt(0.001), 1e-8] as const;
  expect(adam_f32(w!.size, at(w!), at(g!), 0, at(m!), at(v!), ...scalars)).toBe(0);
  // The first step of Adam is the rate times the gradient's sign.
  [0.99, 2.01, 2.99].forEach((expected, i) => {
    expect(w!.dataSync()[i]).toBeCloseTo(expected, 5);
  });
  expect(tf.sum(g!).dataSync()[0]).toBe(5);
});

test("a Rust module's memory: that of lz4, by wasm-bindgen, which goes on working", () => {
  const lz4 = require("lz4-wasm-nodejs");
  const { memory, __wbindgen_malloc, __wbindgen_free } = lz4.__wasm;
  const { dot_f64, axpy_f64 } = kernels(memory);
  const text = new TextEncoder().encode("downhill ".repeat(1000));
  const compressed = lz4.compress(text);
  const n = 1000;
  const [p, q] = [__wbindgen_malloc(8 * n), __wbindgen_malloc(8 * n)];
  const [x, y] = [p, q].map((pointer) => new Float64Array(memory.buffer, pointer, n));
  x!.fill(2);
  y!.fill(1);
  axpy_f64(n, 3, p, q);
  expect(dot_f64(n, p, q)).toBe(2 * 7 * n);
  expect(lz4.decompress(compressed)).toStrictEqual(text);
  expect([...y!.subarray(0, 3)]).toStrictEqual([7, 7, 7]);
  __wbindgen_free(p, 8 * n);
  __wbindgen_free(q, 8 * n);
  expect(lz4.compress(text)).toStrictEqual(compressed);
});

describe("an AssemblyScript module's memory", () => {
  const source = `
    const weights = new StaticArray<f32>(1000);
    export function pointer(): usize { return changetype<usize>(weights); }
    export function set(i: i32, x: f32): void { weights[i] = x; }
    export function get(i: i32): f32 { return weights[i]; }
  `;

  test("with its garbage collector, which goes on working", async () => {
    const { error, binary } = await asc.compileString(source, { runtime: "incremental", optimizeLevel: 2 });
    expect(error).toBeNull();
    const abort = () => {
      throw new Error("abort");
    };
    const { instance } = await WebAssembly.instantiate(binary!.slice(), { env: { abort } });
    const { memory, pointer, set, get } = instance.exports as unknown as {
      memory: WebAssembly.Memory;
      pointer(): number;
      set(i: number, x: number): void;
      get(i: number): number;
    };
    for (let i = 0; i < 1000; i++) set(i, i);
    const { scale_f32, sum_f32 } = kernels(memory);
    scale_f32(1000, 0.5, pointer());
    expect([get(0), get(1), get(999)]).toStrictEqual([0, 0.5, 499.5]);
    expect(sum_f32(1000, pointer())).toBe(249_750);
  });
});

test("the document names every family", () => {
  const text = readFileSync(new URL("../../KERNELS.md", import.meta.url), "utf8");
  for (const family of [
    "core",
    "update",
    "update-more",
    "update-compressed",
    "update-tensors",
    "finite-sum",
    "matrix",
    "network",
  ]) {
    expect(text).toContain(`\`${family}\``);
  }
});
