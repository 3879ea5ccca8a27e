// Families of kernels: made when they are asked for, in the variant of the engine, from modules given or from the
// package's own. The kernels of finite-sum stand for any family beside the core.

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { core } from "../../src/engine/families/core.js";
import { FAMILY_NAMES } from "../../src/engine/families/family.js";
import { finiteSum } from "../../src/engine/families/finite-sum.js";
import { minimize, minimizeSync } from "../../src/finite-sum/index.js";
import { type Engine, load, type Variant } from "../../src/index.js";
import { kernels } from "../../src/kernels.js";

const VARIANTS: readonly Variant[] = ["relaxed", "strict", "reference"];

const compiled = (family: string, variant = "strict") =>
  new WebAssembly.Module(readFileSync(new URL(`../../build/${family}.${variant}.wasm`, import.meta.url)));

/** w x = y for x = 1, 2 and y = 2, 4: w = 2. */
const problem = {
  features: new Float64Array([1, 2]),
  rows: 2,
  columns: 1,
  labels: [2, 4],
  loss: "squared",
  l2: 0,
} as const;

function expectSolving(engine: Engine): void {
  const { weights } = minimizeSync(problem, { tolerance: 1e-12, passes: 10_000, engine });
  expect(weights[0]).toBeCloseTo(2, 9);
  expect(engine.bytesInUse).toBe(0);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(VARIANTS)("an engine, %s", (variant) => {
  test("makes a family once, when it is asked for", async () => {
    const make = variant === "reference" ? vi.spyOn(finiteSum, "reference") : vi.spyOn(finiteSum.binaries, "module");
    const engine = await load({ variant });
    expect(make).not.toHaveBeenCalled();
    const table = engine.family(finiteSum);
    expect(engine.family(finiteSum)).toBe(table);
    expect(make).toHaveBeenCalledTimes(1);
    if (variant !== "reference") expect(make).toHaveBeenCalledWith(variant);
    expect(Object.keys(table).sort()).toEqual(Object.keys(finiteSum.reference(engine.memory)).sort());
    expectSolving(engine);
  });

  test("has the core in `kernels`", async () => {
    const engine = await load({ variant });
    expect(engine.family(core)).toBe(engine.kernels);
  });

  test("gives each engine its own table", async () => {
    const [one, other] = [await load({ variant }), await load({ variant })];
    expect(one.family(finiteSum)).not.toBe(other.family(finiteSum));
  });

  test("gives nothing once it is disposed of", async () => {
    const engine = await load({ variant });
    engine.family(finiteSum);
    engine.dispose();
    expect(() => engine.family(finiteSum)).toThrow("engine: used after dispose()");
    await engine.prepare(finiteSum);
  });
});

describe("modules by family", () => {
  test.each(["strict", "relaxed"] as const)("are used: %s", async (variant) => {
    const module = Object.fromEntries(FAMILY_NAMES.map((family) => [family, compiled(family, variant)]));
    const own = [core, finiteSum].map(({ binaries }) => vi.spyOn(binaries, "module"));
    const prepared = [core, finiteSum].map(({ binaries }) => vi.spyOn(binaries, "prepare"));
    const engine = await load({ variant, module });
    expect([engine.variant, engine.reason]).toEqual([variant, "a compiled module was given"]);
    expectSolving(engine);
    await minimize(problem, { engine });
    for (const spy of [...own, ...prepared]) expect(spy).not.toHaveBeenCalled();
  });

  test("are used by the raw table", () => {
    const module = Object.fromEntries(FAMILY_NAMES.map((family) => [family, compiled(family)]));
    const own = [core, finiteSum].map(({ binaries }) => vi.spyOn(binaries, "module"));
    const memory = new WebAssembly.Memory({ initial: 1 });
    const table = kernels(memory, { module, variant: "strict" });
    expect(Object.keys(table).sort()).toEqual(Object.keys(kernels(memory, { variant: "reference" })).sort());
    for (const spy of own) expect(spy).not.toHaveBeenCalled();
  });

  test("that are missing are the package's own", async () => {
    expectSolving(await load({ variant: "strict", module: compiled("core") }));
    const engine = await load({ variant: "strict", module: { "finite-sum": compiled("finite-sum") } });
    expect(engine.reason).toBe("asked for; compiled from inlined bytes");
    expectSolving(engine);
  });

  test("that are missing where nothing can be compiled are named", async () => {
    const engine = await load({ variant: "strict", module: compiled("core") });
    vi.spyOn(finiteSum.binaries, "module").mockImplementation(() => {
      throw new WebAssembly.CompileError("blocked by policy");
    });
    const refusal =
      'kernels: module has none for the family "finite-sum", and variant "strict" can\'t be used here: blocked by policy';
    expect(() => engine.family(finiteSum)).toThrow(new Error(refusal));
    expect(() => minimizeSync(problem, { engine })).toThrow(refusal);
    await expect(minimize(problem, { engine })).rejects.toThrow(refusal);
    expect(engine.bytesInUse).toBe(0);
    const memory = new WebAssembly.Memory({ initial: 1 });
    expect(() => kernels(memory, { variant: "strict", module: compiled("core") })).toThrow(refusal);
  });

  test("must be of families that there are", async () => {
    await expect(load({ variant: "strict", module: { finiteSum: compiled("finite-sum") } })).rejects.toThrow(
      new RangeError(
        `kernels: there is no family "finiteSum" (did you mean "finite-sum"?); there are ${FAMILY_NAMES.join(", ")}`,
      ),
    );
  });

  test("must be modules", async () => {
    await expect(load({ variant: "strict", module: { core: new Uint8Array(8) } })).rejects.toThrow(
      new TypeError(`kernels: module["core"] must be a WebAssembly.Module, got an Uint8Array`),
    );
  });

  test("must be of the family that they are said to be", async () => {
    await expect(load({ variant: "strict", module: compiled("finite-sum") })).rejects.toThrow(
      new TypeError(`kernels: module is none of this package's for the family "core": it has no axpy_f32`),
    );
    const engine = await load({
      variant: "strict",
      module: { core: compiled("core"), "finite-sum": compiled("core") },
    });
    expect(() => engine.family(finiteSum)).toThrow(
      new TypeError(`kernels: module is none of this package's for the family "finite-sum": it has no padDense_f32`),
    );
  });
});

test("minimize compiles its kernels without blocking", async () => {
  vi.resetModules();
  const { minimize } = await import("../../src/finite-sum/index.js");
  const { load } = await import("../../src/index.js");
  const engine = await load({ variant: "strict" });
  const compile = vi.spyOn(WebAssembly, "compile");
  const construct = vi.spyOn(WebAssembly, "Module");
  await minimize(problem, { engine });
  expect(compile).toHaveBeenCalledTimes(1);
  expect(construct).not.toHaveBeenCalled();
});
