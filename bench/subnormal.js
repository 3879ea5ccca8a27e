import { adam, load, parameters, sgd } from "schuss";
import { kernels } from "schuss/kernels";
import { denseSet } from "./data-sets.js";
import { placeModel } from "./finite-sum.js";
import { gaussianFrom } from "./random.js";
import { interleave, LocalCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const N = 2 ** 14;
const STEPS = 2000;
const BAR = 1.15;

const optimizers = {
  adam: (model) => adam(model),
  momentum: (model) => sgd(model, { momentum: 0.9 }),
};

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
function stepped(name, engine, make) {
  const model = parameters({ weights: N }, { engine });
  gaussian(model.values.weights);
  gaussian(model.gradients.weights);
  const { step, dispose } = make(model);
  return {
    step,
    starve: () => model.gradients.weights.fill(0),
    candidate: (label) => new LocalCandidate(`${name} ${label}`, repeating(step, [])),
    dispose: () => {
      dispose();
      model.dispose();
    },
  };
}

function throughOptimizer(name, engine) {
  return stepped(name, engine, (model) => {
    const optimizer = optimizers[name](model);
    return { step: () => optimizer.step(), dispose: () => optimizer.dispose() };
  });
}

function throughKernel(name, engine) {
  return stepped(name, engine, (model) => {
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

function timeSteps(step) {
  const began = performance.now();
  for (let k = 0; k < STEPS; k++) step();
  return performance.now() - began;
}

/**
 * Ten ordinary steps, then 2,000 without gradient: their time over that of 2,000 ordinary ones, and the time of a step
 * after them over that of an ordinary one.
 */
async function starve(name, through, engine, { rounds, milliseconds }) {
  const during = [];
  const after = [];
  for (let round = 0; round < rounds; round++) {
    const fed = through(name, engine);
    const starved = through(name, engine);
    for (let k = 0; k < 10; k++) starved.step();
    starved.starve();
    // Whoever comes first finds the processor colder, so they take turns.
    const first = round % 2 ? fed : starved;
    const second = round % 2 ? starved : fed;
    const ratio = timeSteps(first.step) / timeSteps(second.step);
    during.push(round % 2 ? 1 / ratio : ratio);
    const times = await interleave([fed.candidate("fed"), starved.candidate("starved")], { rounds: 2, milliseconds });
    after.push(speedup(times[`${name} fed`], times[`${name} starved`]));
    fed.dispose();
    starved.dispose();
  }
  return { during: median(during), after: median(after) };
}

/** An epoch of SAG on data a thousand times as large over an epoch on the ordinary data, in the steps of either. */
async function scaleUp(dtype, array, variant, { epochRounds }) {
  const set = denseSet(20_000, 100);
  const large = { ...set, features: set.features.map((value) => 1000 * value) };
  const ordinary = await placeModel(variant, { ...set, features: array.from(set.features) }, "sag");
  const scaled = await placeModel(variant, { ...large, features: array.from(large.features) }, "sag");
  const wild = await placeModel(variant, { ...large, features: array.from(large.features) }, "sag");
  const times = await interleave(
    [ordinary.candidate("ordinary"), scaled.candidate("scaled"), wild.candidate("wild", ordinary.stepSize)],
    { rounds: epochRounds, milliseconds: 20 },
  );
  for (const model of [ordinary, scaled, wild]) model.dispose();
  return [
    { name: `sag ${dtype}, data x 1000`, after: speedup(times.ordinary, times.scaled), bar: true },
    {
      name: `sag ${dtype}, data x 1000, ordinary step size`,
      after: speedup(times.ordinary, times.wild),
      bar: true,
    },
  ];
}

/** What happens where numbers become too small for their type's ordinary range. */
export async function timeSubnormal(context) {
  const rows = [];
  const variant = context.variants.at(-1);
  const engine = await load({ variant });
  for (const name of Object.keys(optimizers)) {
    if (!context.selected(`subnormal ${name}`)) continue;
    context.progress(`subnormal ${name}`);
    const optimizer = await starve(name, throughOptimizer, engine, context);
    rows.push({ name: `${name} f32, optimizer`, ...optimizer, bar: true });
    const kernel = await starve(name, throughKernel, engine, context);
    rows.push({ name: `${name} f32, kernel without flush`, ...kernel, bar: false });
  }
  for (const [dtype, array] of [
    ["f64", Float64Array],
    ["f32", Float32Array],
  ]) {
    if (!context.selected(`subnormal sag ${dtype}`)) continue;
    context.progress(`subnormal sag ${dtype}`);
    rows.push(...(await scaleUp(dtype, array, variant, context)));
  }
  engine.dispose();
  return rows.map(({ bar, ...row }) => ({
    ...row,
    variant,
    bars: bar ? [{ what: "ordinary", atMost: BAR, value: row.after, reached: row.after <= BAR }] : [],
  }));
}
