import { expect, test } from "vitest";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { adam, parameters } from "../../src/index.js";
import { makeRows, problemOf } from "../finite-sum/data.js";
import { engines, expectMemoryReturned } from "./engines.js";

expectMemoryReturned();

test("10,000 rounds of making and disposing leave the memory as it was", () => {
  const engine = engines.strict;
  const round = (k: number) => {
    using set = parameters({ a: [1 + (k % 7), 5], b: 1 + (k % 100) }, { engine });
    using optimizer = adam(k % 3 === 0 ? [new Float64Array(1 + (k % 50))] : set, { amsgrad: k % 2 === 0, engine });
    if (k % 3 !== 0) optimizer.step();
  };
  for (let k = 0; k < 2100; k++) round(k);
  const { bytesInUse, memory } = engine;
  const { byteLength } = memory.buffer;
  for (let k = 0; k < 10_000; k++) round(k);
  expect(engine.bytesInUse).toBe(bytesInUse);
  expect(engine.memory.buffer.byteLength).toBe(byteLength);
});

test("300 solved problems leave the memory as it was", () => {
  const engine = engines.strict;
  const rows = makeRows("logistic", 30, 4, 1);
  const problems = (["dense float32", "csr float64"] as const).map((layout) => problemOf(rows, layout, "logistic"));
  const solve = (k: number) => minimizeSync(problems[k % 2]!, { passes: 2, seed: k, engine });
  for (let k = 0; k < 2; k++) solve(k);
  const { byteLength } = engine.memory.buffer;
  for (let k = 0; k < 300; k++) solve(k);
  expect(engine.memory.buffer.byteLength).toBe(byteLength);
});
