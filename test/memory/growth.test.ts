// Memory that grows moves to a new buffer, and every array over the old one is detached. Nothing that goes on at that
// moment may notice.

import { describe, expect, test } from "vitest";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { adam, type Engine, load, parameters, type Variant } from "../../src/index.js";
import { makeRows, problemOf } from "../finite-sum/data.js";
import { normalNumbers } from "./random.js";

const variants: readonly Variant[] = ["strict", "relaxed", "reference"];

/** Takes more than the engine has free, so that its memory has to grow. */
function forceGrowth(engine: Engine): void {
  const before = engine.memory.buffer;
  const owner = {};
  const allocation = engine.allocate(owner, before.byteLength + 1);
  expect(engine.memory.buffer).not.toBe(before);
  expect(before.byteLength).toBe(0);
  allocation.dispose();
}

describe.each(variants)("%s", (variant) => {
  test("arrays read anew are live, and hold what the old ones held", async () => {
    const engine = await load({ variant });
    using set = parameters({ a: 3, b: 4 }, { engine });
    const old = set.values.a;
    old.set([1, 2, 3]);
    set.gradients.b.fill(5);
    forceGrowth(engine);
    expect(old.length).toBe(0);
    expect([...set.values.a]).toEqual([1, 2, 3]);
    expect([...set.gradients.b]).toEqual([5, 5, 5, 5]);
    expect(set.values.a === old).toBe(false);
    expect(set.values.a).toBe(set.values.a);
    set.values.a[0] = 9;
    expect([...set.values.a]).toEqual([9, 2, 3]);
  });

  test("arrays of no elements are live too", async () => {
    const engine = await load({ variant });
    using set = parameters({ a: 3, none: 0 }, { engine });
    set.values.none.set([]);
    forceGrowth(engine);
    set.values.none.set([]); // would throw on an array that is detached
    expect(set.values.none.buffer).toBe(engine.memory.buffer);
  });

  test.each(["float32", "float64"] as const)("training goes on bit for bit, %s", async (dtype) => {
    const array = { float32: Float32Array, float64: Float64Array }[dtype];
    const train = async (grow: (engine: Engine, step: number) => void) => {
      const engine = await load({ variant });
      const normal = normalNumbers(3);
      const arrays = { w: new array(33) };
      using set = parameters({ w: 33 }, { dtype, engine });
      using onSet = adam(set, { amsgrad: true, clipNorm: 1, weightDecay: 0.1 });
      using onArrays = adam(arrays, { learningRate: 0.1, engine });
      for (let step = 0; step < 70; step++) {
        const gradient = new array(33).map(() => normal());
        set.gradients.w.set(gradient);
        grow(engine, step);
        onSet.step();
        onArrays.step({ w: gradient });
      }
      return [...set.values.w, ...arrays.w];
    };
    const undisturbed = await train(() => {});
    expect(await train((engine, step) => step % 20 === 5 && forceGrowth(engine))).toEqual(undisturbed);
  });

  test("a state saved before a growth is the same after it", async () => {
    const engine = await load({ variant });
    using optimizer = adam([new Float32Array([1, 2])], { engine });
    optimizer.step([new Float32Array([1, 2])]);
    const before = optimizer.stateDict();
    forceGrowth(engine);
    expect(optimizer.stateDict()).toEqual(before);
    optimizer.loadStateDict(before);
    expect(optimizer.stateDict()).toEqual(before);
  });

  test.each(["sag", "svrg"] as const)("%s runs on bit for bit when memory grows between two passes", async (method) => {
    for (const layout of ["dense float32", "csr float64"] as const) {
      const problem = problemOf(makeRows("logistic", 50, 7, 4), layout, "logistic", { l2: 0.1 });
      const run = async (onPass: (engine: Engine) => void) => {
        const engine = await load({ variant });
        const { seconds: _, ...result } = minimizeSync(problem, {
          method,
          passes: 12,
          tolerance: 0,
          engine,
          onPass: (report) => {
            onPass(engine);
            expect(report.weights()).toHaveLength(7);
          },
        });
        expect(engine.bytesInUse).toBe(0);
        return result;
      };
      const undisturbed = await run(() => {});
      let passes = 0;
      expect(await run((engine) => passes++ === 2 && forceGrowth(engine))).toEqual(undisturbed);
    }
  });
});

describe("a memory shared with another owner", () => {
  test("keeps what the other has in it, and takes only pages of its own", async () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    new Uint8Array(memory.buffer).fill(0xaa);
    const engine = await load({ variant: "strict", memory });
    expect(memory.buffer.byteLength).toBe(65536);
    using set = parameters({ w: 1000 }, { engine });
    set.values.w.fill(1);
    expect(set.valuesPointer).toBeGreaterThanOrEqual(65536);
    expect(new Uint8Array(memory.buffer, 0, 65536).every((byte) => byte === 0xaa)).toBe(true);
  });

  test("may be grown by the other owner in between", async () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const engine = await load({ variant: "strict", memory });
    using set = parameters({ w: 3 }, { dtype: "float64", engine });
    using optimizer = adam(set, { learningRate: 1, epsilon: 0 });
    set.gradients.w.fill(1);
    optimizer.step();
    const foreign = memory.grow(1) * 65536;
    new Uint8Array(memory.buffer, foreign, 65536).fill(0xbb);
    expect([...set.values.w]).toEqual([-1, -1, -1]);
    optimizer.step();
    expect(set.values.w[0]).toBeCloseTo(-2, 12);
    using large = parameters({ w: 50_000 }, { engine });
    large.values.w.fill(3);
    large.gradients.w.fill(4);
    expect(large.valuesPointer).toBeGreaterThanOrEqual(foreign + 65536);
    expect(new Uint8Array(memory.buffer, foreign, 65536).every((byte) => byte === 0xbb)).toBe(true);
    expect(set.values.w[0]).toBeCloseTo(-2, 12);
  });

  test("serves two engines at once", async () => {
    const memory = new WebAssembly.Memory({ initial: 0 });
    const one = await load({ variant: "strict", memory });
    const two = await load({ variant: "reference", memory });
    using first = parameters({ w: 20_000 }, { engine: one });
    using second = parameters({ w: 20_000 }, { engine: two });
    using third = parameters({ w: 20_000 }, { engine: one });
    first.values.w.fill(1);
    second.values.w.fill(2);
    third.values.w.fill(3);
    const held = [first, second, third].map((set) => new Set(set.values.w));
    expect(held).toEqual([new Set([1]), new Set([2]), new Set([3])]);
  });
});
