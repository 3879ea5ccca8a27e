import { adam, load, parameters } from "schuss";
import { kernels } from "schuss/kernels";
import { loops } from "./plain.js?steps";
import { gaussianFrom } from "./random.js";
import { interleave, LocalCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const sets = [
  { tensors: 2, length: 5 },
  { tensors: 2, length: 50 },
  { tensors: 2, length: 500 },
  { tensors: 10, length: 64 },
  { tensors: 1000, length: 100 },
];

/** beta1 to epsilon as in some later step. */
const scalars = [0.9, 0.1, 0.999, 0.001, 1e-3, 1, 1e-8];

function gaussianArrays({ tensors, length }, seed) {
  const next = gaussianFrom(seed);
  return Array.from({ length: tensors }, () => Float32Array.from({ length }, next));
}

/** One loop a tensor, over ordinary arrays. */
function plainStep(set) {
  const parameters = gaussianArrays(set, 1);
  const gradients = gaussianArrays(set, 2);
  const first = parameters.map((array) => new Float32Array(array.length));
  const second = parameters.map((array) => new Float32Array(array.length));
  return () => {
    for (let k = 0; k < parameters.length; k++) {
      loops.adam(parameters[k], gradients[k], first[k], second[k], ...scalars);
    }
  };
}

function makeSet({ tensors, length }, engine) {
  const model = parameters(Object.fromEntries(Array.from({ length: tensors }, (_, k) => [`t${k}`, length])), {
    engine,
  });
  const next = gaussianFrom(1);
  for (const name of Object.keys(model.gradients)) {
    for (let i = 0; i < length; i++) model.gradients[name][i] = next();
  }
  return model;
}

function setStep(set, engine) {
  const optimizer = adam(makeSet(set, engine));
  return () => optimizer.step();
}

/** The caller's arrays, copied in and out. */
function arraysStep(set, engine) {
  const arrays = gaussianArrays(set, 1);
  const gradients = gaussianArrays(set, 2);
  const optimizer = adam(arrays, { engine });
  return () => optimizer.step(gradients);
}

/** The kernel that the step ends in: what is left of the step's time is spent in JavaScript. */
function kernelCall(set, engine) {
  const model = makeSet(set, engine);
  const first = makeSet(set, engine);
  const second = makeSet(set, engine);
  const n = model.layout.length;
  const call = kernels(engine.memory, { variant: engine.variant }).adam_f32;
  const { valuesPointer: p, gradientsPointer: g } = model;
  const { valuesPointer: m } = first;
  const { valuesPointer: v } = second;
  return () => call(n, p, g, 0, m, v, ...scalars);
}

/** A whole step of Adam on many small tensors: how much of it is not arithmetic. */
export async function timeSteps(context) {
  const rows = [];
  const variant = context.variants.at(-1);
  for (const set of sets) {
    const name = `${set.tensors} tensors of ${set.length}`;
    if (!context.selected(`steps ${name}`)) continue;
    context.progress(`steps ${name}`);
    const engine = await load({ variant });
    const steps = { plain: plainStep, kernel: kernelCall, "parameter set": setStep, "typed arrays": arraysStep };
    const candidates = Object.entries(steps).map(
      ([label, make]) => new LocalCandidate(label, repeating(make(set, engine), [])),
    );
    const times = await interleave(candidates, context);
    engine.dispose();
    const microseconds = Object.fromEntries(Object.entries(times).map(([label, all]) => [label, median(all) / 1000]));
    rows.push({
      name,
      variant,
      microseconds,
      overhead: microseconds["parameter set"] - microseconds.kernel,
      faster: {
        "parameter set": speedup(times["parameter set"], times.plain),
        "typed arrays": speedup(times["typed arrays"], times.plain),
      },
      bars: [],
      times,
    });
  }
  return rows;
}
