// What every runtime is asked to do, with every variant it may take: an AdamW step and a run of them, some steps of every update
// rule, an axpy through the raw kernels, a SAG pass. The results are bytes in hexadecimal, so that they can be compared bit for bit.

import * as all from "schuss";
import { adamw, defaultEngine, load, parameters } from "schuss";
import { minimize, minimizeSync } from "schuss/finite-sum";
import { kernels } from "schuss/kernels";

/** Numbers in [-1, 1) from a linear congruential generator: multiples of 2^-23, so exact in both element types. */
function numbers(length, seed) {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

function hexadecimal(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function adamwStep(engine) {
  const weights = Float32Array.from(numbers(37, 1));
  const optimizer = adamw({ weights }, { learningRate: 0.01, weightDecay: 0.1, engine });
  optimizer.step({ weights: Float32Array.from(numbers(37, 2)) });
  optimizer.dispose();
  return hexadecimal(weights);
}

/** Enough steps for a power of beta that an engine rounds its own way to show. */
function adamwRun(engine) {
  const weights = numbers(37, 7);
  const optimizer = adamw({ weights }, { learningRate: 0.01, weightDecay: 0.1, engine });
  for (let step = 0; step < 12; step++) optimizer.step({ weights: numbers(37, 8 + step) });
  optimizer.dispose();
  return hexadecimal(weights);
}

/** Every update rule. A test compares them with those that the package has. */
export const ruleNames = [
  "acceleratedGradient",
  "adabelief",
  "adadelta",
  "adafactor",
  "adagrad",
  "adagradNorm",
  "adagradNormEma",
  "adagradNormSafeguarded",
  "adam",
  "adamax",
  "adamw",
  "amsgrad",
  "asgd",
  "dampedAdam",
  "emaMomentum",
  "extragradient",
  "frequencyAwareSgd",
  "lamb",
  "lars",
  "lbfgs",
  "linearCoupling",
  "lion",
  "muon",
  "nadam",
  "nesterovLookahead",
  "normalizedSgd",
  "novograd",
  "optimisticGradient",
  "prodigy",
  "radam",
  "rmsprop",
  "rprop",
  "scheduleFreeAdamw",
  "scheduleFreeSgd",
  "sgd",
  "shampoo",
  "signSgd",
  "signum",
  "sm3",
  "soap",
  "storm",
  "windowedMomentum",
  "yogi",
];

const functions = new Map(Object.entries(all));

/** Parameters after some steps of a rule, along gradients that depend on where they are taken. */
function steps(rule, engine) {
  const set = parameters({ matrix: [4, 3], vector: 5 }, { engine });
  const arrays = ({ matrix, vector }) => [matrix, vector];
  for (const [k, array] of arrays(set.values).entries()) array.set(numbers(array.length, 20 + k));
  const optimizer = functions.get(rule)(set, { engine });
  for (let step = 0; step < 8; step++) {
    optimizer.step(() => {
      for (const [k, gradient] of arrays(set.gradients).entries()) {
        const values = arrays(set.values)[k];
        const noise = numbers(gradient.length, 30 + 2 * step + k);
        gradient.set(noise.map((x, i) => values[i] + x / 4));
      }
    });
  }
  const bits = arrays(set.values).map(hexadecimal).join("");
  optimizer.dispose();
  set.dispose();
  return bits;
}

const everyRule = (engine) => Object.fromEntries(ruleNames.map((rule) => [`rule ${rule}`, steps(rule, engine)]));

function axpy(options) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [x, y] = [64, 512];
  const length = 37;
  new Float32Array(memory.buffer, x, length).set(numbers(length, 3));
  const sums = new Float32Array(memory.buffer, y, length);
  sums.set(numbers(length, 4));
  kernels(memory, options).axpy_f32(length, 1.1, x, y);
  return hexadecimal(sums);
}

const problem = {
  features: numbers(64 * 5, 5),
  rows: 64,
  columns: 5,
  labels: numbers(64, 6).map(Math.sign),
  loss: "logistic",
};

const onePass = { method: "sag", passes: 1, tolerance: 0 };

function minimum({ weights, intercept, objective, gradientNorm }) {
  return hexadecimal(Float64Array.of(...weights, intercept, objective, gradientNorm));
}

async function results(engine, options) {
  return {
    adamw: adamwStep(engine),
    adamwRun: adamwRun(engine),
    ...everyRule(engine),
    axpy: axpy(options),
    sag: minimum(minimizeSync(problem, { ...onePass, engine })),
    sagInTurns: minimum(await minimize(problem, { ...onePass, engine })),
  };
}

async function resultsOf(variant) {
  try {
    const engine = await load({ variant });
    const outcome = await results(engine, { variant });
    engine.dispose();
    return outcome;
  } catch (error) {
    return { refusal: String(error) };
  }
}

/** The results of each variant, and of the one chosen where none is asked for. A variant that is refused says why. */
export async function run() {
  const { variant, reason } = defaultEngine();
  return {
    chosen: { variant, reason, results: await results() },
    relaxed: await resultsOf("relaxed"),
    strict: await resultsOf("strict"),
    reference: await resultsOf("reference"),
  };
}
