// Eager steps of @jax-js/jax: Adam and Muon written in its own operations, as optax and Muon's author have them, beside
// gradientTransformation. A step ends with the new weights, ready. `node bench/hosts/jax.js Muon` times one of the two.

import { adam, defaultEngine, muon } from "schuss";
import { gradientTransformation } from "schuss/jax";
import { uniformFrom } from "../random.js";
import { interleaved } from "./interleaved.js";
import { report } from "./rows.js";

// The host asks for a navigator, which Node has from 21 on.
globalThis.navigator ??= {};
const jax = await import("@jax-js/jax");
const { numpy: np, tree } = jax;
await jax.init("wasm");
jax.defaultDevice("wasm");

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** optax's adam without jit. Uses up all that it is given, as the host's functions do. */
function adamInOperations(learningRate) {
  const mix = (beta, average, value) => average.mul(beta).add(value.mul(1 - beta));
  return {
    init: (weights) => ({
      step: 0,
      first: tree.map(np.zerosLike, tree.ref(weights)),
      second: tree.map(np.zerosLike, weights),
    }),
    update(gradients, { step, ...moments }) {
      const first = tree.map((m, g) => mix(BETA1, m, g), moments.first, tree.ref(gradients));
      const second = tree.map((v, g) => mix(BETA2, v, np.square(g)), moments.second, gradients);
      const [scale, root] = [1 - BETA1 ** (step + 1), 1 - BETA2 ** (step + 1)];
      const updates = tree.map(
        (m, v) => m.mul(-learningRate / scale).div(np.sqrt(v.mul(1 / root)).add(EPSILON)),
        tree.ref(first),
        tree.ref(second),
      );
      return [updates, { step: step + 1, first, second }];
    },
  };
}

const MOMENTUM = 0.95;
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Muon for one square matrix: five Newton-Schulz steps on the gradient that looks ahead. */
function muonInOperations(learningRate) {
  const orthogonalized = (matrix) => {
    let x = matrix.ref.div(np.sqrt(np.square(matrix).sum()).add(1e-7));
    for (let k = 0; k < 5; k++) {
      const gram = np.matmul(x.ref, np.transpose(x.ref));
      const polynomial = gram.ref.mul(B).add(np.matmul(gram.ref, gram).mul(C));
      x = x.ref.mul(A).add(np.matmul(polynomial, x));
    }
    return x;
  };
  return {
    init: (weights) => tree.map(np.zerosLike, weights),
    update(gradients, velocity) {
      const next = tree.map((v, g) => v.mul(MOMENTUM).add(g), velocity, tree.ref(gradients));
      const factor = (shape) => -learningRate * 0.2 * Math.sqrt(Math.max(...shape));
      const updates = tree.map(
        (g, v) => {
          const { shape } = g;
          return orthogonalized(g.add(v.mul(MOMENTUM))).mul(factor(shape));
        },
        gradients,
        tree.ref(next),
      );
      return [updates, next];
    },
  };
}

const cases = [
  {
    what: "step of Adam, eager, 1000 × 100",
    theirs: adamInOperations(1e-3),
    ours: gradientTransformation(jax, adam, { learningRate: 1e-3 }),
    count: 1000,
    shape: [100],
    bar: 10,
  },
  {
    what: "step of Muon, eager, 512 × 512",
    theirs: muonInOperations(1e-3),
    ours: gradientTransformation(jax, muon, { learningRate: 1e-3, weightDecay: 0 }),
    count: 1,
    shape: [512, 512],
    bar: 3,
  },
];

function arrays(count, shape, seed) {
  const next = uniformFrom(seed);
  const size = shape.reduce((n, side) => n * side, 1);
  const draw = () => np.array(Float32Array.from({ length: size }, () => next() - 0.5)).reshape(shape);
  return Array.from({ length: count }, draw);
}

const [wanted = ""] = process.argv.slice(2);
for (const { what, theirs, ours, count, shape, bar } of cases) {
  if (!what.includes(wanted)) continue;
  const gradients = arrays(count, shape, 2);
  const ready = [theirs, ours].map((transformation) => {
    const run = { weights: arrays(count, shape, 1) };
    let state = transformation.init(tree.ref(run.weights));
    run.step = async () => {
      let updates;
      [updates, state] = transformation.update(tree.ref(gradients), state, tree.ref(run.weights));
      run.weights = tree.map((w, u) => w.add(u), run.weights, updates);
      await jax.blockUntilReady(run.weights);
    };
    return run;
  });
  for (const { step } of ready) await step();
  const [first, second] = ready.map(({ weights }) => weights.map((w) => w.ref.dataSync()));
  const apart = Math.max(
    ...first.map((w, k) => w.reduce((most, x, i) => Math.max(most, Math.abs(x - second[k][i])), 0)),
  );
  const milliseconds = await interleaved(
    ready.map(({ step }) => ({ step, calls: 1 })),
    { rounds: 5 },
  );
  report({
    host: "@jax-js/jax 0.1.25",
    what,
    milliseconds,
    bar,
    note: `${defaultEngine().variant}; first steps ${apart.toExponential(0)} apart`,
  });
}
