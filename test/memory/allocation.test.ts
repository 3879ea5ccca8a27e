// engine.allocate, which everything above it rests on.

import { describe, expect, test } from "vitest";
import { engines, expectMemoryReturned, variants } from "./engines.js";

expectMemoryReturned();

describe.each(variants)("an allocation, %s", (variant) => {
  const engine = engines[variant];

  test("is zeroed, and rounded up to cache lines in the books alone", () => {
    const owner = {};
    const before = engine.bytesInUse;
    const first = engine.allocate(owner, 100);
    engine.view("float32", first.pointer, 25).fill(1);
    first.dispose();
    const second = engine.allocate(owner, 100);
    expect(second.bytes).toBe(100);
    expect(engine.bytesInUse).toBe(before + 128);
    expect(engine.view("float32", second.pointer, 25)).toEqual(new Float32Array(25));
    second.dispose();
  });

  test("is freed once, even if its place belongs to another by then", () => {
    const owner = {};
    const first = engine.allocate(owner, 64);
    first.dispose();
    const second = engine.allocate(owner, 64);
    expect(second.pointer).toBe(first.pointer);
    const held = engine.bytesInUse;
    first.dispose();
    expect(engine.bytesInUse).toBe(held);
    second.dispose();
  });

  test("may be empty, and still has a place of its own", () => {
    const owner = {};
    const [first, second] = [engine.allocate(owner, 0), engine.allocate(owner, 0)];
    expect(first.pointer).not.toBe(second.pointer);
    first.dispose();
    second.dispose();
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("can't have %d bytes", (bytes) => {
    expect(() => engine.allocate({}, bytes)).toThrow(
      new RangeError(`allocate: bytes must be in [0, Infinity), got ${bytes}`),
    );
  });
});
