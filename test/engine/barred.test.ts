// Runtimes that refuse the relaxed binary, compilation from bytes, or WebAssembly altogether. Every test imports the
// package anew, since a module that was compiled once is kept.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

type Package = typeof import("../../src/index.js");

let schuss: Package;

beforeEach(async () => {
  vi.resetModules();
  schuss = await import("../../src/index.js");
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** WebAssembly with one of its constructors refusing. */
function refuse(name: "Module" | "Instance", message: string, refuses: () => boolean = () => true): void {
  const real = globalThis.WebAssembly;
  class Refusing {
    constructor(...args: unknown[]) {
      if (refuses()) throw new real.CompileError(message);
      // biome-ignore lint/correctness/noConstructorReturn: stands in for the real constructor
      return Reflect.construct(real[name], args);
    }
  }
  const compile = async (bytes: BufferSource) => {
    if (name === "Module" && refuses()) throw new real.CompileError(message);
    return real.compile(bytes);
  };
  vi.stubGlobal("WebAssembly", { ...allOf(real), compile, [name]: Refusing });
}

const allOf = (real: typeof WebAssembly) =>
  Object.fromEntries(Object.getOwnPropertyNames(real).map((key) => [key, real[key as keyof typeof real]]));

/** Trains beyond the first growth, with large and small sets, and checks every number. */
function expectTraining({ parameters, sgd }: Package, engine: Awaited<ReturnType<Package["load"]>>): void {
  using small = parameters({ w: 3 }, { dtype: "float64", engine });
  using onSmall = sgd(small, { learningRate: 0.5, momentum: 0.5 });
  small.gradients.w.fill(1);
  onSmall.step();
  const stale = small.values.w;
  const { byteLength } = engine.memory.buffer;
  using large = parameters({ w: [300, 300] }, { engine });
  using onLarge = sgd(large, { learningRate: 0.5 });
  expect(engine.memory.buffer.byteLength).toBeGreaterThan(byteLength);
  expect(stale.length).toBe(0);
  large.gradients.w.fill(1);
  onLarge.step();
  expect(large.values.w.every((w) => w === -0.5)).toBe(true);
  onSmall.step();
  // -0.5 and then -0.5 * 1.5
  expect([...small.values.w]).toEqual([-1.25, -1.25, -1.25]);
}

describe("where relaxed SIMD is unknown", () => {
  beforeEach(() => {
    let calls = 0;
    refuse("Module", "invalid opcode 0xfd105", () => calls++ === 0);
  });

  test("strict takes its place, and the reason says so", async () => {
    const engine = await schuss.load();
    expect(engine.variant).toBe("strict");
    expect(engine.reason).toBe("compiled from inlined bytes; not relaxed: invalid opcode 0xfd105");
    expectTraining(schuss, engine);
  });

  test("it can't be forced", async () => {
    await expect(schuss.load({ variant: "relaxed" })).rejects.toThrow(
      new Error(`kernels: variant "relaxed" can't be used here: invalid opcode 0xfd105`),
    );
  });
});

describe.each(["Module", "Instance"] as const)("where the constructor of WebAssembly.%s refuses", (name) => {
  beforeEach(() => refuse(name, "blocked by policy"));

  test("plain JavaScript takes the place of both, and the reason says so", async () => {
    const engine = await schuss.load();
    expect(engine.variant).toBe("reference");
    expect(engine.reason).toBe("plain JavaScript; not relaxed: blocked by policy; not strict: blocked by policy");
    expectTraining(schuss, engine);
  });

  test.each(["strict", "relaxed"] as const)("%s can't be forced", async (variant) => {
    const refusal = schuss.load({ variant });
    await expect(refusal).rejects.toThrow(
      new Error(`kernels: variant "${variant}" can't be used here: blocked by policy`),
    );
    await expect(refusal).rejects.toHaveProperty("cause.message", "blocked by policy");
  });

  test("the default engine works all the same", () => {
    expectTraining(schuss, schuss.defaultEngine());
  });
});

describe("where there is no WebAssembly", () => {
  const property = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly")!;

  beforeEach(() => {
    Reflect.deleteProperty(globalThis, "WebAssembly");
  });

  afterEach(() => {
    Object.defineProperty(globalThis, "WebAssembly", property);
  });

  test("plain JavaScript works in a memory that grows as WebAssembly's does", async () => {
    const engine = await schuss.load();
    expect(engine.variant).toBe("reference");
    const refusal = "WebAssembly is not defined";
    expect(engine.reason).toBe(`plain JavaScript; not relaxed: ${refusal}; not strict: ${refusal}`);
    expect(engine.memory.buffer).toBeInstanceOf(ArrayBuffer);
    expectTraining(schuss, engine);
    expect(engine.bytesInUse).toBe(0);
  });

  test("the reference may be asked for", async () => {
    expectTraining(schuss, await schuss.load({ variant: "reference" }));
  });

  test("nothing else may", async () => {
    await expect(schuss.load({ variant: "strict" })).rejects.toThrow(
      new Error(`kernels: variant "strict" can't be used here: WebAssembly is not defined`),
    );
  });

  test("problems are solved too", async () => {
    const { minimize } = await import("../../src/finite-sum/index.js");
    const { weights, converged } = await minimize(
      { features: new Float64Array([1, 2]), rows: 2, columns: 1, labels: [2, 4], loss: "squared", l2: 0 },
      { tolerance: 1e-12, passes: 10_000 },
    );
    expect(converged).toBe(true);
    expect(weights[0]).toBeCloseTo(2, 9);
  });
});

describe("at import", () => {
  test("nothing is compiled, and no memory is made", async () => {
    vi.resetModules();
    const touched: PropertyKey[] = [];
    const watched = new Proxy(WebAssembly, {
      get(target, key) {
        touched.push(key);
        return Reflect.get(target, key);
      },
    });
    vi.stubGlobal("WebAssembly", watched);
    const { load } = await import("../../src/index.js");
    await import("../../src/finite-sum/index.js");
    await import("../../src/kernels.js");
    expect(touched).toEqual([]);
    await load();
    expect(touched).toContain("compile");
    expect(touched).toContain("Memory");
  });
});
