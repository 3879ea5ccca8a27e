// Problems solved in workers, against the same solved here. Workers run the built files, so these are tested as built.

import { afterAll, expect, test } from "vitest";
import { LogisticRegression } from "../../build/estimators/index.js";
import { csr, minimizeSync } from "../../build/finite-sum/index.js";
import { threads } from "../../build/threads/index.js";
import { makeRows, problemOf } from "../finite-sum/data.js";

const pool = threads(2);
afterAll(() => pool.dispose());

const rows = makeRows("logistic", 1500, 8, 3);
const dense = problemOf(rows, "dense float64", "logistic");
const { values, indices, offsets, columns } = problemOf(rows, "csr float32", "logistic")
  .features as unknown as Parameters<typeof csr>[0];
const sparse = { ...dense, rows: 1500, columns, features: csr({ values, indices, offsets, columns }) };

test("a path side by side has the bits of one after another", async () => {
  for (const problem of [dense, sparse]) {
    for (const method of ["auto", "saga", "sdca", "lbfgs"] as const) {
      const penalties = [1, 0.1, 0.01, 0.001];
      const together = await Promise.all(penalties.map((l2) => pool.minimize({ ...problem, l2 } as never, { method })));
      for (const [k, l2] of penalties.entries()) {
        const { seconds: _, ...alone } = minimizeSync({ ...problem, l2 } as never, { method });
        const { seconds: __, ...there } = together[k]!;
        expect(there).toEqual(alone);
      }
    }
  }
});

test("classes of a one-vs-rest side by side are those of one after another", async () => {
  const labels = rows.y.map((y, i) => (y > 0 ? "sun" : i % 2 ? "rain" : "snow"));
  const features = rows.x.map((row) => [...row]);
  const alone = await new LogisticRegression({ multiClass: "oneVsRest" }).fit(features, labels);
  const together = await new LogisticRegression({ multiClass: "oneVsRest" }).fit(features, labels, {
    pool,
  });
  expect(together.weights).toEqual(alone.weights);
  expect(together.weights.length).toBe(3);
});

test("what goes wrong in a worker rejects, with its kind and words, and the worker goes on", async () => {
  await expect(pool.minimize({ ...dense, labels: [1] } as never)).rejects.toThrow(RangeError);
  await expect(pool.minimize({ ...dense, labels: [1] } as never)).rejects.toThrow("minimizeSync:");
  expect((await pool.minimize(dense as never)).converged).toBe(true);
});

test("options that belong to a thread are refused", async () => {
  await expect(pool.minimize(dense as never, { onPass: () => {} } as never)).rejects.toThrow("onPass can't be handed");
  expect(() => threads(0)).toThrow("count must be");
});

test("a signal ends a run where it is, and the pool goes on", async () => {
  const controller = new AbortController();
  const endless = { method: "saga", passes: 1e9, tolerance: 0, signal: controller.signal } as const;
  const runs = [1, 2, 3].map(() => pool.minimize(dense as never, endless as never));
  setTimeout(() => controller.abort(new Error("enough")), 300);
  for (const run of await Promise.allSettled(runs))
    expect(run).toMatchObject({ status: "rejected", reason: { message: "enough" } });
  expect((await pool.minimize(dense as never)).converged).toBe(true);
});

test("dispose() rejects what is under way, and what comes later", async () => {
  const short = threads(1);
  const run = short.minimize(dense as never, { method: "saga", passes: 1e9, tolerance: 0 });
  const settled = expect(run).rejects.toThrow("disposed of");
  short.dispose();
  short.dispose();
  await settled;
  await expect(short.minimize(dense as never)).rejects.toThrow("after dispose()");
});
