// What every runtime is asked to do by schuss/threads: everything twice, one after another and in two workers, on the strict
// kernels. The results are texts, so that they can be compared bit for bit.

import { load } from "schuss";
import { LogisticRegression, Ridge } from "schuss/estimators";
import { csr } from "schuss/finite-sum";
import { crossValidate, hogwild, minimizeAll, path, Threads } from "schuss/threads";

const ROWS = 400;
const COLUMNS = 6;

/** Numbers in [-1, 1) from a linear congruential generator, as in ../program.js. */
function numbers(length, seed) {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

const features = numbers(ROWS * COLUMNS, 1);
const noise = numbers(ROWS, 2);
const targets = noise.map((x, i) => 2 * features[i * COLUMNS] - features[i * COLUMNS + 3] + x / 2);
const signs = targets.map((y) => (y > 0 ? 1 : -1));
const classes = Array.from(targets, (y) => (y < -1 ? "low" : y < 1 ? "middle" : "top"));
const sparse = csr({
  values: features,
  indices: Int32Array.from(features, (_, k) => k % COLUMNS),
  offsets: Int32Array.from({ length: ROWS + 1 }, (_, i) => i * COLUMNS),
  columns: COLUMNS,
});

const problems = [
  { features, labels: signs, loss: "logistic", l2: 1e-3 },
  { features: sparse, labels: signs, loss: "logistic", l1: 1e-2 },
  { features: Float32Array.from(features), labels: targets, loss: "squared" },
];
const penalties = [0.1, 0.01, 0.001].map((l2) => ({ l2 }));

/** All but the time it took. */
const text = (result) => JSON.stringify(result, (name, value) => (name === "seconds" ? undefined : value));

/** What is to come out alike however many threads there are. */
async function results(threads, engine) {
  const reports = new Set();
  const onPass = (_, index) => reports.add(index);
  const solved = await minimizeAll(problems, { engine }, { threads, onPass });
  const faulty = [problems[0], { ...problems[0], l2: -1 }];
  const ridge = new Ridge({ regularization: 0.5, engine });
  const model = new LogisticRegression({ multiClass: "oneVsRest", engine });
  return {
    minimizeAll: text(solved),
    reports: [...reports].sort(),
    path: text(await path(problems[0], penalties, { engine }, { threads, chain: 2 })),
    crossValidate: text(await crossValidate(ridge, features, targets, { folds: 4, threads })),
    classes: text(await model.fit(features, classes, { threads })),
    failure: await minimizeAll(faulty, { engine }, { threads }).then(String, String),
  };
}

/** Whether Hogwild has come to weights that tell the labels of the first column's sign. */
async function hogwildRun(threads) {
  const problem = { features: sparse, labels: signs, loss: "logistic", l2: 1e-2 };
  const { weights, workers } = await hogwild(problem, { threads, passes: 10 });
  return { workers, learnt: weights[0] > 0.5 && weights[3] < -0.2 };
}

export async function run() {
  const engine = await load({ variant: "strict" });
  const alone = new Threads({ count: 0 });
  const threads = new Threads({ count: 2 });
  try {
    return {
      alone: await results(alone, engine),
      sideBySide: await results(threads, engine),
      hogwild: await hogwildRun(threads),
      count: threads.count,
      reason: threads.reason ?? null,
    };
  } finally {
    threads.dispose();
    engine.dispose();
  }
}
