// What fails half way for want of memory gives back what it had taken.

import { describe, expect, test } from "vitest";
import { csr, minimize, minimizeSync } from "../../src/finite-sum/index.js";
import { adam, type Engine, load, parameters } from "../../src/index.js";

const PAGES = 4;
const BYTES = PAGES * 65536;

const limited = (): Promise<Engine> =>
  load({ variant: "strict", memory: new WebAssembly.Memory({ initial: 0, maximum: PAGES }) });

/** The most elements that fit `slabs` times, beside so many lines of 64 bytes. */
const elements = (slabs: number, bytes: number, lines = 0) =>
  Math.floor((BYTES - 64 * (1 + lines)) / slabs / 64) * (64 / bytes);

describe("with a memory of 4 pages", () => {
  test("the error gives all the sizes", async () => {
    const engine = await limited();
    using set = parameters({ w: 1000 }, { engine });
    expect(set.values.w.length).toBe(1000);
    expect(() => parameters({ w: 70_000 }, { engine })).toThrow(
      new RangeError(
        "out of memory: 280000 bytes asked for, 8064 in use, the memory has 65536 bytes and can't grow by 262144",
      ),
    );
    expect(engine.bytesInUse).toBe(8064);
  });

  test("a parameter set whose gradients don't fit gives back its values", async () => {
    const engine = await limited();
    const most = elements(2, 4);
    expect(() => parameters({ w: most + 16 }, { engine })).toThrow("out of memory");
    expect(engine.bytesInUse).toBe(0);
    using set = parameters({ w: most }, { engine });
    expect(set.gradients.w.length).toBe(most);
  });

  test("an optimizer whose last slot doesn't fit gives back the others", async () => {
    const engine = await limited();
    const most = elements(5, 4, 1);
    using tooLarge = parameters({ w: most + 16 }, { engine });
    const held = engine.bytesInUse;
    expect(() => adam(tooLarge, { amsgrad: true })).toThrow("out of memory");
    expect(engine.bytesInUse).toBe(held);
    using withoutThird = adam(tooLarge);
    tooLarge.gradients.w.fill(1);
    withoutThird.step();
    expect(tooLarge.values.w[0]).toBeCloseTo(-1e-3, 8);
  });

  test("an optimizer over arrays gives back their copies too", async () => {
    const engine = await limited();
    // A line for the options of a step.
    const most = elements(5, 8, 1);
    expect(() => adam([new Float64Array(most + 8)], { amsgrad: true, engine })).toThrow("out of memory");
    expect(engine.bytesInUse).toBe(0);
    using optimizer = adam([new Float64Array(most)], { amsgrad: true, engine });
    expect(optimizer.stepCount).toBe(0);
    expect(engine.bytesInUse).toBe(5 * most * 8 + 64);
  });

  const csrOf = (rows: number, columns: number) =>
    csr({
      values: new Float64Array(rows).fill(1),
      indices: Array.from({ length: rows }, (_, i) => i % columns),
      offsets: Array.from({ length: rows + 1 }, (_, i) => i),
      columns,
    });
  const dense = (rows: number, columns: number) => ({
    features: new Float64Array(rows * columns).fill(1),
    rows,
    columns,
  });

  // Each is too large by a different piece of the model: the rows, the table, the columns' records, the order of rows.
  const problems = [
    ["dense rows", dense(400, 100)],
    ["the table of dense rows", dense(20_000, 1)],
    ["wide dense rows", dense(1, 20_000)],
    ["csr rows", { features: csrOf(9_000, 10) }],
    ["csr columns", { features: csrOf(10, 9_000) }],
    ["the order of rows", dense(3_190, 1)],
  ] as const;

  test.each(problems)("minimize gives everything back: %s", async (_, features) => {
    const engine = await limited();
    const rows = "rows" in features ? features.rows : features.features.rows;
    const problem = { ...features, labels: new Float64Array(rows), loss: "squared" } as const;
    expect(() => minimizeSync(problem, { engine })).toThrow(/^out of memory: \d+ bytes asked for, \d+ in use/);
    expect(engine.bytesInUse).toBe(0);
    await expect(minimize(problem, { engine })).rejects.toThrow("out of memory");
    expect(engine.bytesInUse).toBe(0);
    const { converged } = minimizeSync({ ...dense(10, 2), labels: new Float64Array(10), loss: "squared" }, { engine });
    expect(converged).toBe(true);
  });

  test("training goes on after a failure", async () => {
    const engine = await limited();
    using set = parameters({ w: 4 }, { dtype: "float64", engine });
    using optimizer = adam(set, { learningRate: 1, epsilon: 0 });
    set.gradients.w.fill(2);
    optimizer.step();
    expect(() => parameters({ w: 100_000 }, { engine })).toThrow("out of memory");
    optimizer.step();
    set.values.w.forEach((w) => {
      expect(w).toBeCloseTo(-2, 12);
    });
  });
});
