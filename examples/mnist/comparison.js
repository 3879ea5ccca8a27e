// A method run by schuss, then by its twin: the numbers for the table and the curves for the report.

import { pair } from "./charts.js";
import { fit, LEAST_OBJECTIVE, PASSES, problemOf } from "./logistic.js";
import { withProgress } from "./progress.js";
import { BATCH, EPOCHS, trainWithSchuss, trainWithTwin } from "./softmax.js";
import { NAMES } from "./table.js";

/** @typedef {import("./data.js").Digits} Digits */

/** @typedef {import("./charts.js").Chart} Chart */

/** @typedef {{ comparison: import("./table.js").Comparison, section: import("./report.js").Section }} Outcome */

/** How far apart, relatively, the two objectives of a fit may end. */
const TOLERANCE = 1e-6;

/**
 * SAG or SVRG.
 * @param {"sag" | "svrg"} method
 * @param {Digits} digits
 * @param {Digits} test
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
export async function compareFits(method, digits, test, signal) {
  const name = method.toUpperCase();
  const problem = problemOf(digits);
  const least = LEAST_OBJECTIVE[digits.rows];
  const gap = (/** @type {number} */ objective) => (objective - least) / least;
  const run = (/** @type {"schuss" | "twin"} */ by) =>
    withProgress(`${name}, ${NAMES[by]}`, PASSES, "passes", (update) =>
      fit(method, by, problem, test, {
        onPass: ({ passes, objective }) => update(passes, `gap ${gap(objective).toExponential(1)}`),
        signal,
      }),
    );
  const schuss = await run("schuss");
  const twin = await run("twin");
  const end = ({ curve, accuracy }) => ({ ...last(curve), accuracy });
  /** @type {(across: string, by: "passes" | "seconds") => Chart} */
  const chart = (across, by) => {
    const points = ({ curve }) => curve.map((point) => [point[by], gap(point.objective)]).filter(([, y]) => y > 0);
    return { across, up: "gap (F - F*) / F*", base: 10, curves: pair(points(schuss), points(twin)) };
  };
  return {
    comparison: { method: `${name}, ${dtypeOf(digits)}`, passes: PASSES, schuss: end(schuss), twin: end(twin) },
    section: {
      title: `${name}: logistic regression`,
      charts: [chart("passes over the data", "passes"), chart("seconds", "seconds")],
    },
  };
}

/**
 * AdamW.
 * @param {Digits} digits
 * @param {Digits} test
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome & { note: string }>}
 */
export async function compareTrainings(digits, test, signal) {
  const run = (/** @type {"schuss" | "twin"} */ by, /** @type {typeof trainWithSchuss} */ train) =>
    withProgress(`AdamW, ${NAMES[by]}`, EPOCHS, "epochs", (update) =>
      train(digits, test, { onEpoch: (epochs, { loss }) => update(epochs, `loss ${loss.toFixed(3)}`), signal }),
    );
  await warmUp(digits, signal);
  const schuss = await run("schuss", trainWithSchuss);
  const twin = await run("twin", trainWithTwin);
  const end = ({ curve, objective, accuracy }) => ({ seconds: last(curve).stepSeconds, objective, accuracy });
  /** @type {(across: string, by: "steps" | "seconds" | "stepSeconds") => Chart} */
  const chart = (across, by) => {
    const points = ({ curve }) => curve.map((point) => [point[by], point.loss]);
    return { across, up: "training loss", base: 2, curves: pair(points(schuss), points(twin)) };
  };
  return {
    comparison: { method: "AdamW steps, float32", passes: EPOCHS, schuss: end(schuss), twin: end(twin) },
    section: {
      title: "AdamW: softmax layer",
      charts: [
        chart("steps", "steps"),
        chart("seconds spent in the steps", "stepSeconds"),
        chart("seconds of the whole training", "seconds"),
      ],
    },
    note: shareOfSteps(last(schuss.curve), last(twin.curve)),
  };
}

/**
 * What the faster steps are worth to the whole training, which is mostly not theirs.
 * @param {import("./softmax.js").Point} schuss
 * @param {import("./softmax.js").Point} twin
 */
function shareOfSteps(schuss, twin) {
  const saved = (100 * (twin.stepSeconds - schuss.stepSeconds)) / twin.seconds;
  return (
    "AdamW's seconds are those of the optimizer's steps. " +
    `The whole training took ${schuss.seconds.toFixed(2)} s with schuss and ${twin.seconds.toFixed(2)} s in plain JavaScript, ` +
    `all but the steps in one JavaScript function that both call: the steps make ${Math.abs(saved).toFixed(1)} % of that ${saved < 0 ? "more" : "less"}.`
  );
}

/** The run that comes first should not pay alone for compiling the function that both share. */
async function warmUp(/** @type {Digits} */ digits, /** @type {AbortSignal} */ signal) {
  const few = { ...digits, rows: 50 * BATCH };
  for (const train of [trainWithSchuss, trainWithTwin]) await train(few, few, { onEpoch: () => {}, signal });
}

/** A sentence if the two runs of a fit have not reached the same objective. */
export function disagreement(/** @type {import("./table.js").Comparison} */ { method, schuss, twin }) {
  const difference = Math.abs(schuss.objective - twin.objective) / twin.objective;
  if (difference <= TOLERANCE) return undefined;
  return (
    `${method}: schuss reached ${schuss.objective} and plain JavaScript ${twin.objective}. ` +
    `They differ by ${difference.toExponential(1)}, relatively; ${TOLERANCE} is allowed.`
  );
}

/**
 * @template T
 * @param {T[]} list
 */
function last(list) {
  return list[list.length - 1];
}

function dtypeOf(/** @type {Digits} */ { pixels }) {
  return pixels instanceof Float32Array ? "float32" : "float64";
}
