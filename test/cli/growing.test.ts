// What is pushed is what comes out, however many blocks it takes.

import { describe, expect, test } from "vitest";
import { Growing } from "../../src/cli/input/growing.js";

describe.each([
  ["Float64Array", Float64Array],
  ["Float32Array", Float32Array],
  ["Int32Array", Int32Array],
] as const)("%s", (_, make) => {
  test.each([0, 1, 8191, 8192, 8193, 16384, 3_000_000])("of %i numbers", (count) => {
    const growing = new Growing<Float64Array | Float32Array | Int32Array>(make);
    for (let k = 0; k < count; k++) growing.push(k % 1000003);
    expect(growing.length).toBe(count);
    const all = growing.finish();
    expect(all).toBeInstanceOf(make);
    expect(all.length).toBe(count);
    expect(all.findIndex((value, k) => value !== k % 1000003)).toBe(-1);
  });
});
