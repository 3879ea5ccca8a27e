// What is special about sparse rows: the scale, the columns' debts, and that all of it amounts to the dense method.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { expectClose, greatest } from "./compare.js";
import { LOSSES, STEPS } from "./families/finite-sum.js";
import {
  createCsrModel,
  createModel,
  drawOrder,
  drawProblem,
  type Model,
  type ModelSpec,
  type Problem,
} from "./linear-model.js";
import { DTYPES, type Dtype, seeded } from "./numbers.js";
import { BINARIES, kernelsOf } from "./variants.js";

/** Dense f32 models round every weight at every step, CSR models keep weights in f64. */
const BOUND: Record<Dtype, number> = { f32: 5e-6, f64: 5e-15 };

/** Below this scale all columns are settled: assembly/finite-sum/csr.ts. */
const LEAST_SCALE = 1e-9;

const ROWS = 31;
const COLUMNS = 29;

const cases = BINARIES.flatMap((variant) =>
  LOSSES.flatMap((loss) => DTYPES.map((dtype) => [variant, loss, dtype] as const)),
);

describe.each(cases)("%s, %s, %s", (variant, loss, dtype) => {
  const sparse = drawProblem(seeded(11), loss, ROWS, COLUMNS, 0.15);
  const full = drawProblem(seeded(12), loss, 1, COLUMNS).rows[0]!;
  /** Empty rows at both ends and in the middle, two full ones, a column that no row but those has. */
  const problem: Problem = {
    ...sparse,
    rows: sparse.rows.map((row, i) => {
      if ([0, 9, 10, ROWS - 1].includes(i)) return row.map(() => 0);
      return i === 4 || i === 20 ? full : row.map((value, j) => (j === 17 ? 0 : value));
    }),
  };
  const weights = Array.from({ length: COLUMNS }, (_, j) => Math.sin(j + 1) / 4);
  const spec: Omit<ModelSpec, "layout"> = { variant, loss, dtype, problem, weights, intercept: -0.125, pages: 2 };
  const curvature = loss === "Logistic" ? 0.25 : 1;

  /**
   * Steps times l2, from none to factors 1 - step l2 of 0.5, 0.1, 0.001, 1e-12 and -0.5. The factor 0 is the one that
   * sparse rows can't take: the scale divides.
   */
  const penalties = [0, 1e-9, 0.01, 0.5, 0.9, 0.999, 1 - 1e-12, 1.5];

  test.each(penalties)("sag walks as on dense rows with step l2 = %d", (penalty) => {
    const options = { stepSize: 0.1 / curvature, l2: (penalty * curvature) / 0.1, interceptStep: 0.05 };
    const [csr, dense] = [createModel({ ...spec, layout: "Csr" }), createModel({ ...spec, layout: "Dense" })];
    for (let slice = 0; slice < 3; slice++) {
      const order = drawOrder(seeded(slice), 37, ROWS);
      csr.sag(order, options);
      dense.sag(order, options);
      const scale = Math.max(greatest(dense.weights), 0.1 * greatest(dense.direction));
      expectClose(csr.weights, dense.weights, BOUND[dtype], scale);
      expectClose([csr.intercept], [dense.intercept], 4 * BOUND[dtype]);
      expectClose(csr.direction, dense.direction, BOUND[dtype]);
      expect(csr.seen).toBe(dense.seen);
    }
    expect(csr.firstOverwritten).toBeUndefined();
  });

  test.each(penalties)("svrg walks as on dense rows with step l2 = %d", (penalty) => {
    const options = { stepSize: 0.1 / curvature, l2: (penalty * curvature) / 0.1, interceptStep: 0.05 };
    const [csr, dense] = [createModel({ ...spec, layout: "Csr" }), createModel({ ...spec, layout: "Dense" })];
    for (let epoch = 0; epoch < 3; epoch++) {
      const order = drawOrder(seeded(epoch), 37, ROWS);
      for (const model of [csr, dense]) {
        model.takeSnapshot();
        model.svrg(order, options);
      }
      const scale = Math.max(greatest(dense.weights), 0.1 * greatest(dense.direction));
      expectClose(csr.weights, dense.weights, BOUND[dtype], scale);
      expectClose([csr.intercept], [dense.intercept], 4 * BOUND[dtype]);
    }
    expect(csr.firstOverwritten).toBeUndefined();
  });

  test.each(STEPS)("%s settles the columns whenever the scale falls below 1e-9", (method) => {
    const model = createModel({ ...spec, layout: "Csr" });
    if (method === "svrg") model.takeSnapshot();
    const decay = 0.25;
    const options = { stepSize: 0.5, l2: (1 - decay) / 0.5, interceptStep: 0 };
    let expected = 1;
    let settled = 0;
    for (const row of drawOrder(seeded(5), 50, ROWS)) {
      model[method]([row], options);
      expected *= decay;
      if (expected < LEAST_SCALE) {
        expected = 1;
        settled++;
      }
      expect(model.scale).toBe(expected);
    }
    // 0.25^15 = 9.3e-10 is the first power below.
    expect(settled).toBe(3);
  });

  test("the gradient is that of dense rows", () => {
    const csr = createModel({ ...spec, layout: "Csr" }).evaluate(true);
    const dense = createModel({ ...spec, layout: "Dense" }).evaluate(true);
    expectClose([csr.loss], [dense.loss], BOUND[dtype]);
    expectClose(csr.gradient, dense.gradient, BOUND[dtype]);
    expectClose([csr.interceptGradient], [dense.interceptGradient], BOUND[dtype], ROWS);
  });

  const l1 = Array.from({ length: COLUMNS }, (_, j) => (j % 4) * 0.01);
  const evenL1 = l1.map(() => 0.015);

  // The history holds 40 lags, so columns are settled within the walk too.
  test.each([
    [0, l1],
    [0.01, l1],
    [0.5, l1],
    [0.01, evenL1],
  ])("saga and svrg with l1 walk as on dense rows with step l2 = %d, l1 %j", (penalty, l1) => {
    const options = { stepSize: 0.1 / curvature, l2: (penalty * curvature) / 0.1, interceptStep: 0.05 };
    for (const method of ["saga", "svrg"] as const) {
      const models = (["Csr", "Dense"] as const).map((layout) => createModel({ ...spec, layout, l1, pages: 4 }));
      for (const model of models) {
        if (method === "saga") model.zeroRows();
        else model.takeSnapshot();
        for (let slice = 0; slice < 3; slice++) model[method](drawOrder(seeded(slice), 67, ROWS), options);
      }
      const [csr, dense] = models as [(typeof models)[0], (typeof models)[0]];
      expectClose(csr.weights, dense.weights, 4 * BOUND[dtype], Math.max(greatest(dense.weights), 0.1));
      expectClose([csr.intercept], [dense.intercept], 4 * BOUND[dtype]);
      expect(csr.weights.filter((w) => w === 0).length).toBeGreaterThan(0);
      expect(csr.firstOverwritten).toBeUndefined();
    }
  });

  test.each([[l1], [evenL1]])("sdca walks as on dense rows, l1 %j", (l1) => {
    const models = (["Csr", "Dense"] as const).map((layout) => createModel({ ...spec, weights: [], layout, l1 }));
    for (const model of models) {
      model.zeroRows();
      for (let slice = 0; slice < 3; slice++) {
        model.sdca(drawOrder(seeded(slice), 37, ROWS), { l2: 0.25, interceptScale: 0.05 });
      }
    }
    const [csr, dense] = models as [(typeof models)[0], (typeof models)[0]];
    expectClose(csr.weights, dense.weights, BOUND[dtype], 1);
    expectClose([csr.intercept], [dense.intercept], 4 * BOUND[dtype], 1);
  });

  // Off: every column pays after every step, so that none ever owes more than one step's part.
  test.each([undefined, l1, evenL1])("what columns owe is what they would have paid at once, l1 %j", (l1) => {
    const options = { stepSize: 0.1 / curvature, l2: (0.01 * curvature) / 0.1, interceptStep: 0.05 };
    for (const method of ["sag", "saga", "svrg"] as const) {
      if (method === "sag" && l1 !== undefined) continue;
      const [on, off] = [0, 1].map(() => createModel({ ...spec, layout: "Csr", ...(l1 && { l1 }), pages: 8 })) as [
        Model,
        Model,
      ];
      for (const model of [on, off]) {
        if (method === "svrg") model.takeSnapshot();
        else model.zeroRows();
      }
      const order = drawOrder(seeded(3), 100, ROWS);
      on[method](order, options);
      for (const row of order) {
        off[method]([row], options);
        off.weights;
      }
      expectClose(on.weights, off.weights, 4 * BOUND.f64, Math.max(greatest(off.weights), 0.1));
      expectClose([on.intercept], [off.intercept], 4 * BOUND.f64);
      expectClose(on.direction, off.direction, 4 * BOUND.f64, Math.max(greatest(off.direction), 0.1));
    }
  });

  // Rows without entries, full ones, and of any number beside whole turns of four.
  test("squared norms of the rows, by Math.hypot", () => {
    const rounded = (x: number) => (dtype === "f32" ? Math.fround(x) : x);
    const model = createCsrModel(spec);
    const expected = problem.rows.map((row) => Math.hypot(...row.map(rounded)) ** 2);
    expectClose(model.squaredNorms(), expected, 4e-16);
    expect(model.firstOverwritten).toBeUndefined();
  });

  test("the norm of the gradient that the steps have stored, by Math.hypot", () => {
    const model = createCsrModel(spec);
    model.sag(drawOrder(seeded(8), 50, ROWS), { stepSize: 0.1 / curvature, l2: 0.3, interceptStep: 0.05 });
    const norm = model.gradientNorm(0.3);
    const { direction, seen } = model;
    const expected = Math.hypot(...model.weights.map((w, j) => direction[j]! / seen + 0.3 * w));
    expect(Math.abs(norm / expected - 1)).toBeLessThan(1e-14);
  });

  test("rows without entries move the intercept alone", () => {
    const empty: Problem = { ...problem, rows: problem.rows.map((row) => row.map(() => 0)) };
    const model = createModel({ ...spec, problem: empty, layout: "Csr" });
    model.sag([3, 1, 3, 2], { stepSize: 0.5, l2: 0, interceptStep: 0.5 });
    expect(model.weights).toStrictEqual(weights);
    expect(model.direction).toStrictEqual(weights.map(() => 0));
    expect(model.intercept).not.toBe(-0.125);
    const { loss: total, gradient } = model.evaluate();
    expect(total).toBeGreaterThan(0);
    expect(gradient).toStrictEqual(weights.map(() => 0));
  });
});

// By hand, exact in f64: u - lag g, times the scale.
describe.each([...BINARIES, "reference"] as const)("settleCsr, %s", (variant) => {
  const arena = new Arena(1);
  const { settleCsr } = kernelsOf(variant, arena.memory);

  test("pays every column's debt and multiplies the scale in", () => {
    arena.clear();
    const features = arena.place("f64", [3, 2, -5, 0, 1, -1]);
    const state = arena.place("f64", [9, 8, 7, 0.5, 4, 0]);
    settleCsr(3, features, state, 0, 0, 0, 0);
    expect([...arena.floats("f64", features, 6)]).toStrictEqual([-2.5, 2, -2.5, 0, 2.5, -1]);
    expect([...arena.floats("f64", state, 5)]).toStrictEqual([9, 8, 7, 1, 0]);
    expect(arena.firstOverwritten()).toBeUndefined();
  });

  test("changes nothing the second time, nor without columns", () => {
    arena.clear();
    const features = arena.place("f64", [3, 2]);
    const state = arena.place("f64", [0, 0, 0, 1, 0, 0]);
    settleCsr(1, features, state, 0, 0, 0, 0);
    expect([...arena.floats("f64", features, 2)]).toStrictEqual([3, 2]);
    arena.floats("f64", state, 5).set([1, 2, 3, 0.25, 5]);
    settleCsr(0, features, state, 0, 0, 0, 0);
    expect([...arena.floats("f64", features, 2)]).toStrictEqual([3, 2]);
    expect([...arena.floats("f64", state, 5)]).toStrictEqual([1, 2, 3, 1, 0]);
  });
});
