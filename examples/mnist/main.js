// npm start: trains classifiers of handwritten digits with schuss, and beside each a plain-JavaScript twin that does the
// same arithmetic on the same draws; then trains two models by every update rule. Prints tables and writes build/report.html.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { defaultEngine } from "schuss";
import { compareFits, compareTrainings, disagreement } from "./comparison.js";
import { loadDigits } from "./data.js";
import { reportOf } from "./report.js";
import { BATCH } from "./softmax.js";
import { sizes, surveyRules } from "./survey.js";
import { print, tableOf } from "./table.js";

const USAGE = `Usage: npm start [-- options]

Trains digit classifiers on MNIST with schuss and with plain JavaScript,
prints how they compare, trains two models by every update rule,
and draws the curves into build/report.html.

  --quick   10,000 images instead of 60,000, and fewer for the rules
  --help    this text`;

/** The element type of the pixels, and so of SAG and SVRG. */
const Floats = Float64Array;

const NOTE =
  "The objective of SAG and SVRG is F, the mean loss with the penalty; F* is its least value, by Newton's method. " +
  "Both runs of a method draw the same rows. The seconds leave out evaluating the objective; " +
  "those of SAG and SVRG by schuss include copying the images into its memory.";

const REPORT = fileURLToPath(new URL("../../build/report.html", import.meta.url));

async function main() {
  const { quick, help } = readArguments();
  if (help) return console.log(USAGE);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt);
  try {
    await run(quick ? 10_000 : 60_000, sizes[quick ? "quick" : "full"], interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    console.error("Interrupted: nothing was written.");
    process.exitCode = 130;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

function readArguments() {
  try {
    return parseArgs({ options: { quick: { type: "boolean" }, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/**
 * @param {number} count how many images to compare on
 * @param {import("./survey.js").Size} size how many to try the rules on
 * @param {AbortSignal} signal
 */
async function run(count, size, signal) {
  const { variant, reason } = defaultEngine();
  console.error(`schuss runs the ${variant} kernels: ${reason}`);
  const train = loadDigits("train", count, Floats);
  const test = loadDigits("test", 10_000, Floats);

  const sag = await compareFits("sag", train, test, signal);
  const svrg = await compareFits("svrg", train, test, signal);
  const adamw = await compareTrainings(train, test, signal);
  const surveys = await surveyRules(size, train, test, signal);

  const outcomes = [sag, svrg, adamw];
  const report = {
    setup: setupOf(train),
    table: tableOf(outcomes.map(({ comparison }) => comparison)),
    notes: [NOTE, adamw.note],
    circumstances: circumstances(variant),
    sections: [...outcomes.map(({ section }) => section), ...surveys],
  };
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, reportOf(report));
  console.log([...report.setup, print(report.table), ...report.notes].join("\n"));
  for (const { title, text, table } of surveys) console.log([`\n${title}`, text, print(table)].join("\n"));
  console.log(report.circumstances);
  console.log(`The curves are in ${relative(process.cwd(), REPORT)}`);

  for (const { comparison } of [sag, svrg]) {
    const sentence = disagreement(comparison);
    if (sentence === undefined) continue;
    console.error(sentence);
    process.exitCode = 1;
  }
}

function setupOf(/** @type {import("./data.js").Digits} */ { rows, columns }) {
  return [
    `${rows.toLocaleString("en")} images of ${columns} pixels.`,
    `SAG, SVRG: logistic regression, digits 0 to 4 against 5 to 9, l2 = 1/${rows}.`,
    `AdamW: a softmax layer of ${columns} x 10 weights and a bias, batches of ${BATCH}, cosine schedule.`,
  ];
}

function circumstances(/** @type {string} */ variant) {
  const { node, v8 } = process.versions;
  const machine = `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${process.platform} ${process.arch}`;
  return `${machine}; Node ${node}, V8 ${v8}; ${variant} kernels; ${new Date().toISOString().slice(0, 10)}`;
}

await main();
