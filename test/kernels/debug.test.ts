// The debug build: it runs through @assemblyscript/loader, computes what the strict binary computes, and says where it
// fails.

import { instantiateSync } from "@assemblyscript/loader";
import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { DTYPES, moderate, seeded } from "./numbers.js";
import { placeOptions } from "./options.js";
import { bytesOf, FAMILIES, type KernelTable, kernelsOf } from "./variants.js";

/** A string of AssemblyScript: UTF-16, its length in bytes in the word before it. */
function text(memory: WebAssembly.Memory, pointer: number): string {
  const bytes = new DataView(memory.buffer).getUint32(pointer - 4, true);
  return new TextDecoder("utf-16le").decode(new Uint8Array(memory.buffer, pointer, bytes));
}

/** The kernels of all families. Their texts lie at the same addresses, so each family's are read in a memory of its own. */
function load(memory: WebAssembly.Memory): KernelTable {
  const tables = FAMILIES.map((family) => {
    const bytes = bytesOf(family, "debug");
    const texts = new WebAssembly.Memory({ initial: 1 });
    const abort = (message: number, file: number, line: number) => {
      throw new Error(`${text(texts, message)}, ${text(texts, file)}:${line}`);
    };
    instantiateSync(bytes, { env: { memory: texts, abort } });
    return instantiateSync(bytes, { env: { memory, abort } }).exports;
  });
  return Object.assign({}, ...tables) as KernelTable;
}

describe.each(DTYPES)("the debug build, %s", (dtype) => {
  const lengths = [0, 1, 7, 33, 5000];

  /** All bytes of the memory after a few kernels have run in it, and what they returned. */
  function run(kernelsOver: (memory: WebAssembly.Memory) => KernelTable, n: number) {
    const random = seeded(n);
    const arena = new Arena(4);
    const kernels = kernelsOver(arena.memory);
    // The debug build has the texts of its asserts in memory.
    arena.clear();
    const draw = () =>
      arena.place(
        dtype,
        Array.from({ length: n }, () => moderate(random)),
        1,
      );
    const [parameters, gradients, first] = [draw(), draw(), draw()];
    const second = arena.place(
      dtype,
      Array.from({ length: n }, () => Math.abs(moderate(random))),
    );
    const options = placeOptions(arena, { gradientScale: 0.5, l2: 0.01, shrink: 0.99, clear: 1 });
    kernels[`axpy_${dtype}`](n, 0.3, first, gradients);
    kernels[`adam_${dtype}`](n, parameters, gradients, options, first, second, 0.9, 0.1, 0.999, 0.001, 0.01, 5, 1e-8);
    kernels[`flush_${dtype}`](n, 0.25, first);
    const results = [
      kernels[`dot_${dtype}`](n, parameters, second),
      kernels[`absoluteMaximum_${dtype}`](n, first),
      kernels[`nonFiniteCount_${dtype}`](n, parameters),
    ];
    return { results, bytes: Buffer.from(new Uint8Array(arena.memory.buffer)) };
  }

  test.each(lengths)("gives the bits of the strict binary at length %d", (n) => {
    const strict = run((memory) => kernelsOf("strict", memory), n);
    const debug = run(load, n);
    expect(debug.results).toStrictEqual(strict.results);
    expect(debug.bytes.equals(strict.bytes)).toBe(true);
    if (n > 0) expect(strict.results[0]).not.toBe(0);
  });

  test.each(["axpy", "dot", "sgd"] as const)("%s says what is wrong with a pointer, and the stack names it", (name) => {
    const kernels = load(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
    const outside = 65536 - 16;
    const calls = {
      axpy: () => kernels[`axpy_${dtype}`](100, 1, 0, outside),
      dot: () => kernels[`dot_${dtype}`](100, 0, outside),
      sgd: () => kernels[`sgd_${dtype}`](100, 0, outside, 0, 0.1),
    };
    let error: unknown;
    try {
      calls[name]();
    } catch (thrown) {
      error = thrown;
    }
    expect((error as Error).message).toMatch(/^array must lie inside the memory, assembly\/simd\/lanes\.ts:\d+$/);
    expect((error as Error).stack).toMatch(new RegExp(`${name}_${dtype}`));
    expect(() => kernels[`${name}_${dtype}`](1, 1024, 2050, 0, 0.1)).toThrow(
      /^pointer must be a multiple of the element size/,
    );
    expect(() => kernels[`sum_${dtype}`](-1, 1024)).toThrow(/^count must not be negative/);
  });
});
