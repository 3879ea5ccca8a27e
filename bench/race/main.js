// A race to the minimum of logistic regression, l2 = 1/n, no intercept: `minimize` with all its defaults against scikit-learn's
// solvers and liblinear, from the same arrays, by the wall clock, the stop test included.
//
// First each runner is set so that it just comes to each gap, the peers by their least number of iterations or their loosest
// tolerance, schuss by its loosest tolerance. Then all are run in rounds, one after another.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { median } from "../statistics.js";
import { bestOf, passesTo, solve, toleranceFor } from "./ours.js";
import { PEERS, startPeers, writeSet } from "./peers.js";
import { makeSet, SET_NAMES } from "./sets.js";

const LEVELS = [1e-4, 1e-6, 1e-8];

/** Runs of ours before those that are timed: V8 optimises code in the background once it has run. The peers have no such start. */
const WARM_UPS = 5;

const usage = `Usage: node bench/race/main.js SET... [options]

  SET              ${SET_NAMES.join(", ")}, or a file in LIBSVM's format
  --settings FILE  where to keep what each runner is to be set to: found out if it isn't there, which takes long
  --rounds N       of timing; 0 finds out the settings only. Default 5
  --levels LIST    the gaps to come to. Default ${LEVELS.join(",")}
  --patience S     leave out peers of which a fit takes longer. Default 20 s
  --clock C        wall, or cpu: seconds of the processor, for a machine that is shared. Default wall
  --peers LIST     default: all, which are ${PEERS.join(", ")}
  --json FILE      write all times to a file
`;

const options = {
  settings: { type: "string" },
  rounds: { type: "string", default: "5" },
  levels: { type: "string", default: LEVELS.join(",") },
  patience: { type: "string", default: "20" },
  peers: { type: "string", default: PEERS.join(",") },
  clock: { type: "string", default: "wall" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
};

async function settle(set, best, levels, peers, { patience, peers: wanted }) {
  const passes = passesTo(levels, set, best);
  const settings = {};
  for (const [k, level] of levels.entries()) {
    const ours = toleranceFor(level, set, best);
    const own = ours && { tolerance: ours.tolerance, passes: ours.passes, method: ours.method, reason: ours.reason };
    settings[level] = { schuss: own, passes: passes[k] };
    for (const peer of wanted.split(",")) {
      settings[level][peer] = await peers.ask(`reach ${peer} ${level} ${patience}`);
      console.error(`${set.name} ${level} ${peer}: ${settings[level][peer]}`);
    }
  }
  return settings;
}

async function timeLevel(set, settings, peers, rounds, clock) {
  const runners = {
    schuss: () => solve(set, settings.schuss.tolerance, clock).seconds,
    ...Object.fromEntries(
      PEERS.filter((peer) => settings[peer] !== null && settings[peer] !== undefined).map((peer) => [
        peer,
        () => peers.ask(`time ${peer} ${settings[peer]}`),
      ]),
    ),
  };
  for (let k = 0; k < WARM_UPS; k++) runners.schuss();
  const names = Object.keys(runners);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < names.length; k++) {
      const name = names[(k + round) % names.length];
      times[name].push(await runners[name]());
    }
  }
  return times;
}

function print(name, results) {
  const table = new Table({
    head: ["gap", "passes", "runner", "set to", "s", "x schuss"],
    style: { head: [], border: [], compact: true },
  });
  for (const { level, settings, times } of results) {
    for (const [runner, seconds] of Object.entries(times)) {
      const ratio = median(seconds.map((s, k) => s / times.schuss[k]));
      const setting = runner === "schuss" ? settings.schuss.tolerance.toExponential(1) : settings[runner];
      table.push([level, settings.passes, runner, setting, median(seconds).toFixed(4), ratio.toFixed(2)]);
    }
  }
  console.log(`${name}: ${results[0].settings.schuss.method}, ${results[0].settings.schuss.reason}\n${table}`);
}

async function race(name, values) {
  const { settings: file, rounds, levels: list, clock } = values;
  const levels = list.split(",").map(Number);
  const set = makeSet(name);
  const known = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  known[set.name] ??= {};
  const entry = known[set.name];
  entry.best ??= bestOf(set);
  const folder = mkdtempSync(join(tmpdir(), "schuss-race-"));
  writeSet(folder, set, entry.best);
  const peers = startPeers(folder, clock);
  try {
    const missing = levels.filter((level) => entry[level] === undefined);
    if (missing.length > 0) Object.assign(entry, await settle(set, entry.best, missing, peers, values));
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(known, null, 1)}\n`);
    const results = [];
    for (const level of Number(rounds) > 0 ? levels : []) {
      const times = await timeLevel(set, entry[level], peers, Number(rounds), clock);
      results.push({ set: set.name, level, settings: entry[level], times });
    }
    if (results.length > 0) print(set.name, results);
    return results;
  } finally {
    peers.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({ options, allowPositionals: true });
if (values.help || positionals.length === 0) console.log(usage);
const all = [];
for (const name of positionals) all.push(...(await race(name, values)));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 1)}\n`);
