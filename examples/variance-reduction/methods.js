// How each method makes a direction of the gradients of batches, and what that costs.

import { adamw, sgd } from "schuss";
import { ControlVariate, RecursiveGradient } from "schuss/finite-sum";

/** @typedef {import("./model.js").Model} Model */

/**
 * @typedef {object} Course a training as it goes
 * @property {(rows: Int32Array, progress: number) => void} step leaves a direction in the model and takes the step; progress is
 *   the share of the budget that has been spent
 * @property {(() => number) | undefined} varianceRatio since the last snapshot, of the directions' variance over the gradients'
 * @property {() => void} [beginEpoch]
 */

/**
 * @typedef {object} Method
 * @property {string} name
 * @property {string} source
 * @property {number[]} rates to choose from; the second goes without a choice
 * @property {(model: Model, rate: number) => { course: Course, optimizer: import("schuss").Optimizer }} start
 */

/** Half a cosine, from the rate down to 0. */
const cosine = (/** @type {number} */ rate, /** @type {number} */ progress) =>
  (rate * (1 + Math.cos(Math.PI * Math.min(progress, 1)))) / 2;

/** The batch's own gradient. */
function plain(
  /** @type {Model} */ model,
  /** @type {import("schuss").Optimizer} */ optimizer,
  /** @type {number} */ rate,
) {
  return {
    step(rows, progress) {
      model.gradient(rows);
      optimizer.learningRate = cosine(rate, progress);
      optimizer.step();
    },
  };
}

/**
 * SVRG: a snapshot and its full gradient at the start of every epoch.
 * @returns {Course}
 */
function svrg(
  /** @type {Model} */ model,
  /** @type {import("schuss").Optimizer} */ optimizer,
  /** @type {number} */ rate,
) {
  const variate = new ControlVariate(model.size);
  const direction = new Float32Array(model.size);
  return {
    beginEpoch() {
      model.keep();
      variate.snapshot(model.fullGradient());
    },
    step(rows, progress) {
      const gradient = model.gradient(rows);
      model.setGradient(variate.direction(gradient, model.gradientAtKept(rows), 1, direction));
      optimizer.learningRate = cosine(rate, progress);
      optimizer.step();
    },
    varianceRatio: () => variate.diagnostics().varianceRatio,
  };
}

/**
 * STORM: two gradients of every batch, at this point and at the one before, with a constant weight.
 * @returns {Course}
 */
function storm(
  /** @type {Model} */ model,
  /** @type {import("schuss").Optimizer} */ optimizer,
  /** @type {number} */ rate,
) {
  const WEIGHT = 0.1;
  const recursive = new RecursiveGradient(model.size);
  const direction = new Float32Array(model.size);
  let begun = false;
  return {
    step(rows, progress) {
      const gradient = model.gradient(rows);
      if (begun) model.setGradient(recursive.direction(gradient, model.gradientAtKept(rows), WEIGHT, direction));
      else recursive.restart(gradient);
      begun = true;
      model.keep();
      optimizer.learningRate = cosine(rate, progress);
      optimizer.step();
    },
  };
}

const of = (create, course) => (/** @type {Model} */ model, /** @type {number} */ rate) => {
  const optimizer = create(model.parameters, rate);
  return { optimizer, course: course(model, optimizer, rate) };
};

const byAdamw = (parameters, learningRate) => adamw(parameters, { learningRate });
const bySgd = (parameters, learningRate) => sgd(parameters, { learningRate });
const byMomentum = (parameters, learningRate) => sgd(parameters, { learningRate, momentum: 0.9 });

/** @type {Method[]} */
export const methods = [
  { name: "AdamW", rates: [1e-3, 3e-3, 1e-2], start: of(byAdamw, plain) },
  { name: "SGD with momentum", rates: [0.03, 0.1, 0.3], start: of(byMomentum, plain) },
  { name: "SGD", rates: [0.1, 0.3, 1], start: of(bySgd, plain) },
  { name: "SVRG, SGD steps", rates: [0.3, 1, 3], start: of(bySgd, svrg) },
  { name: "SVRG, AdamW steps", rates: [3e-3, 1e-2, 3e-2], start: of(byAdamw, svrg) },
  { name: "STORM, SGD steps", rates: [0.1, 0.3, 1], start: of(bySgd, storm) },
];
