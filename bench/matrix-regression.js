// node bench/matrix-regression.js [--rounds N]: an ill-conditioned matrix regression, |A (W - W*) B|^2 / 2 with a Hessian of
// condition 1e8: steps and seconds to 1e-6 of the loss at W = 0.
//
// A^2 and B^2, 32 rows and columns each, have eigenvalues from 1 to 1e-4 in equal ratios and eigenvectors of no particular direction;
// W* is normal. float64, the exact gradient, no weight decay, rates that stay. Every rule gets the same tuning, stated below: all
// pairs of nine rates and three values of the one other option that counts most for it. The rest is default. In the search a run
// ends when it can't be the best any more; then the best of all rules run in rounds, one after another.

import { parseArgs } from "node:util";
import Table from "cli-table3";
import { adamw, muon, parameters, shampoo, soap } from "schuss";
import { multiply } from "schuss/linalg";
import { gaussianFrom } from "./random.js";
import { compose, graded, orthonormal } from "./spectra.js";
import { median } from "./statistics.js";

const N = 32;
const CONDITION = 1e8;
const TARGET = 1e-6;
const MOST_STEPS = 20_000;

const RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1];

const RULES = [
  { name: "adamw", create: adamw, knob: "beta2", values: [0.9, 0.99, 0.999] },
  { name: "shampoo", create: shampoo, knob: "beta2", values: [0.9, 0.99, 0.999] },
  { name: "soap", create: soap, knob: "beta2", values: [0.9, 0.95, 0.99] },
  { name: "muon", create: muon, knob: "momentum", values: [0.8, 0.9, 0.95] },
];

const { values: given } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });

const side = (seed) => Float64Array.from(compose(orthonormal(N, seed), graded(N, Math.sqrt(CONDITION))));
const [left, right] = [side(1), side(2)];
const solution = Float64Array.from({ length: N * N }, gaussianFrom(3));
const [difference, half, product] = [0, 1, 2].map(() => new Float64Array(N * N));

/** The gradient A^2 (W - W*) B^2, into the set; returns the loss. Memory may grow, so that views are taken anew every time. */
function evaluate(set) {
  const { weights } = set.values;
  for (let i = 0; i < weights.length; i++) difference[i] = weights[i] - solution[i];
  multiply(left, difference, N, { out: half });
  multiply(half, right, N, { out: product });
  set.gradients.weights.set(product);
  let loss = 0;
  for (let i = 0; i < product.length; i++) loss += difference[i] * product[i];
  return loss / 2;
}

/** Steps to the target, undefined if more than `most`, and the seconds of gradients and steps. */
function run(create, options, most) {
  const set = parameters({ weights: [N, N] }, { dtype: "float64" });
  const optimizer = create(set, { weightDecay: 0, ...options });
  const began = performance.now();
  const start = evaluate(set);
  let [steps, loss] = [0, start];
  while (loss > TARGET * start && loss < 1e6 * start && steps < most) {
    optimizer.step();
    steps++;
    loss = evaluate(set);
  }
  const seconds = (performance.now() - began) / 1000;
  optimizer.dispose();
  set.dispose();
  return { steps: loss <= TARGET * start ? steps : undefined, seconds };
}

/** The rate of fewest steps, undefined where none gets there. */
function bestOf(create, options) {
  let best;
  for (const learningRate of RATES) {
    const { steps } = run(create, { learningRate, ...options }, best ? best.steps - 1 : MOST_STEPS);
    if (steps !== undefined) best = { options: { learningRate, ...options }, steps };
  }
  return best;
}

const runners = [];
for (const { name, create, knob, values } of RULES) {
  runners.push({ name: `${name}, rate alone`, create, ...bestOf(create, {}) });
  const tuned = values.map((value) => bestOf(create, { [knob]: value })).filter(Boolean);
  const [best] = tuned.sort((a, b) => a.steps - b.steps);
  runners.push({ name: `${name}, rate and ${knob}`, create, ...best });
  console.error(name, best?.options, best?.steps);
}

const arrived = runners.filter(({ steps }) => steps !== undefined);
const times = new Map(runners.map(({ name }) => [name, []]));
for (let round = 0; round < Number(given.rounds); round++) {
  for (const { name, create, options, steps } of arrived) times.get(name).push(run(create, options, steps).seconds);
}

const fewest = (rule) => Math.min(...arrived.filter(({ name }) => name.startsWith(rule)).map(({ steps }) => steps));
const table = new Table({
  head: ["rule, and what was tuned", "the best", "steps", "fewer than adamw", "s", "ms a step"],
  style: { head: [], border: [], compact: true },
});
for (const { name, options, steps } of runners) {
  if (steps === undefined) {
    table.push([name, "none", `> ${MOST_STEPS}`, "-", "-", "-"]);
    continue;
  }
  const seconds = median(times.get(name));
  const best = Object.values(options).join(", ");
  const fewer = (fewest("adamw") / steps).toFixed(1);
  table.push([name, best, steps, fewer, seconds.toFixed(3), ((1000 * seconds) / steps).toFixed(3)]);
}
console.log(
  `${N} x ${N}, condition ${CONDITION.toExponential()}, to ${TARGET.toExponential()}; rates ${RATES.join(", ")}\n` +
    `${RULES.map(({ name, knob, values }) => `${name}: ${knob} ${values.join(", ")}`).join("; ")}\n${table}`,
);
