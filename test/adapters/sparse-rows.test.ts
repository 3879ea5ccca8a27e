import { describe, expect, test } from "vitest";
import { sparseRows } from "../../src/adapters/arrays/index.js";
import * as schuss from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const ROWS = 50;
const WIDTH = 7;
const engine = engines.strict;

const normal = normalNumbers(3);
const start = Float32Array.from({ length: ROWS * WIDTH }, normal);
const batches = Array.from({ length: 70 }, (_, t) => {
  const indices = Array.from({ length: 5 }, (_, k) => (t * 17 + k * (t % 3)) % ROWS);
  return { indices, gradients: Float32Array.from({ length: 5 * WIDTH }, normal) };
});

/** The gradient of the whole table. */
function dense<A extends schuss.FloatArray>({ indices, gradients }: (typeof batches)[0], whole: A): A {
  indices.forEach((row, k) => {
    for (let j = 0; j < WIDTH; j++) whole[row * WIDTH + j]! += gradients[k * WIDTH + j]!;
  });
  return whole;
}

const stateless = [
  ["sgd", schuss.sgd, {}],
  ["sgd with clipping", schuss.sgd, { clipNorm: 0.5 }],
  ["adagrad", schuss.adagrad, { learningRate: 0.3 }],
] as const;

test.each(stateless)("%s: rows without a gradient stay, so it is the step of the whole table", (_name, create, own) => {
  using table = sparseRows<schuss.CommonOptions>(create, [ROWS, WIDTH], { engine, options: own });
  table.values.set(start);
  const w = start.slice();
  using whole = create([w], { ...own, engine });
  for (const batch of batches) {
    table.step(batch.indices, batch.gradients);
    whole.step([dense(batch, new Float32Array(ROWS * WIDTH))]);
  }
  expect([...table.values]).toEqual([...w]);
  expect([...table.values]).not.toEqual([...start]);
});

test.each(["float32", "float64"] as const)(
  "adam in %s: every row as by the formula, with the count of all",
  (dtype) => {
    using table = sparseRows(schuss.adam, [ROWS, WIDTH], { engine, dtype, options: { learningRate: 0.01 } });
    table.values.set(start);
    const [p, m, v] = [Float64Array.from(start), new Float64Array(start.length), new Float64Array(start.length)];
    batches.forEach(({ indices, gradients }, k) => {
      const sums = dtype === "float32" ? new Float32Array(p.length) : new Float64Array(p.length);
      const g = dense<schuss.FloatArray>({ indices, gradients }, sums);
      table.step(indices, dtype === "float32" ? gradients : Float64Array.from(gradients));
      const t = k + 1;
      for (const row of new Set(indices)) {
        for (let i = row * WIDTH; i < (row + 1) * WIDTH; i++) {
          m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
          v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
          p[i]! -= (0.01 * m[i]!) / (1 - 0.9 ** t) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-8);
        }
      }
    });
    table.values.forEach((x, i) => {
      expect(x).toBeCloseTo(p[i]!, dtype === "float32" ? 5 : 9);
    });
    expect(table.stepCount).toBe(batches.length);
  },
);

test("weight decay is of the rows that have a gradient", () => {
  using table = sparseRows(schuss.adamw, [3, 2], { engine, options: { learningRate: 0.5, weightDecay: 0.5 } });
  table.values.fill(1);
  table.step([1], new Float32Array(2));
  expect([...table.values]).toEqual([1, 1, 0.75, 0.75, 1, 1]);
});

test("a state is saved and taken over", () => {
  const run = (table: ReturnType<typeof sparseRows>, from: number, to: number) => {
    for (const { indices, gradients } of batches.slice(from, to)) table.step(indices, gradients);
  };
  using through = sparseRows(schuss.adam, [ROWS, WIDTH], { engine });
  run(through, 0, 70);
  using first = sparseRows(schuss.adam, [ROWS, WIDTH], { engine });
  run(first, 0, 30);
  using second = sparseRows(schuss.adam, [ROWS, WIDTH], { engine });
  second.values.set(first.values);
  second.loadStateDict(first.stateDict());
  run(second, 30, 70);
  expect([...second.values]).toEqual([...through.values]);
});

describe("what is refused", () => {
  test("indices and gradients, with nothing changed", () => {
    using table = sparseRows(schuss.sgd, [3, 2], { engine });
    const cases: [unknown, unknown, string][] = [
      [[3], new Float32Array(2), "sparseRows: indices[0] must be an integer in [0, 2], got 3"],
      [[0, -1], new Float32Array(4), "sparseRows: indices[1] must be an integer in [0, 2], got -1"],
      [[0, 1], new Float32Array(2), "sparseRows: gradients must have 2 rows of 2 elements, got 2 elements"],
      [[0], new Float64Array(2), "sparseRows: gradients must be float32, got a Float64Array"],
      [undefined, new Float32Array(2), "sparseRows: indices must be a list of rows, got undefined"],
    ];
    for (const [indices, gradients, message] of cases) {
      expect(() => table.step(indices as number[], gradients as Float32Array)).toThrow(message);
    }
    expect([...table.values]).toEqual([0, 0, 0, 0, 0, 0]);
    table.step([], new Float32Array(0));
    expect(table.stepCount).toBe(1);
  });

  test("rules and options that see the whole table", () => {
    const cases: [() => unknown, string][] = [
      [() => sparseRows(schuss.lamb, [3, 2], { engine }), "lamb: a step of single rows needs a rule that treats"],
      [() => sparseRows(schuss.scheduleFreeSgd, [3, 2], { engine }), "a step of single rows needs a rule"],
      [
        () => sparseRows(schuss.sgd, [3, 2], { engine, options: { lookahead: { interval: 5, share: 0.5 } } as object }),
        "sgd: lookahead",
      ],
      [() => sparseRows(schuss.sgd, 3 as never, { engine }), "sparseRows: shape must be [rows, width], got 3"],
    ];
    for (const [create, message] of cases) expect(create).toThrow(message);
  });
});
