// What a solver holds at most beside the rows as they are given, in the memory of the kernels: counted, against the sum of
// what it says it needs.

import { describe, expect, test, vi } from "vitest";
import { csr, type Features, type MinimizeOptions, minimizeSync, type Problem } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;

const ROWS = 3000;
const WIDE = 5000;
const NARROW = 64;

/** Every allocation begins on a cache line. */
const ROUNDING = 64;
/** The state of a solver, and the draws of a slice. */
const CONSTANT = 64 + 4 * 2048;

const indices = Int32Array.from({ length: 5 * ROWS }, (_, k) => (k * 7919) % WIDE);
const offsets = Int32Array.from({ length: ROWS + 1 }, (_, i) => 5 * i);
const entries = Float64Array.from(indices, (_, k) => 1 + Math.sin(k));
const numbers = new Float64Array(ROWS * NARROW).map((_, k) => Math.sin(k));

interface Rows {
  readonly features: Features;
  readonly columns: number;
  readonly bytes: number;
}

const typed = { float64: Float64Array, float32: Float32Array };

function denseRows(type: keyof typeof typed): Rows {
  const features = typed[type].from(numbers);
  return { features, columns: NARROW, bytes: features.byteLength };
}

function sparseRows(type: keyof typeof typed): Rows {
  const values = typed[type].from(entries);
  const bytes = values.byteLength + indices.byteLength + offsets.byteLength;
  return { features: csr({ values, indices, offsets, columns: WIDE }), columns: WIDE, bytes };
}

const labels = Array.from({ length: ROWS }, (_, i) => (i % 2 ? 1 : -1));

/** The most bytes in use at any time, less those of the rows. */
function largest(
  { features, columns, bytes }: Rows,
  l1: number,
  options: MinimizeOptions,
  terms: Pick<Problem, "penalty" | "penaltyWeights"> = {},
): number {
  const before = engine.bytesInUse;
  let most = 0;
  const allocate = engine.allocate.bind(engine);
  const spy = vi.spyOn(engine, "allocate").mockImplementation((...args) => {
    const allocation = allocate(...args);
    most = Math.max(most, engine.bytesInUse);
    return allocation;
  });
  const problem = { features, rows: ROWS, columns, labels, loss: "logistic", l1, l2: 0.01, ...terms } as const;
  minimizeSync(problem, { ...options, passes: 4, tolerance: 0, engine });
  spy.mockRestore();
  return most - before - bytes;
}

/** Bytes a row: its label and its residual. */
const perRow = { float64: 16, float32: 8 };

/**
 * Bytes a column. Dense: weights, the sum of the steps and the point of a gradient in the rows' type; the sum of a gradient in
 * f64. Sparse: a record of 16 bytes; the weights of a gradient or the lags
 * of the steps; the sum of a gradient or the history.
 */
const perColumn = {
  dense: { float64: { l2: 32, l1: 32 }, float32: { l2: 20, l1: 20 } },
  sparse: { float64: { l2: 32, l1: 32 }, float32: { l2: 32, l1: 32 } },
};

const methods = ["sag", "saga", "svrg", "sdca", "finito"] as const;
const layouts = { dense: denseRows, sparse: sparseRows };
const cases = (["dense", "sparse"] as const).flatMap((layout) =>
  (["float64", "float32"] as const).flatMap((type) =>
    methods.flatMap((method) =>
      (["l2", "l1"] as const)
        .filter((penalty) => method !== "sag" || penalty === "l2")
        .map((penalty) => ({ layout, type, method, penalty })),
    ),
  ),
);

describe("memory beyond the rows", () => {
  test.each(cases)("$method, $layout $type, $penalty", ({ layout, type, method, penalty }) => {
    const rows = layouts[layout](type);
    const held = largest(rows, penalty === "l1" ? 0.001 : 0, { method });
    const expected = perRow[type] * ROWS + perColumn[layout][type][penalty] * rows.columns + CONSTANT;
    expect(held).toBeGreaterThanOrEqual(expected);
    expect(held).toBeLessThanOrEqual(expected + 12 * ROUNDING);
  });

  const uneven = Array.from({ length: NARROW }, (_, j) => 1 + (j % 2));
  const box = { kind: "box", lower: uneven.map((u) => -u), upper: uneven } as const;

  // Steps have room for two numbers a column where a gradient has its point and its sums: three of f64 need another 8 bytes.
  test.each([
    ["an l1 a column", { penaltyWeights: uneven }, { float64: 32, float32: 20 }],
    ["bounds", { penalty: { kind: "box", lower: -1, upper: 1 } }, { float64: 32, float32: 20 }],
    ["bounds a column", { penalty: box }, { float64: 32, float32: 20 }],
    ["an l1 and bounds a column", { penalty: box, penaltyWeights: uneven }, { float64: 40, float32: 20 }],
  ] as const)("saga and svrg, dense, %s", (_, terms, bytes) => {
    for (const type of ["float64", "float32"] as const) {
      for (const method of ["saga", "svrg"] as const) {
        const held = largest(denseRows(type), 0.001, { method }, terms);
        const expected = perRow[type] * ROWS + bytes[type] * NARROW + CONSTANT;
        expect(held).toBeGreaterThanOrEqual(expected);
        expect(held).toBeLessThanOrEqual(expected + 12 * ROUNDING);
      }
    }
  });

  test("a line search looks at some rows, a draw by length has two numbers a step", () => {
    const rows = sparseRows("float64");
    const plain = largest(rows, 0, { method: "saga" });
    expect(largest(rows, 0, { method: "saga", lineSearch: true })).toBeLessThanOrEqual(plain + 24 * 256);
    expect(largest(rows, 0, { method: "saga", sampling: "lipschitz" })).toBe(plain + 16 * 2048);
  });
});
