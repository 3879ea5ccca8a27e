// node bench/threads.js [threads] [filter]: independent fits side by side in worker threads against one after another, and
// whether the bits are the same. Wall time, so the machine's own speed-up is taken in every round, with a loop that touches no
// memory: threads can't gain more than the machine has to give. Rounds are interleaved. Beside it the processor time of both,
// which other work on the machine leaves alone.

import { Worker } from "node:worker_threads";
import { LogisticRegression } from "schuss/estimators";
import { crossValidate, minimizeAll, path, Threads } from "schuss/threads";
import { denseSet, sparseSet } from "./data-sets.js";
import { median } from "./statistics.js";

const ROUNDS = 5;

const weightsOf = (results) => results.map(({ weights }) => [...weights]);

const penalties = (set, threads, strengths, passes) =>
  minimizeAll(
    strengths.map((l2) => ({ ...set, loss: "logistic", l2 })),
    { method: "saga", passes, tolerance: 0 },
    { threads },
  ).then(weightsOf);

/** What is solved with the threads given; gives the numbers that must not differ. */
const cases = {
  "4 penalties, 100k x 100 dense f64": {
    set: () => denseSet(100_000, 100),
    run: (set, threads) => penalties(set, threads, [1e-2, 1e-3, 1e-4, 1e-5], 8),
  },
  "4 penalties, 100k x 50k CSR, 50 a row": {
    set: () => sparseSet(100_000, 50_000, 50),
    run: (set, threads) => penalties(set, threads, [1e-3, 1e-4, 1e-5, 1e-6], 6),
  },
  "path of 16 penalties, 50k x 100 dense f64": {
    set: () => denseSet(50_000, 100),
    run: (set, threads) => {
      const strengths = Array.from({ length: 16 }, (_, k) => ({ l2: 10 ** (-1 - k / 4) }));
      return path({ ...set, loss: "logistic" }, strengths, { tolerance: 1e-5 }, { threads, chain: 4 }).then(weightsOf);
    },
  },
  "4 folds, 100k x 100 dense f64": {
    set: () => denseSet(100_000, 100),
    run: async ({ features, labels }, threads) => {
      const model = new LogisticRegression({ tolerance: 1e-6 });
      const folds = await crossValidate(model, features, labels, { folds: 4, threads });
      return folds.map(({ score, estimator }) => [score, ...estimator.weights[0]]);
    },
  },
  "6 classes against the rest, 30k x 100 dense f64": {
    set: () => {
      const set = denseSet(30_000, 100);
      return { ...set, labels: Array.from(set.labels, (_, i) => classOf(set, i)) };
    },
    run: async ({ features, labels }, threads) => {
      const model = new LogisticRegression({ multiClass: "oneVsRest", tolerance: 1e-5 });
      await model.fit(features, labels, { threads });
      return model.weights.map((row) => [...row]);
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
  const before = process.cpuUsage();
  const began = performance.now();
  const value = await run();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, processor: (user + system) / 1e6, value };
}

/** Workers that count. */
function startCounters(count) {
  const source = `const { parentPort } = require("node:worker_threads");
    parentPort.on("message", () => {
      let sum = 0;
      for (let k = 0; k < 1e8; k++) sum += k ^ 3;
      parentPort.postMessage(sum);
    });`;
  const workers = Array.from({ length: count }, () => new Worker(source, { eval: true }));
  const one = (worker) =>
    new Promise((resolve) => {
      worker.once("message", resolve);
      worker.postMessage(undefined);
    });
  return {
    alone: async () => {
      for (let k = 0; k < count; k++) await one(workers[0]);
    },
    together: () => Promise.all(workers.map(one)),
    dispose: () => workers.map((worker) => worker.terminate()),
  };
}

async function main() {
  const words = process.argv.slice(2);
  const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 2);
  const filter = new RegExp(words.find((word) => !/^\d+$/.test(word)) ?? "");
  const here = new Threads({ count: 0 });
  const threads = new Threads({ count });
  const counters = startCounters(count);
  for (const [name, { set: make, run }] of Object.entries(cases)) {
    if (!filter.test(name)) continue;
    const set = make();
    const ratios = { wall: [], processor: [], machine: [] };
    let same = true;
    for (let round = 0; round <= ROUNDS; round++) {
      const one = await timed(() => run(set, here));
      const many = await timed(() => run(set, threads));
      const alone = await timed(counters.alone);
      const together = await timed(counters.together);
      same &&= JSON.stringify(one.value) === JSON.stringify(many.value);
      // The first round compiles and starts the workers.
      if (round === 0) continue;
      ratios.wall.push(one.seconds / many.seconds);
      ratios.processor.push(many.processor / one.processor);
      ratios.machine.push(alone.seconds / together.seconds);
    }
    const [wall, processor, machine] = Object.values(ratios).map((values) => median(values).toFixed(2));
    const best = Math.max(...ratios.wall).toFixed(2);
    console.log(
      `${name}: ${count} threads ${wall} x, at best ${best} x, where the machine gives ${machine} x; ` +
        `${processor} x the processor time; ${same ? "same bits" : "BITS DIFFER"}`,
    );
  }
  await counters.dispose();
  here.dispose();
  threads.dispose();
}

await main();
