// SAG, SAGA, SVRG, SDCA and the full gradient, dense and CSR alike.

import { describe, expect, test } from "vitest";
import { expectClose, greatest } from "./compare.js";
import { LAYOUTS, LOSSES, STEPS } from "./families/finite-sum.js";
import { createModel, drawOrder, drawProblem, type ModelSpec, PLACES, type Problem } from "./linear-model.js";
import { DTYPES, type Dtype, dtypes, seeded } from "./numbers.js";
import { BINARIES } from "./variants.js";

/**
 * How far a binary may be from the reference, as a share of the magnitudes. They differ in the order of the sums in x.w,
 * in the exponential, and relaxed in fused operations; the steps contract such differences.
 */
const BOUND: Record<Dtype, number> = { f32: 1e-6, f64: 5e-15 };

const ROWS = 23;

/** With an empty row, one that has all columns, and others half full. */
function problemOf(loss: "Logistic" | "Squared", columns: number): Problem {
  const random = seeded(columns);
  const sparse = drawProblem(random, loss, ROWS, columns, 0.5);
  const full = drawProblem(random, loss, 1, columns).rows[0]!;
  return { ...sparse, rows: sparse.rows.map((row, i) => (i === 3 ? row.map(() => 0) : i === 5 ? full : row)) };
}

/** Without the NaN of rows that were not drawn. */
const drawn = (residuals: readonly number[]): number[] => residuals.map((r) => (Number.isNaN(r) ? 0 : r));

/** What x is after its conversion to the element type. */
const rounded = (dtype: Dtype, x: number): number => (dtype === "f32" ? Math.fround(x) : x);

const cases = BINARIES.flatMap((variant) =>
  LAYOUTS.flatMap((layout) => LOSSES.flatMap((loss) => DTYPES.map((dtype) => [variant, layout, loss, dtype] as const))),
);

const SMOOTHNESS = { Logistic: 0.25, Squared: 1 };

describe.each(cases)("%s, %s %s, %s", (variant, layout, loss, dtype) => {
  const options = { stepSize: 0.1 / SMOOTHNESS[loss], l2: 0.05, interceptStep: 0.05 / SMOOTHNESS[loss] };
  const bound = BOUND[dtype];

  /** Runs the same on the binary and on the reference; compares all that a model has. */
  function compare(
    columns: number,
    run: (model: ReturnType<typeof createModel>) => readonly number[],
    changes: Partial<ModelSpec> = {},
  ): void {
    const weights = Array.from({ length: columns }, (_, j) => Math.sin(j + 1) / 2);
    const spec: ModelSpec = {
      variant,
      layout,
      loss,
      dtype,
      problem: problemOf(loss, columns),
      weights,
      intercept: 0.25,
      pages: 2,
      ...changes,
    };
    const model = createModel(spec);
    const reference = createModel({ ...spec, variant: "reference" });
    expectClose(run(model), run(reference), bound);
    const scale = Math.max(greatest(weights), greatest(drawn(reference.residuals)));
    expectClose(model.weights, reference.weights, bound, scale);
    expectClose([model.intercept], [reference.intercept], bound, scale);
    expectClose(model.direction, reference.direction, bound, scale);
    expectClose([model.interceptGradientSum], [reference.interceptGradientSum], bound, scale);
    expect(model.residuals.map(Number.isNaN)).toStrictEqual(reference.residuals.map(Number.isNaN));
    expectClose(drawn(model.residuals), drawn(reference.residuals), bound);
    expect(model.seen).toBe(reference.seen);
    expect(model.firstOverwritten).toBeUndefined();
  }

  test.each([1, 13, 16, 17, 37])("sag agrees with the reference, %d columns", (columns) => {
    compare(columns, (model) => {
      model.sag(drawOrder(seeded(1), 3 * ROWS, ROWS), options);
      return [model.seen];
    });
  });

  const l1 = (columns: number) => Array.from({ length: columns }, (_, j) => (j % 3 === 0 ? 0 : 0.02 * (j % 5)));
  const factors = (steps: number) =>
    Array.from({ length: steps }, (_, k) => [k % 4 === 0 ? 0.5 : 1.25, k % 3 === 0 ? 1.5 : 0.75] as const);

  test.each([1, 13, 16, 17, 37])("saga agrees with the reference, %d columns", (columns) => {
    compare(columns, (model) => {
      model.saga(drawOrder(seeded(1), 3 * ROWS, ROWS), options);
      return [model.seen];
    });
  });

  test.each([1, 16, 37])("saga with l1, weights and importance agrees with the reference, %d columns", (columns) => {
    compare(
      columns,
      (model) => {
        model.zeroRows();
        model.saga(drawOrder(seeded(1), 3 * ROWS, ROWS), { ...options, factors: factors(3 * ROWS) });
        return [model.seen];
      },
      { l1: l1(columns) },
    );
  });

  test.each([1, 16, 37])("svrg with l1, weights and importance agrees with the reference, %d columns", (columns) => {
    compare(
      columns,
      (model) => {
        model.takeSnapshot();
        model.svrg(drawOrder(seeded(1), ROWS, ROWS), { ...options, factors: factors(ROWS) });
        return model.residuals;
      },
      { l1: l1(columns), sampleWeights: Array.from({ length: ROWS }, (_, i) => (i % 5) / 2) },
    );
  });

  // Thresholds and bounds that are the same for all columns lie on one line each, others one a column.
  const proxes = [false, true].flatMap((evenL1) => [false, true].map((evenBounds) => [evenL1, evenBounds] as const));
  const proxOf = (columns: number, evenL1: boolean, evenBounds: boolean): Partial<ModelSpec> => ({
    l1: evenL1 ? Array<number>(columns).fill(0.01) : l1(columns),
    bounds: {
      lower: Array.from({ length: columns }, (_, j) => (evenBounds ? -0.03 : -0.01 * (1 + (j % 3)))),
      upper: Array.from({ length: columns }, (_, j) => (evenBounds ? 0.02 : 0.02 * (j % 2))),
    },
  });

  test.runIf(layout === "Dense").each(proxes)("with bounds, l1 even: %s, bounds even: %s", (evenL1, evenBounds) => {
    for (const columns of [2, 16, 37]) {
      const changes = proxOf(columns, evenL1, evenBounds);
      for (const method of ["saga", "svrg"] as const) {
        compare(
          columns,
          (model) => {
            model.zeroRows();
            model[method](drawOrder(seeded(1), 2 * ROWS, ROWS), options);
            const { lower, upper } = changes.bounds!;
            const within = model.weights.map(
              (w, j) => w >= rounded(dtype, lower[j]!) && w <= rounded(dtype, upper[j]!),
            );
            expect(within).not.toContain(false);
            return [];
          },
          changes,
        );
      }
    }
  });

  test.runIf(layout === "Dense")("a column of zeros with numbers of its own changes no bit of the others", () => {
    const columns = 13;
    const problem = problemOf(loss, columns);
    const wider = { ...problem, columns: columns + 1, rows: problem.rows.map((row) => [...row, 0]) };
    const { l1: strengths, bounds } = proxOf(columns, true, true);
    const weightsOf = (changes: Partial<ModelSpec>) => {
      const model = createModel({ variant, layout, loss, dtype, problem, pages: 2, ...changes });
      model.zeroRows();
      model.saga(drawOrder(seeded(1), 2 * ROWS, ROWS), options);
      return model.weights.slice(0, columns);
    };
    const { lower, upper } = bounds!;
    const even = weightsOf({ l1: strengths!, bounds: bounds! });
    const more = { lower: [...lower, -2], upper: [...upper, 2] };
    expect(weightsOf({ problem: wider, l1: [...strengths!, 3], bounds: more })).toStrictEqual(even);
    expect(even.some((w) => w === rounded(dtype, lower[0]!) || w === rounded(dtype, upper[0]!))).toBe(true);
  });

  test.each([1, 16, 37])("sdca and finito agree with the reference, %d columns", (columns) => {
    for (const relaxation of [0, 0.1]) {
      for (const changes of [{}, { l1: l1(columns) }]) {
        compare(
          columns,
          (model) => {
            model.zeroRows();
            const dual = { l2: 0.5, interceptScale: 0.1, relaxation, factors: factors(2 * ROWS) };
            model.sdca(drawOrder(seeded(1), 2 * ROWS, ROWS), dual);
            return model.residuals;
          },
          { ...changes, weights: [] },
        );
      }
    }
  });

  test.each([1, 13, 16, 37])("products with the Hessian agree with the reference, %d columns", (columns) => {
    const sampleWeights = Array.from({ length: ROWS }, (_, i) => (i % 5) / 2);
    compare(
      columns,
      (model) => {
        model.keepCurvatures();
        const all = [model.hessian(), model.hessianDiagonal()];
        const some = [model.hessian([5, 0, 21]), model.hessianDiagonal([5, 0, 21])];
        return [...all, ...some].flatMap(({ gradient, interceptGradient }) => [...gradient, interceptGradient]);
      },
      { sampleWeights },
    );
  });

  test.each([1, 16, 37])("predict, resum and the sums of records agree with the reference, %d columns", (columns) => {
    const sampleWeights = Array.from({ length: ROWS }, (_, i) => (i % 5) / 2);
    compare(
      columns,
      (model) => {
        const { gradient, interceptGradient } = model.evaluate(true);
        const again = model.resum();
        expectClose(again.gradient, gradient, bound, greatest(gradient));
        expectClose([again.interceptGradient], [interceptGradient], bound, ROWS);
        const conjugates = model.conjugates(0.75);
        model.predict();
        const norms = Array.from({ length: ROWS }, (_, i) => (i % 7) / 4);
        return [...model.residuals, conjugates, model.slopes(0.125), model.searchSmoothness(norms, 1e-3)];
      },
      { sampleWeights },
    );
  });

  test("gradient at given rows is the sum of theirs", () => {
    const model = fresh(Array.from({ length: 19 }, (_, j) => Math.sin(3 * j)));
    const order = [4, 4, 22, 0];
    const { loss: total, gradient } = model.evaluateAt(order);
    const parts = order.map((row) => model.evaluate(false, row, 1));
    expectClose([total], [parts.reduce((sum, part) => sum + part.loss, 0)], 1e-15);
    expectClose(
      gradient,
      gradient.map((_, j) => parts.reduce((sum, part) => sum + part.gradient[j]!, 0)),
      1e-14,
    );
  });

  test.each([1, 13, 16, 17, 37])("svrg agrees with the reference, %d columns", (columns) => {
    compare(columns, (model) => {
      for (let epoch = 0; epoch < 3; epoch++) {
        model.takeSnapshot();
        model.svrg(drawOrder(seeded(epoch), ROWS, ROWS), options);
      }
      return model.residuals;
    });
  });

  test.each([1, 13, 16, 17, 37])("gradient agrees with the reference, %d columns", (columns) => {
    compare(columns, (model) => {
      const { loss: total, gradient, interceptGradient } = model.evaluate(true, 2, ROWS - 5);
      return [total, interceptGradient, ...gradient];
    });
  });

  const fresh = (weights: readonly number[] = []) =>
    createModel({ variant, layout, loss, dtype, problem: problemOf(loss, 19), weights, pages: 3 });

  test.each(PLACES[layout])("no kernel reads past %s", (last) => {
    const model = createModel({ variant, layout, loss, dtype, problem: problemOf(loss, 16), last });
    const backwards = Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i);
    const reference = createModel({ variant, layout, loss, dtype, problem: problemOf(loss, 16) });
    for (const each of [model, reference]) {
      each.takeSnapshot();
      each.svrg(backwards.slice(0, 7), options);
    }
    expect(model.snapshot).toStrictEqual(reference.snapshot);
    const sag = createModel({ variant, layout, loss, dtype, problem: problemOf(loss, 16), last });
    expect(() => sag.sag(backwards, options)).not.toThrow();
    expect(sag.seen).toBe(ROWS);
    expect([model.firstOverwritten, sag.firstOverwritten]).toStrictEqual([undefined, undefined]);
  });

  test.each(STEPS)("%s gives the same bits for every burst, and for none", (method) => {
    const order = drawOrder(seeded(2), 50, ROWS);
    const run = (burst: number) => {
      const model = fresh();
      if (method === "svrg") model.takeSnapshot();
      model[method](order, { ...options, burst });
      return model.snapshot;
    };
    const expected = run(16);
    for (const burst of [0, 1, 3, 50, 1000]) expect(run(burst)).toStrictEqual(expected);
  });

  test.each(STEPS)("%s gives the same bits in one call and step by step", (method) => {
    const order = drawOrder(seeded(3), 50, ROWS);
    const [whole, sliced] = [fresh(), fresh()];
    for (const model of [whole, sliced]) if (method === "svrg") model.takeSnapshot();
    whole[method](order, options);
    for (const row of order) sliced[method]([row], options);
    expect(sliced.snapshot).toStrictEqual(whole.snapshot);
  });

  test.each(STEPS)("%s without steps changes nothing", (method) => {
    const weights = Array.from({ length: 19 }, (_, j) => 0.5 * j);
    const model = fresh(weights);
    model[method]([], options);
    expect(model.snapshot).toStrictEqual(fresh(weights).snapshot);
  });

  test("sag counts every row at its first visit, and only there", () => {
    const model = fresh();
    const order = [4, 4, 4, 0, 3, 4, 22, 3, 0, 1];
    model.sag(order, options);
    expect(model.seen).toBe(5);
    expect(model.residuals.map((r, i) => (Number.isNaN(r) ? -1 : i)).filter((i) => i >= 0)).toStrictEqual([
      0, 1, 3, 4, 22,
    ]);
    model.sag([0, 2], options);
    expect(model.seen).toBe(6);
  });

  // The definition of the sum: every row's stored derivative times the row.
  test("sag keeps the sum of the stored gradients", () => {
    const model = fresh();
    model.sag(drawOrder(seeded(4), 3 * ROWS, ROWS), options);
    const { rows, columns } = problemOf(loss, 19);
    const residuals = drawn(model.residuals);
    const sums = Array.from({ length: columns }, (_, j) =>
      rows.reduce((sum, row, i) => sum + residuals[i]! * rounded(dtype, row[j]!), 0),
    );
    expectClose(model.direction, sums, bound);
    expectClose([model.interceptGradientSum], [residuals.reduce((sum, r) => sum + r, 0)], bound, greatest(residuals));
  });

  // At the snapshot the row's derivative is the stored one: what remains of the step is (1 - step l2) w - step mean.
  test("svrg's first step after the snapshot is one of gradient descent, whichever row is drawn", () => {
    const weights = Array.from({ length: 19 }, (_, j) => Math.cos(j));
    for (const row of [0, 3, 5]) {
      const model = fresh(weights);
      model.takeSnapshot();
      const sums = model.direction;
      const interceptMean = model.interceptGradientSum / ROWS;
      model.svrg([row], options);
      const { stepSize, l2, interceptStep } = options;
      expectClose(
        model.weights,
        weights.map((w, j) => (1 - stepSize * l2) * w - (stepSize * sums[j]!) / ROWS),
        bound,
      );
      expectClose([model.intercept], [-interceptStep * interceptMean], bound);
    }
  });

  test("gradient adds up over ranges of rows, and keeps the derivatives of those alone", () => {
    const weights = Array.from({ length: 19 }, (_, j) => Math.sin(3 * j));
    const model = fresh(weights);
    const untouched = model.residuals;
    const whole = model.evaluate();
    expect(model.residuals).toStrictEqual(untouched);
    const parts = [model.evaluate(true, 0, 7), model.evaluate(false, 7, 0), model.evaluate(false, 7, ROWS - 7)];
    expect(model.residuals.findIndex(Number.isNaN)).toBe(7);
    expectClose([parts.reduce((sum, part) => sum + part.loss, 0)], [whole.loss], 4e-16 * ROWS);
    const sums = whole.gradient.map((_, j) => parts.reduce((sum, part) => sum + part.gradient[j]!, 0));
    expectClose(sums, whole.gradient, 4e-16 * ROWS);
  });

  test("sdca finds it too, by the dual", () => {
    const model = fresh();
    model.zeroRows();
    for (let epoch = 0; epoch < 300; epoch++) {
      const order = Array.from({ length: ROWS }, (_, i) => (7 * i + epoch) % ROWS);
      model.sdca(order, { l2: options.l2, interceptScale: 0 });
    }
    const { gradient } = model.evaluate();
    const { weights } = model;
    const norm = Math.hypot(...gradient.map((sum, j) => sum / ROWS + options.l2 * weights[j]!));
    expect(norm).toBeLessThan(dtypes[dtype].roundoff * 64);
  });

  test.each(STEPS)("%s finds where the gradient of the objective is 0", (method) => {
    const model = fresh();
    for (let epoch = 0; epoch < 400; epoch++) {
      if (method === "svrg") model.takeSnapshot();
      model[method](
        Array.from({ length: ROWS }, (_, i) => (7 * i + epoch) % ROWS),
        options,
      );
    }
    const { gradient, interceptGradient } = model.evaluate();
    const { weights } = model;
    const norm = Math.hypot(
      interceptGradient / ROWS,
      ...gradient.map((sum, j) => sum / ROWS + options.l2 * weights[j]!),
    );
    expect(norm).toBeLessThan(dtypes[dtype].roundoff * 16);
  });
});

// Central differences of the returned loss: errors of h^2 and of roundoff / h.
describe.each(LAYOUTS)("the gradient of %s rows in f64", (layout) => {
  test.each(LOSSES)("%s: is the derivative of the loss", (loss) => {
    const columns = 11;
    const h = 1e-5;
    const problem = problemOf(loss, columns);
    const weights = Array.from({ length: columns }, (_, j) => Math.sin(j));
    const evaluate = (w: readonly number[], intercept: number) =>
      createModel({ variant: "strict", layout, loss, dtype: "f64", problem, weights: w, intercept }).evaluate();
    const { gradient, interceptGradient } = evaluate(weights, 0.5);
    const moved = (j: number, by: number) => weights.map((w, k) => (k === j ? w + by : w));
    for (let j = 0; j < columns; j++) {
      const difference = evaluate(moved(j, h), 0.5).loss - evaluate(moved(j, -h), 0.5).loss;
      expect(Math.abs(difference / (2 * h) - gradient[j]!)).toBeLessThan(1e-9);
    }
    const difference = evaluate(weights, 0.5 + h).loss - evaluate(weights, 0.5 - h).loss;
    expect(Math.abs(difference / (2 * h) - interceptGradient)).toBeLessThan(1e-9);
  });
});
