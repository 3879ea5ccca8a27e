import { load, parameters } from "schuss";
import { csr } from "schuss/finite-sum";
import { kernels } from "schuss/kernels";
import { nameOf, ruleCases } from "./cases/rules.js";
import { denseSet, sparseSet } from "./data-sets.js";
import { placeModel } from "./finite-sum.js";
import { gaussianFrom } from "./random.js";
import { makeStep } from "./rules.js";
import { interleave, LocalCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const N = 2 ** 14;
const STEPS = 2000;
const SLICE = 100;
const BAR = 1.15;

/** The kernel alone, as someone calls it who never flushes. */
const bareKernels = {
  adam: {
    slots: 2,
    call: ({ adam_f32 }, p, g, [m, v]) => adam_f32(N, p, g, 0, m, v, 0.9, 1 - 0.9, 0.999, 1 - 0.999, 1e-3, 1, 1e-8),
  },
  momentum: {
    slots: 1,
    call: ({ momentum_f32 }, p, g, [b]) => momentum_f32(N, p, g, 0, b, 1e-3, 0.9, 1, 0, 1),
  },
};

function gaussian(array) {
  const next = gaussianFrom(1);
  for (let i = 0; i < array.length; i++) array[i] = next();
}

/** What steps through `step`, over gradients that can be starved. */
function stepped(engine, make) {
  const model = parameters({ weights: N }, { engine });
  gaussian(model.values.weights);
  gaussian(model.gradients.weights);
  const { step, dispose } = make(model);
  return {
    step,
    starve: () => model.gradients.weights.fill(0),
    candidate: (label) => new LocalCandidate(label, repeating(step, [])),
    dispose: () => {
      dispose();
      model.dispose();
    },
  };
}

function throughOptimizer(row, engine) {
  return stepped(engine, (model) => {
    const { optimizer, step } = makeStep(row, model, { learningRate: 1e-3 });
    return { step, dispose: () => optimizer.dispose() };
  });
}

function throughKernel(name, engine) {
  return stepped(engine, (model) => {
    const { slots, call } = bareKernels[name];
    const places = Array.from({ length: slots }, () => parameters({ slot: N }, { engine }));
    const pointers = places.map(({ valuesPointer }) => valuesPointer);
    const table = kernels(engine.memory, { variant: engine.variant });
    const { valuesPointer, gradientsPointer } = model;
    return {
      step: () => call(table, valuesPointer, gradientsPointer, pointers),
      dispose: () => {
        for (const place of places) place.dispose();
      },
    };
  });
}

function timeSlice(step) {
  const began = performance.now();
  for (let k = 0; k < SLICE; k++) step();
  return performance.now() - began;
}

/** The time of so many steps of one over that of as many of the other, slice by slice in turns. */
function compareSteps(numerator, denominator) {
  let [above, below] = [0, 0];
  for (let steps = 0; steps < STEPS; steps += SLICE) {
    above += timeSlice(numerator.step);
    below += timeSlice(denominator.step);
  }
  return above / below;
}

/** V8 takes up its optimised code within the first few thousand steps, whosever they are. */
async function warm(make, milliseconds) {
  const warmed = make();
  await interleave([warmed.candidate("warmed")], { rounds: 1, milliseconds });
  warmed.dispose();
}

/**
 * Ten ordinary steps, then 2,000 without gradient: their time over that of 2,000 ordinary ones, and the time of a step
 * after them over that of an ordinary one.
 */
async function starve(make, { rounds, milliseconds }) {
  const during = [];
  const after = [];
  await warm(make, milliseconds);
  for (let round = 0; round < rounds; round++) {
    const fed = make();
    const starved = make();
    for (let k = 0; k < 10; k++) starved.step();
    starved.starve();
    // Whoever comes first finds the processor colder, so they take turns.
    during.push(round % 2 ? 1 / compareSteps(fed, starved) : compareSteps(starved, fed));
    const times = await interleave([fed.candidate("fed"), starved.candidate("starved")], { rounds: 2, milliseconds });
    after.push(speedup(times.fed, times.starved));
    fed.dispose();
    starved.dispose();
  }
  return { during: median(during), after: median(after) };
}

/** Rows and methods whose steps are timed on data out of the ordinary: sparse rows under l1 too, where columns owe. */
const scaledRuns = [
  { name: "sag", method: "sag", make: () => denseSet(20_000, 100) },
  { name: "sag csr", method: "sag", make: () => sparseSet(20_000, 10_000, 50) },
  { name: "saga csr l1", method: "saga", l1: 1e-4, make: () => sparseSet(20_000, 10_000, 50) },
];

/** The set with other numbers, made of the number and its column. Sparse rows keep their entries, those of 0 too. */
function withNumbers(set, array, of) {
  const { features, columns } = set;
  if (features.offsets === undefined) {
    return { ...set, features: array.from(features, (value, k) => of(value, k % columns)) };
  }
  const { indices, offsets } = features;
  const values = array.from(features.values, (value, k) => of(value, indices[k]));
  return { ...set, features: csr({ values, indices, offsets, columns }) };
}

/** An epoch on data a thousand times as large, or with every fifth column 0, over one on the ordinary data. */
async function scaleUp({ name, method, l1 = 0, make }, dtype, array, variant, { epochRounds }) {
  const set = { ...make(), l1 };
  const placed = (of) => placeModel(variant, withNumbers(set, array, of), method);
  const ordinary = await placed((value) => value);
  const scaled = await placed((value) => 1000 * value);
  const wild = await placed((value) => 1000 * value);
  const empty = await placed((value, column) => (column % 5 === 0 ? 0 : value));
  const times = await interleave(
    [
      ordinary.candidate("ordinary"),
      scaled.candidate("scaled"),
      wild.candidate("wild", ordinary.stepSize),
      empty.candidate("empty"),
    ],
    { rounds: epochRounds, milliseconds: 20 },
  );
  for (const model of [ordinary, scaled, wild, empty]) model.dispose();
  return [
    { name: `${name} ${dtype}, data x 1000`, after: speedup(times.ordinary, times.scaled), bar: true },
    {
      name: `${name} ${dtype}, data x 1000, ordinary step size`,
      after: speedup(times.ordinary, times.wild),
      bar: true,
    },
    { name: `${name} ${dtype}, every fifth column 0`, after: speedup(times.ordinary, times.empty), bar: true },
  ];
}

const barsOf = ({ during, after }) =>
  Object.entries({ during, after }).flatMap(([what, value]) =>
    value === undefined ? [] : [{ what, atMost: BAR, value, reached: value <= BAR }],
  );

/** What happens where numbers become too small for their type's ordinary range. */
export async function timeSubnormal(context) {
  const rows = [];
  const variant = context.variants.at(-1);
  const engine = await load({ variant });
  const measure = async (name, make, bar) => {
    if (!context.selected(`subnormal ${name}`)) return;
    context.progress(`subnormal ${name}`);
    rows.push({ name, ...(await starve(make, context)), bar });
  };
  for (const row of ruleCases) await measure(nameOf(row), () => throughOptimizer(row, engine), true);
  for (const name of Object.keys(bareKernels)) {
    await measure(`${name}, kernel without flush`, () => throughKernel(name, engine), false);
  }
  for (const [dtype, array] of [
    ["f64", Float64Array],
    ["f32", Float32Array],
  ]) {
    for (const run of scaledRuns) {
      if (!context.selected(`subnormal ${run.name} ${dtype}`)) continue;
      context.progress(`subnormal ${run.name} ${dtype}`);
      rows.push(...(await scaleUp(run, dtype, array, variant, context)));
    }
  }
  engine.dispose();
  return rows.map(({ bar, ...row }) => ({
    ...row,
    variant,
    bars: bar ? barsOf(row) : [],
  }));
}
