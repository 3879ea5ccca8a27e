import { describe, expect, test } from "vitest";
import { load, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { stepWith } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;

describe.each(optimizerInfos)("$name", ({ name, create }) => {
  test("every use after dispose() is an error that says so", () => {
    const optimizer = create([new Float32Array(2)], { engine });
    const state = optimizer.stateDict();
    optimizer.dispose();
    const error = new Error(`${name}: used after dispose()`);
    expect(() => stepWith(optimizer, () => [new Float32Array(2)])).toThrow(error);
    expect(() => optimizer.zeroGradients()).toThrow(error);
    expect(() => optimizer.stateDict()).toThrow(error);
    expect(() => optimizer.loadStateDict(state)).toThrow(error);
  });

  test("dispose() may be repeated, and frees once", () => {
    const before = engine.bytesInUse;
    const optimizer = create([new Float32Array(2)], { engine });
    expect(engine.bytesInUse).toBeGreaterThan(before);
    optimizer.dispose();
    using other = create([new Float32Array(2)], { engine });
    const held = engine.bytesInUse;
    optimizer.dispose();
    optimizer[Symbol.dispose]();
    expect(engine.bytesInUse).toBe(held);
    stepWith(other, () => [new Float32Array(2)]);
  });

  test("dispose() of an optimizer leaves the parameter set alone", () => {
    using set = parameters({ w: 2 }, { engine });
    set.values.w.set([1, 2]);
    const held = engine.bytesInUse;
    create(set).dispose();
    expect(engine.bytesInUse).toBe(held);
    expect([...set.values.w]).toEqual([1, 2]);
  });

  test("a step after the parameter set's dispose() is an error that says so", () => {
    const set = parameters({ w: 2 }, { engine });
    using optimizer = create(set, { clipNorm: 1 });
    set.dispose();
    const error = new Error("parameters: used after dispose()");
    expect(() => stepWith(optimizer, () => undefined)).toThrow(error);
    expect(() => optimizer.zeroGradients()).toThrow(error);
    expect(() => stepWith(optimizer, () => ({ w: new Float32Array(2) }))).toThrow(error);
    expect(optimizer.stepCount).toBe(0);
  });

  test("a step after the engine's dispose() is an error that says so", async () => {
    const own = await load({ variant: "strict" });
    const set = parameters({ w: 2 }, { engine: own });
    const onSet = create(set);
    const onArrays = create([new Float32Array(2)], { engine: own });
    own.dispose();
    const error = new Error("engine: used after dispose()");
    expect(() => stepWith(onSet, () => undefined)).toThrow(error);
    expect(() => stepWith(onArrays, () => [new Float32Array(2)])).toThrow(error);
    expect(() => create([new Float32Array(2)], { engine: own })).toThrow(error);
    for (const owner of [onSet, onArrays, set]) owner.dispose();
    expect(own.bytesInUse).toBe(0);
  });
});

test("arrays with an engine that is none are refused", () => {
  const options = { engine: {} as never };
  expect(() => sgd([new Float32Array(1)], options)).toThrow(
    new TypeError("parameters: engine must come from load(), got an Object"),
  );
});
