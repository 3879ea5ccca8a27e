// node bench/threads.js: independent fits side by side in worker threads against one after another, same bits. Wall time, so
// that it needs the machine for itself; the rounds are interleaved.

import { LogisticRegression } from "schuss/estimators";
import { crossValidate, minimizeAll, Threads } from "schuss/threads";
import { denseSet, sparseSet } from "./data-sets.js";
import { median } from "./statistics.js";

const ROUNDS = 5;

/** What a candidate solves with the threads it is given; gives the numbers that must not differ. */
const cases = {
  "4 penalties, 100k x 100 dense f64": {
    set: () => denseSet(100_000, 100),
    run: (set, threads) =>
      minimizeAll(
        [1e-2, 1e-3, 1e-4, 1e-5].map((l2) => ({ ...set, loss: "logistic", l2 })),
        { method: "saga", passes: 8, tolerance: 0 },
        { threads },
      ).then((results) => results.map(({ weights }) => weights)),
  },
  "4 penalties, 100k x 50k CSR, 50 a row": {
    set: () => sparseSet(100_000, 50_000, 50),
    run: (set, threads) =>
      minimizeAll(
        [1e-3, 1e-4, 1e-5, 1e-6].map((l2) => ({ ...set, loss: "logistic", l2 })),
        { method: "saga", passes: 6, tolerance: 0 },
        { threads },
      ).then((results) => results.map(({ weights }) => weights)),
  },
  "4 folds, 100k x 100 dense f64": {
    set: () => denseSet(100_000, 100),
    run: ({ features, labels }, threads) =>
      crossValidate(new LogisticRegression({ tolerance: 1e-5 }), features, labels, { folds: 4, threads }).then(
        (folds) => folds.flatMap(({ score, estimator }) => [score, ...estimator.weights[0]]),
      ),
  },
  "6 classes against the rest, 30k x 100 dense f64": {
    set: () => {
      const set = denseSet(30_000, 100);
      return { ...set, labels: Array.from(set.labels, (_, i) => classOf(set, i)) };
    },
    run: async ({ features, labels }, threads) => {
      const model = new LogisticRegression({ multiClass: "oneVsRest", tolerance: 1e-5 });
      await model.fit(features, labels, { threads });
      return model.weights;
    },
  },
};

/** By the greatest of the first six columns. */
function classOf({ features, columns }, row) {
  let best = 0;
  for (let j = 1; j < 6; j++) if (features[row * columns + j] > features[row * columns + best]) best = j;
  return best;
}

async function timed(run) {
  const began = performance.now();
  const value = await run();
  return { seconds: (performance.now() - began) / 1000, value };
}

const counts = process.argv
  .slice(2)
  .filter((argument) => /^\d+$/.test(argument))
  .map(Number);
const filter = new RegExp(process.argv.slice(2).find((argument) => !/^\d+$/.test(argument)) ?? "");
const count = counts[0] ?? 2;
using_(new Threads({ count: 0 }), new Threads({ count }));

async function using_(here, threads) {
  for (const [name, { set: make, run }] of Object.entries(cases)) {
    if (!filter.test(name)) continue;
    const set = make();
    const times = { here: [], threads: [] };
    let same = true;
    for (let round = 0; round <= ROUNDS; round++) {
      const one = await timed(() => run(set, here));
      const many = await timed(() => run(set, threads));
      same &&= JSON.stringify(one.value.flat()) === JSON.stringify(many.value.flat());
      // The first round compiles and starts the workers.
      if (round === 0) continue;
      times.here.push(one.seconds);
      times.threads.push(many.seconds);
    }
    const [a, b] = [median(times.here), median(times.threads)];
    console.log(
      `${name}: ${a.toFixed(3)} s, ${count} threads ${b.toFixed(3)} s, ${(a / b).toFixed(2)} x; ${same ? "same bits" : "BITS DIFFER"}`,
    );
  }
  here.dispose();
  threads.dispose();
}
