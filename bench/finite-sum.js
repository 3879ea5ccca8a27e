import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "schuss";
import { drawOf, standardOf } from "../build/finite-sum/drawing.js";
import { METHODS } from "../build/finite-sum/methods/index.js";
import { place } from "../build/finite-sum/place.js";
import { checkProblem } from "../build/finite-sum/problem.js";
import { randomBits, uniform } from "../build/finite-sum/sampling.js";
import { denseSet, inType, sparseSet } from "./data-sets.js";
import { startSklearn } from "./peers/sklearn.js";
import { loops as loopsF32 } from "./plain-finite-sum.js?f32";
import { loops as loopsF64 } from "./plain-finite-sum.js?f64";
import { interleave, LocalCandidate, RemoteCandidate } from "./runner.js";
import { median, speedup } from "./statistics.js";

const ROWS = 100_000;

/** Rows a call visits, as in the solvers. */
const SLICE = 2048;

/** Epochs of draws made ahead, which the candidates go through again and again. */
const EPOCHS = 4;

const types = {
  f64: { array: Float64Array, loops: loopsF64 },
  f32: { array: Float32Array, loops: loopsF32 },
};

const layouts = {
  dense: { title: "100k x 100", perRow: 100, make: () => denseSet(ROWS, 100) },
  csr: { title: "100k x 50k, 50 a row", perRow: 50, make: () => sparseSet(ROWS, 50_000, 50) },
};

const plainNames = {
  dense: { state: "denseState", snapshot: "snapshotDense", sag: "sagDense", svrg: "svrgDense" },
  csr: { state: "csrState", snapshot: "snapshotCsr", sag: "sagCsr", svrg: "svrgCsr" },
};

const ofDense = {
  f64: [
    { what: "scikit-learn", atLeast: 5 },
    { what: "ns", atMost: 2 },
  ],
  f32: [
    { what: "scikit-learn", atLeast: 7 },
    { what: "ns", atMost: 1.2 },
  ],
};
const ofCsr = {
  f64: [
    { what: "scikit-learn", atLeast: 3.5 },
    { what: "ns", atMost: 6 },
  ],
  f32: [
    { what: "scikit-learn", atLeast: 3 },
    { what: "ns", atMost: 5 },
  ],
};
const ofLoops = [
  { what: "plain", atLeast: 5 },
  { what: "C", atLeast: 1 },
];

const bars = {
  "sag dense f64": [...ofLoops, ...ofDense.f64],
  "sag dense f32": [...ofLoops, ...ofDense.f32],
  "saga dense blocks f64": ofDense.f64,
  "saga dense blocks f32": ofDense.f32,
  "sag csr f64": ofCsr.f64,
  "sag csr f32": ofCsr.f32,
  "saga csr blocks f64": ofCsr.f64,
  "saga csr blocks f32": ofCsr.f32,
  "saga csr l1 blocks f64": [
    { what: "scikit-learn", atLeast: 8 },
    { what: "ns", atMost: 8 },
  ],
};

/**
 * What is run on a layout: SAGA with an l1 of 1 / n on sparse rows, where that is work of its own. Rows are drawn as the method does by
 * itself where nothing else is said: SAG draws with replacement, SVRG in permutations.
 */
const runs = {
  dense: [{ method: "sag" }, { method: "saga", sampling: "blocks" }, { method: "svrg" }],
  csr: [
    { method: "sag" },
    { method: "saga", sampling: "blocks" },
    { method: "svrg" },
    { method: "saga", sampling: "blocks", l1: 1 / ROWS },
  ],
};

const titleOf = ({ method, sampling, l1 }, layout) =>
  [method, layout, l1 ? "l1" : "", sampling ?? ""].filter(Boolean).join(" ");

/** Epochs of draws. */
function drawOrders(sampler, rows) {
  const orders = new Int32Array(EPOCHS * rows);
  for (let epoch = 0; epoch < EPOCHS; epoch++) sampler(orders.subarray(epoch * rows, (epoch + 1) * rows), epoch);
  return orders;
}

/** A candidate that goes through the orders slice by slice: `run(first)` visits the rows of a slice from there on. */
function sliced(name, rows, run) {
  let first = 0;
  const work = (times) => {
    for (let k = 0; k < times; k++) {
      if (first + SLICE > EPOCHS * rows) first = 0;
      run(first);
      first += SLICE;
    }
  };
  // An epoch, of which the median slice: what else the machine does comes in between now and then.
  return new LocalCandidate(name, work, { samples: Math.floor(rows / SLICE) });
}

/** A model in the memory of an engine, and a method on it as a candidate. */
export async function placeModel(variant, set, method, sampling = undefined) {
  const { rows } = set;
  const engine = await load({ variant });
  const model = place(engine, checkProblem("bench", { ...set, loss: "logistic" }), true);
  const drawnBy = sampling ?? standardOf(METHODS[method].samplings, model);
  const { sampler, blocks } = drawOf("bench", drawnBy, model, randomBits(0));
  const drawn = drawOrders(sampler, rows);
  const orders = engine.allocate(model, drawn.byteLength);
  new Int32Array(engine.memory.buffer, orders.pointer, drawn.length).set(drawn);
  // Under l1 the sums are over all rows from the start: src/finite-sum/methods/sag.ts.
  if (model.regularizer.proximal) model.zeroRows();
  if (method === "svrg") {
    model.beginGradient();
    model.add(0, rows, true);
    model.takeSnapshot();
  }
  const ownStepSize = METHODS[method].stepSize(model, false);
  const candidate = (name, stepSize = ownStepSize) =>
    sliced(name, rows, (first) => {
      model.step(method, { count: SLICE, order: orders.pointer + 4 * first, factors: 0, blocks }, stepSize);
    });
  return { candidate, drawn, stepSize: ownStepSize, l2: model.regularizer.l2, dispose: () => engine.dispose() };
}

function plainCandidate(layout, dtype, method, set, { drawn, stepSize, l2 }) {
  const names = plainNames[layout];
  const { array, loops } = types[dtype];
  const model = { ...set, ...(layout === "csr" ? set.features : {}), labels: array.from(set.labels), stepSize, l2 };
  const state = loops[names.state](model);
  if (method === "svrg") loops[names.snapshot](model, state);
  const run = loops[names[method]];
  return sliced("plain", set.rows, (first) => run(model, state, drawn.subarray(first, first + SLICE)));
}

/** Leaves the set where the peers look for it, and starts those that are there: C for dense rows alone. */
async function startPeers(set, { stepSize, l2 }, { folder, natives, quick }) {
  const sparse = set.features.offsets !== undefined;
  const put = (name, array) => writeFileSync(join(folder, name), array);
  for (const [dtype, { array }] of Object.entries(types)) {
    if (sparse) put(`values.${dtype}`, array.from(set.features.values));
    else put(`features.${dtype}`, array.from(set.features));
    put(`labels.${dtype}`, array.from(set.labels));
  }
  if (sparse) {
    put("indices.i32", set.features.indices);
    put("offsets.i32", set.features.offsets);
  }
  put("orders.i32", drawOrders(uniform(randomBits(0)), set.rows));
  const loops = sparse ? [] : natives;
  for (const peer of loops) await peer.ask(`load ${set.rows} ${set.columns} ${stepSize} ${l2}`);
  const sklearn = startSklearn(folder, set);
  const [few, many] = quick ? [1, 3] : [2, 6];
  return {
    sklearn,
    candidates: ({ method, l1 = 0 }, dtype) => {
      const remote = (name, ask) => new RemoteCandidate(name, async () => SLICE * (await ask()));
      const all = [];
      if (method === "sag") {
        for (const peer of loops) {
          let epoch = 0;
          all.push(remote(peer.name, () => peer.ask(`sag ${dtype} ${epoch++}`)));
        }
      }
      if (sklearn && method !== "svrg") {
        const question = `${method} ${dtype} ${l1 * ROWS} ${few} ${many}`;
        all.push(remote("scikit-learn", () => sklearn.ask(question)));
      }
      return all;
    },
    dispose: () => sklearn?.dispose(),
  };
}

function summarize(layout, dtype, run, times, variants) {
  const variant = variants.reduce((a, b) => (median(times[b]) < median(times[a]) ? b : a));
  const { perRow, title } = layouts[layout];
  const name = titleOf(run, layout);
  const nanosecondsPerEntry = median(times[variant]) / SLICE / perRow;
  const faster = Object.fromEntries(Object.keys(times).map((peer) => [peer, speedup(times[variant], times[peer])]));
  const values = { ...faster, ns: nanosecondsPerEntry };
  return {
    name,
    title,
    dtype,
    variant,
    nanosecondsPerEntry,
    faster,
    bars: (bars[`${name} ${dtype}`] ?? [])
      .filter(({ what }) => values[what] !== undefined)
      .map(({ what, atLeast = 0, atMost = Number.POSITIVE_INFINITY, ...rest }) => ({
        what,
        ...(atLeast > 0 ? { atLeast } : { atMost }),
        ...rest,
        value: values[what],
        reached: values[what] >= atLeast && values[what] <= atMost,
      })),
    times,
  };
}

/** Nanoseconds of a draw, which no candidate but scikit-learn has in its time. */
function timeDraws() {
  const sampler = uniform(randomBits(0));
  const order = new Int32Array(ROWS);
  const times = Array.from({ length: 9 }, (_, pass) => {
    const began = performance.now();
    sampler(order, pass);
    return performance.now() - began;
  });
  return (1e6 * median(times)) / ROWS;
}

/** Epochs of SAG, SVRG and SAGA on dense and sparse rows, per stored entry, against plain loops, C and scikit-learn. */
export async function timeFiniteSum(context) {
  const rows = [];
  let sklearn;
  for (const layout of ["dense", "csr"]) {
    const wanted = runs[layout].flatMap((run) =>
      Object.keys(types)
        .filter((dtype) => context.selected(`finite-sum ${titleOf(run, layout)} ${dtype}`))
        .map((dtype) => ({ run, dtype })),
    );
    if (wanted.length === 0) continue;
    context.progress(`finite-sum ${layout}: making the data set`);
    const set = layouts[layout].make();
    let peers;
    for (const { run, dtype } of wanted) {
      const { method, sampling, l1 = 0 } = run;
      context.progress(`finite-sum ${titleOf(run, layout)} ${dtype}`);
      const typed = { ...inType(set, types[dtype].array), l1 };
      const models = await Promise.all(context.variants.map((variant) => placeModel(variant, typed, method, sampling)));
      if (method !== "svrg") peers ??= await startPeers(set, models[0], context);
      sklearn ??= peers?.sklearn?.version;
      const candidates = [
        ...context.variants.map((variant, k) => models[k].candidate(variant)),
        // The plain loops have no SAGA: what owes under l1 would be the better part of them.
        ...(method === "saga" ? [] : [plainCandidate(layout, dtype, method, typed, models[0])]),
        ...(peers?.candidates(run, dtype) ?? []),
      ];
      const times = await interleave(candidates, { rounds: context.epochRounds, milliseconds: 0 });
      rows.push(summarize(layout, dtype, run, times, context.variants));
      for (const model of models) model.dispose();
    }
    peers?.dispose();
  }
  return { rows, sklearn, nanosecondsPerDraw: rows.length > 0 ? timeDraws() : undefined };
}
