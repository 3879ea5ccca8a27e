// node examples/variance-reduction/main.js: a 784-128-10 network on MNIST by SVRG and by STORM next to AdamW and SGD, all with
// the same number of gradients of one image. SVRG and STORM win on convex sums; here the table shows what they cost and what
// they bring, and how the control variate of SVRG goes stale within an epoch.

import { parseArgs } from "node:util";
import { loadDigits } from "../mnist/data.js";
import { shuffled } from "../mnist/draws.js";
import { inkOf } from "../mnist/ink.js";
import { print } from "../mnist/table.js";
import { methods } from "./methods.js";
import { Model } from "./model.js";

const USAGE = `Usage: node examples/variance-reduction/main.js [options]

Trains a 784-128-10 network on MNIST by SVRG, STORM, SGD and AdamW
on one budget of gradients.

  --quick   2,000 images instead of 20,000, one rate a method
  --help    this text`;

const sizes = {
  full: { train: 20_000, heldOut: 5000, test: 10_000, epochs: 12, batch: 64 },
  quick: { train: 2000, heldOut: 500, test: 1000, epochs: 6, batch: 64 },
};

/** @typedef {(typeof sizes)["full"]} Size */

const HIDDEN = 128;

/** After how many shares of an epoch of SVRG the variance ratio is taken. */
const MARKS = [0.02, 0.25, 1];

/**
 * One training, until the budget of gradients is spent.
 * @param {import("./methods.js").Method} method
 * @param {number} rate
 * @param {{ train: import("../mnist/ink.js").Ink, heldOut: import("../mnist/ink.js").Ink, batch: number, budget: number }} task
 */
function train(method, rate, { train, heldOut, batch, budget }) {
  const model = new Model([train.columns, HIDDEN, 10], train);
  const { course, optimizer } = method.start(model, rate);
  const shuffle = shuffled(1);
  const order = new Int32Array(train.rows);
  const steps = Math.floor(train.rows / batch);
  const marks = MARKS.map((share) => Math.max(2, Math.round(share * steps)));
  /** Of the second epoch on: in the first everything changes fast. */
  const ratios = MARKS.map(() => /** @type {number[]} */ ([]));
  const began = performance.now();
  // The last images of an epoch fill no batch, and a snapshot for them alone would be wasted.
  const enough = budget - 0.05 * train.rows;
  for (let epoch = 0; model.evaluated < enough; epoch++) {
    shuffle(order);
    course.beginEpoch?.();
    for (let k = 0; k < steps && model.evaluated < enough; k++) {
      course.step(order.subarray(k * batch, (k + 1) * batch), model.evaluated / budget);
      const mark = marks.indexOf(k + 1);
      if (course.varianceRatio && epoch > 0 && mark >= 0) ratios[mark].push(course.varianceRatio());
    }
  }
  const seconds = (performance.now() - began) / 1000;
  optimizer.dispose();
  return { model, rate, seconds, ratios, heldOut: model.evaluate(heldOut).loss };
}

const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function main() {
  const { quick, help } = parseArgs({
    options: { quick: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  }).values;
  if (help) return console.log(USAGE);
  const size = sizes[quick ? "quick" : "full"];
  const digits = loadDigits("train", size.train + size.heldOut, Float32Array);
  const task = {
    train: inkOf(digits, 0, size.train),
    heldOut: inkOf(digits, size.train, size.train + size.heldOut),
    batch: size.batch,
    budget: size.epochs * size.train,
  };
  const test = inkOf(loadDigits("test", size.test, Float32Array), 0, size.test);
  const rows = [];
  let worst = 1;
  for (const method of methods) {
    let best;
    for (const rate of quick ? method.rates.slice(1, 2) : method.rates) {
      const run = train(method, rate, task);
      if (best === undefined || run.heldOut < best.heldOut) {
        best?.model.dispose();
        best = run;
      } else run.model.dispose();
    }
    const { model, rate, seconds, ratios } = best;
    const evaluated = model.evaluated;
    const { accuracy } = model.evaluate(test);
    worst = Math.min(worst, accuracy);
    rows.push([
      method.name,
      `${rate}`,
      evaluated.toLocaleString("en"),
      seconds.toFixed(1),
      model.evaluate(task.train).loss.toFixed(4),
      best.heldOut.toFixed(4),
      `${(100 * accuracy).toFixed(2)} %`,
      ...ratios.map((values) => (values.length > 0 ? mean(values).toFixed(2) : "")),
    ]);
    model.dispose();
  }
  console.log(
    `A ${task.train.columns}-${HIDDEN}-10 network, ${size.train.toLocaleString("en")} images, batches of ${size.batch}, ` +
      `cosine schedule,\n${size.epochs} gradients an image for every method. ${quick ? "" : "The rate is the best of three on images held out. "}` +
      "SVRG spends three gradients a sample, STORM two.\nVariance: of SVRG's directions over that of the gradients, from the " +
      "snapshot to a share of the epoch; above 1 it does harm.",
  );
  const shares = MARKS.map((share) => `variance to ${100 * share} %`);
  const columns = ["method", "rate", "gradients", "seconds", "loss", "held out", "test accuracy", ...shares];
  console.log(print({ columns, firstNumber: 1, rows }));
  if (!(worst > 0.5)) {
    console.error(`the worst method recognises ${(100 * worst).toFixed(1)} % of the digits: something is broken`);
    process.exitCode = 1;
  }
}

main();
