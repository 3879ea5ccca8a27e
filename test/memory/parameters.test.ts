import { describe, expect, test } from "vitest";
import { load, type ParametersOptions, parameters, type Shape } from "../../src/index.js";
import { engines, expectMemoryReturned } from "./engines.js";

expectMemoryReturned();

const engine = engines.strict;

describe("a parameter set", () => {
  test("has zeroed values and gradients of its shapes and dtype", () => {
    using set = parameters({ weights: [3, 4], bias: 4, scale: [] }, { engine });
    expect(set.dtype).toBe("float32");
    expect(set.shapes).toEqual({ weights: [3, 4], bias: [4], scale: [] });
    for (const arrays of [set.values, set.gradients]) {
      expect(Object.keys(arrays)).toEqual(["weights", "bias", "scale"]);
      expect(arrays).toEqual({ weights: new Float32Array(12), bias: new Float32Array(4), scale: new Float32Array(1) });
    }
  });

  test("takes float64", () => {
    using set = parameters({ w: 3 }, { dtype: "float64", engine });
    expect(set.values.w).toEqual(new Float64Array(3));
  });

  test("is zeroed even where the memory was used before", () => {
    const first = parameters({ w: 100 }, { engine });
    first.values.w.fill(7);
    first.gradients.w.fill(7);
    first.dispose();
    using second = parameters({ w: 100 }, { engine });
    expect([...second.values.w, ...second.gradients.w].every((x) => x === 0)).toBe(true);
  });

  test("starts every tensor on a whole vector, without overlap", () => {
    using set = parameters({ a: 1, b: [5, 5], c: 16, d: 17 }, { engine });
    const extents = [...Object.values(set.values), ...Object.values(set.gradients)]
      .map(({ byteOffset, byteLength }) => [byteOffset, byteOffset + byteLength] as const)
      .sort(([a], [b]) => a - b);
    expect(extents.every(([from]) => from % 16 === 0)).toBe(true);
    for (let i = 1; i < extents.length; i++) expect(extents[i]![0]).toBeGreaterThanOrEqual(extents[i - 1]![1]);
  });

  test("is where its pointers say", () => {
    using set = parameters({ a: 1, b: 3 }, { engine });
    expect(set.values.a.byteOffset).toBe(set.valuesPointer);
    expect(set.gradients.a.byteOffset).toBe(set.gradientsPointer);
    expect(set.values.b.byteOffset).toBe(set.valuesPointer + 4 * set.layout.places.get("b")!.offset);
    expect(set.values.b.buffer).toBe(engine.memory.buffer);
  });

  test("reads the same array until the memory grows", () => {
    using set = parameters({ w: 3 }, { engine });
    expect(set.values.w).toBe(set.values.w);
    expect(set.values.w).not.toBe(set.gradients.w);
  });

  test("cannot have its arrays replaced by mistake", () => {
    using set = parameters({ w: 3 }, { engine });
    const values = set.values as Record<string, unknown>;
    expect(() => {
      values.w = new Float32Array(3);
    }).toThrow(new TypeError(`parameters: "w" can't be replaced, only filled: .w.set(array)`));
    expect(() => {
      values.v = new Float32Array(3);
    }).toThrow(TypeError);
  });

  test("keeps a shape as it was when the set was made", () => {
    const shape = [2, 3];
    using set = parameters({ w: shape }, { engine });
    shape[0] = 99;
    expect(set.shapes.w).toEqual([2, 3]);
    expect(set.values.w.length).toBe(6);
  });

  test("lives in the default engine unless told otherwise", async () => {
    const { defaultEngine } = await import("../../src/index.js");
    using set = parameters({ w: 3 });
    expect(set.engine).toBe(defaultEngine());
  });

  test("may hold nothing", () => {
    using set = parameters({ none: 0, also: [3, 0] }, { engine });
    expect(set.values).toEqual({ none: new Float32Array(0), also: new Float32Array(0) });
  });
});

describe("what is refused, and leaves nothing behind", () => {
  const wide = new Array<number>(40).fill(2 ** 31 - 1);
  const cases: [shapes: unknown, options: unknown, error: typeof TypeError | typeof RangeError, message: string][] = [
    [undefined, {}, TypeError, "parameters: shapes must be a record of names and shapes, got undefined"],
    [3, {}, TypeError, "parameters: shapes must be a record of names and shapes, got 3"],
    [null, {}, TypeError, "parameters: shapes must be a record of names and shapes, got null"],
    [{ w: "3" }, {}, TypeError, 'parameters: the shape of "w" must be a number or a list of numbers, got "3"'],
    [{ w: null }, {}, TypeError, 'parameters: the shape of "w" must be a number or a list of numbers, got null'],
    [
      { w: new Float32Array(3) },
      {},
      TypeError,
      'parameters: the shape of "w" must be a number or a list of numbers, got a Float32Array; arrays of your own go to an optimizer as they are',
    ],
    [{ w: -1 }, {}, RangeError, 'parameters: the shape of "w" must be an integer in [0, 2147483647], got -1'],
    [
      { a: 1, w: [2, 1.5] },
      {},
      RangeError,
      'parameters: the shape of "w" must be an integer in [0, 2147483647], got 1.5',
    ],
    [{ w: Number.NaN }, {}, RangeError, 'parameters: the shape of "w" must be an integer in [0, 2147483647], got NaN'],
    [{ w: [2, "3"] }, {}, TypeError, 'parameters: the shape of "w" must be an integer, got "3"'],
    [
      { w: 2 ** 31 },
      {},
      RangeError,
      'parameters: the shape of "w" must be an integer in [0, 2147483647], got 2147483648',
    ],
    [{ w: wide }, {}, RangeError, "allocate: bytes must be in [0, Infinity), got Infinity"],
    [{ w: [2 ** 16, 2 ** 20] }, {}, RangeError, "out of memory: 274877906944 bytes asked for"],
    [
      { w: 3 },
      { dtype: "float16" },
      RangeError,
      'parameters: dtype must be one of "float32", "float64", got "float16"',
    ],
    [{ w: 3 }, { engine: {} }, TypeError, "parameters: engine must come from load(), got an Object"],
    [{ w: 3 }, { engine: null }, TypeError, "parameters: engine must come from load(), got null"],
  ];

  test.each(cases)("%o %o", (shapes, options, error, message) => {
    const make = () => parameters(shapes as Record<string, Shape>, { engine, ...(options as ParametersOptions) });
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});

describe("dispose", () => {
  test("frees the memory, once, however often it is called", () => {
    const before = engine.bytesInUse;
    const set = parameters({ w: 3 }, { engine });
    expect(engine.bytesInUse).toBe(before + 128);
    set.dispose();
    expect(engine.bytesInUse).toBe(before);
    using other = parameters({ w: 3 }, { engine });
    set.dispose();
    set[Symbol.dispose]();
    expect(engine.bytesInUse).toBe(before + 128);
    expect(other.values.w.length).toBe(3);
  });

  test("is what `using` does at the end of a block, also when it is left by an error", () => {
    const before = engine.bytesInUse;
    const work = () => {
      using set = parameters({ w: 3 }, { engine });
      expect(engine.bytesInUse).toBeGreaterThan(before);
      throw new Error(`with ${set.values.w.length}`);
    };
    expect(work).toThrow("with 3");
    expect(engine.bytesInUse).toBe(before);
  });

  test("makes every later use an error that says so", () => {
    const set = parameters({ w: 3 }, { engine });
    set.dispose();
    const error = new Error("parameters: used after dispose()");
    for (const property of ["values", "gradients", "valuesPointer", "gradientsPointer"] as const) {
      expect(() => set[property]).toThrow(error);
    }
  });
});

describe("the engine's dispose", () => {
  test("makes every later use an error that says so, and may be repeated", async () => {
    const own = await load({ variant: "strict" });
    const set = parameters({ w: 3 }, { engine: own });
    const { values } = set;
    own.dispose();
    own.dispose();
    own[Symbol.dispose]();
    const error = new Error("engine: used after dispose()");
    expect(() => own.memory).toThrow(error);
    expect(() => own.kernels).toThrow(error);
    expect(() => own.view("float32", 64, 1)).toThrow(error);
    expect(() => own.allocate({}, 8)).toThrow(error);
    expect(() => parameters({ w: 3 }, { engine: own })).toThrow(error);
    expect(() => values.w).toThrow(error);
    expect(() => set.gradients.w).toThrow(error);
    expect(own.variant).toBe("strict");
    set.dispose();
    expect(own.bytesInUse).toBe(0);
  });
});
