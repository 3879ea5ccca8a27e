// Every update rule on two models: the lines of the tables and the curves.

import { inkOf } from "./ink.js";
import { withProgress } from "./progress.js";
import { rules } from "./rules.js";
import { trainByRule } from "./training.js";

/** @typedef {import("./data.js").Digits} Digits */
/** @typedef {import("./rules.js").Rule} Rule */
/** @typedef {import("./training.js").Training} Training */
/** @typedef {import("./report.js").Section} Section */

/** @typedef {{ rule: Rule, atDefault: Training, tuned: Training }} Line */

/**
 * @typedef {object} Size
 * @property {number} train how many images to train on
 * @property {number} sample how many of these to take a point of the curves over
 * @property {number} heldOut how many to choose the rate by
 * @property {number} test
 * @property {number} epochs
 * @property {number} batch
 */

/** @type {Record<"full" | "quick", Size>} */
export const sizes = {
  full: { train: 4000, sample: 250, heldOut: 1000, test: 5000, epochs: 1, batch: 32 },
  quick: { train: 640, sample: 100, heldOut: 500, test: 1000, epochs: 1, batch: 32 },
};

const HIDDEN = 128;

/** @param {number} columns */
const models = (columns) => [
  { title: "Every rule: softmax layer", label: "Rules, softmax layer", sizes: [columns, 10] },
  { title: `Every rule: ${columns}-${HIDDEN}-10 network`, label: "Rules, network", sizes: [columns, HIDDEN, 10] },
];

/**
 * @param {Size} size
 * @param {Digits} train
 * @param {Digits} test
 * @param {AbortSignal} signal
 * @returns {Promise<Section[]>}
 */
export async function surveyRules(size, train, test, signal) {
  const task = {
    epochs: size.epochs,
    batch: size.batch,
    sample: size.sample,
    train: inkOf(train, 0, size.train),
    heldOut: inkOf(train, size.train, size.train + size.heldOut),
    test: inkOf(test, 0, size.test),
  };
  const sections = [];
  for (const { title, label, sizes } of models(train.columns)) {
    const lines = await trainAll(label, { ...task, sizes }, signal);
    sections.push({ title, text: describe(size), table: tableOf(lines), charts: chartsOf(lines) });
  }
  return sections;
}

/**
 * @param {string} label
 * @param {import("./training.js").Task} task
 * @param {AbortSignal} signal
 */
function trainAll(label, task, signal) {
  return withProgress(label, rules.length, "rules", async (update) => {
    /** @type {Line[]} */
    const lines = [];
    for (const rule of rules) {
      const line = { rule, ...(await trainByRule(rule, task, signal)) };
      lines.push(line);
      update(lines.length, `${rule.name} ${line.tuned.objective.toFixed(3)}`);
    }
    return lines;
  });
}

function describe(/** @type {Size} */ { train, sample, heldOut, test, epochs, batch }) {
  const many = (/** @type {number} */ count) => count.toLocaleString("en");
  return (
    `${many(train)} images, ${epochs === 1 ? "one epoch" : `${epochs} epochs`} in batches of ${batch}, ` +
    "float32, constant rates, no decay but a rule's own. " +
    "For every rule alike: a training at its default rate and one at each of five rates about 3 times apart, " +
    "all from the same weights and over the same batches. " +
    `The best rate is that with the least loss on ${many(heldOut)} other images. ` +
    "The objective is the mean loss over the images trained on; " +
    `the accuracy is that on ${many(test)} test images. Rules that average are taken at their average. ` +
    `The curves show the mean loss over the first ${many(sample)} of the images trained on.`
  );
}

/** @param {Line[]} lines */
function tableOf(lines) {
  const cells = (/** @type {Training} */ { rate, objective, accuracy }) => [
    `${rate}`,
    Number.isFinite(objective) ? objective.toFixed(4) : "diverged",
    `${(100 * accuracy).toFixed(2)} %`,
  ];
  return {
    columns: ["rule", "default rate", "objective", "test accuracy", "best rate", "objective", "test accuracy"],
    firstNumber: 1,
    rows: lines.map(({ rule, atDefault, tuned }) => [rule.name, ...cells(atDefault), ...cells(tuned)]),
  };
}

/**
 * A chart for each family.
 * @param {Line[]} lines
 * @returns {import("./charts.js").Chart[]}
 */
function chartsOf(lines) {
  return [...new Set(rules.map(({ family }) => family))].map((family) => ({
    title: family,
    across: "steps, at the best rate",
    up: "objective on some training images",
    base: /** @type {const} */ (2),
    curves: lines
      .filter(({ rule }) => rule.family === family)
      .map(({ rule, tuned }) => ({
        name: rule.name,
        points: tuned.curve.filter(([, objective]) => Number.isFinite(objective)),
      })),
  }));
}
