import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { defaultEngine, load, parameters, sgd, type Variant } from "../../src/index.js";
import { kernels, selectKernels } from "../../src/kernels.js";

const bytes = (variant: "strict" | "relaxed", family = "core") =>
  readFileSync(new URL(`../../build/${family}.${variant}.wasm`, import.meta.url));

/** An engine works if a step does. */
function expectWorking(engine: Awaited<ReturnType<typeof load>>): void {
  using set = parameters({ w: 5 }, { engine });
  using optimizer = sgd(set, { learningRate: 0.5 });
  set.gradients.w.fill(2);
  optimizer.step();
  expect([...set.values.w]).toEqual([-1, -1, -1, -1, -1]);
}

describe("the variant", () => {
  test("is relaxed where the runtime takes it, as it does here", async () => {
    const engine = await load();
    expect([engine.variant, engine.reason]).toEqual(["relaxed", "compiled from inlined bytes"]);
    expectWorking(engine);
  });

  test.each([
    ["relaxed", "asked for; compiled from inlined bytes"],
    ["strict", "asked for; compiled from inlined bytes"],
    ["reference", "asked for"],
  ] as const)("is the one asked for: %s", async (variant, reason) => {
    const engine = await load({ variant });
    expect([engine.variant, engine.reason]).toEqual([variant, reason]);
    expectWorking(engine);
  });

  test.each(["fast", "", null, 3])("must be one that exists, not %o", async (variant) => {
    await expect(load({ variant: variant as Variant })).rejects.toThrow(
      new RangeError(
        `kernels: variant must be one of "relaxed", "strict", "reference", got ${JSON.stringify(variant)}`,
      ),
    );
  });
});

test("a misspelt option is refused", async () => {
  const message = 'there is no option "varaint" (did you mean "variant"?); there are variant, module';
  await expect(load({ varaint: "strict" } as object)).rejects.toThrow(`load: ${message}, memory, allocator`);
  expect(() => kernels(new WebAssembly.Memory({ initial: 1 }), { varaint: "strict" } as object)).toThrow(
    new RangeError(`kernels: ${message}`),
  );
});

describe("a compiled module", () => {
  test.each(["strict", "relaxed"] as const)("is used: %s", async (variant) => {
    const module = new WebAssembly.Module(bytes(variant));
    const engine = await load({ module, variant });
    expect([engine.variant, engine.reason]).toEqual([variant, "a compiled module was given"]);
    expectWorking(engine);
  });

  test.each([undefined, "reference"] as const)("needs to be called by its name, not %s", async (variant) => {
    const module = new WebAssembly.Module(bytes("strict"));
    await expect(load({ module, ...(variant && { variant }) })).rejects.toThrow(
      /^kernels: with a module, variant must be "strict" or "relaxed", got /,
    );
  });

  test("may come from another realm", async () => {
    const module: object = runInNewContext("new WebAssembly.Module(bytes)", { bytes: bytes("strict") });
    expect(module instanceof WebAssembly.Module).toBe(false);
    expectWorking(await load({ module, variant: "strict" }));
  });

  test("that was compiled once serves any number of engines, each with its own memory", async () => {
    const module = new WebAssembly.Module(bytes("strict"));
    const [one, two] = await Promise.all([load({ module, variant: "strict" }), load({ module, variant: "strict" })]);
    using first = parameters({ w: 1 }, { engine: one });
    using second = parameters({ w: 1 }, { engine: two });
    first.values.w[0] = 7;
    expect(second.values.w[0]).toBe(0);
    expect(one.memory).not.toBe(two.memory);
  });

  test.each([
    [bytes("strict"), "a Buffer"],
    [{}, "an Object"],
    [null, "null"],
    ["strict.wasm", '"strict.wasm"'],
  ])("must be a module, case %#", async (module, given) => {
    await expect(load({ module: module as object })).rejects.toThrow(
      new TypeError(`kernels: module must be a WebAssembly.Module, or an object of them by family, got ${given}`),
    );
  });

  test("must be one of this package's", async () => {
    const empty = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await expect(load({ module: empty, variant: "strict" })).rejects.toThrow(
      new TypeError(`kernels: module is none of this package's for the family "core": it has no axpy_f32`),
    );
  });
});

describe("the memory", () => {
  test.each([{}, null, 5, new ArrayBuffer(8)])("must be one, not %o", async (memory) => {
    await expect(load({ memory: memory as WebAssembly.Memory })).rejects.toThrow(TypeError);
    await expect(load({ memory: memory as WebAssembly.Memory })).rejects.toThrow("memory must be a WebAssembly.Memory");
  });

  test("of the caller's is the one that is worked in", async () => {
    const memory = new WebAssembly.Memory({ initial: 0 });
    const engine = await load({ variant: "strict", memory });
    expect(engine.memory).toBe(memory);
    expect(memory.buffer.byteLength).toBe(0);
    expectWorking(engine);
    expect(memory.buffer.byteLength).toBe(65536);
  });

  test("that is shared between threads is for the reference alone, and nobody gets it unasked", async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
    expectWorking(await load({ memory, variant: "reference" }));
    for (const options of [{ memory }, { memory, variant: "strict" }] as const) {
      await expect(load(options)).rejects.toThrow(TypeError);
      await expect(load(options)).rejects.toThrow(/^kernels: memory must not be shared/);
    }
  });
});

test("the default engine is made once", () => {
  expect(defaultEngine()).toBe(defaultEngine());
  expectWorking(defaultEngine());
});

test("the default engine is made anew once somebody has disposed of it", () => {
  const before = defaultEngine();
  before.dispose();
  expect(defaultEngine()).not.toBe(before);
  expectWorking(defaultEngine());
});

describe("the raw table", () => {
  test.each(["relaxed", "strict", "reference"] as const)("works on any memory, %s", (variant) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { axpy_f32, dot_f64 } = kernels(memory, { variant });
    const x = new Float32Array(memory.buffer, 0, 4).fill(1);
    const y = new Float32Array(memory.buffer, 64, 4).fill(2);
    axpy_f32(4, 3, x.byteOffset, y.byteOffset);
    expect([...y]).toEqual([5, 5, 5, 5]);
    new Float64Array(memory.buffer, 128, 3).set([1, 2, 3]);
    expect(dot_f64(3, 128, 128)).toBe(14);
  });

  test("has the same kernels in every variant", () => {
    const memory = new WebAssembly.Memory({ initial: 0 });
    const names = (variant: Variant) => Object.keys(kernels(memory, { variant })).sort();
    expect(names("relaxed")).toEqual(names("reference"));
    expect(names("strict")).toEqual(names("reference"));
    expect(names("strict").length).toBeGreaterThan(40);
  });

  test("says which variant it is, and why", () => {
    const memory = new WebAssembly.Memory({ initial: 0 });
    const { variant, reason } = selectKernels(memory, { variant: "strict" });
    expect([variant, reason]).toEqual(["strict", "asked for; compiled from inlined bytes"]);
  });

  test.each([undefined, null, {}, 5])("refuses a memory that is none: %o", (memory) => {
    expect(() => kernels(memory as never)).toThrow(TypeError);
    expect(() => kernels(memory as never)).toThrow(/^kernels: memory must be a WebAssembly.Memory, got /);
  });

  test("needs no memory but a buffer for the reference", () => {
    const memory = { buffer: new ArrayBuffer(128) };
    new Float32Array(memory.buffer, 0, 2).set([3, 4]);
    expect(kernels(memory, { variant: "reference" }).squaredNorm_f32(2, 0)).toBe(25);
  });
});
