// Every adapter over thousands of steps of its host: what this package holds, the host's own counts, linear memory, and the
// JavaScript heap after a collection stay as they are.

import { NeuralNetwork as Perceptrons } from "@nlpjs/neural";
import { FeedForward, layer, NeuralNetwork } from "brain-next";
import convnetjs from "convnetjs";
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";
import * as toygrad from "toygrad";
import { expect, test, vi } from "vitest";
import { type Net, sparseRows, Trainer } from "../../src/adapters/arrays/index.js";
import { accelerate, release } from "../../src/adapters/brain/index.js";
import { gradientTransformation } from "../../src/adapters/jax/index.js";
import { logisticRegression, neuralNetwork } from "../../src/adapters/ml/index.js";
import { createOptimizers } from "../../src/adapters/tfjs/index.js";
import { adam, adamw, type Engine, load } from "../../src/index.js";
import { backends, tf, use } from "./tfjs-backends.js";

interface Case {
  /** Makes a thousand steps before each call of `measure`. */
  run(measure: () => void): void;
  /** Counts that are to stay. */
  held(): Record<string, number>;
  end(): void;
}

const STEPS = 1000;

const THOUSANDS = 8;

/** Bytes of the heap. Code that V8 compiles or drops comes to 60 a step in the worst of cases; a small array left comes to 200. */
const SLACK = 130 * STEPS * (THOUSANDS - 1);

const inThousands = (step: () => unknown) => (measure: () => void) => {
  for (let thousand = 0; thousand < THOUSANDS; thousand++) {
    for (let k = 0; k < STEPS; k++) step();
    measure();
  }
};

const heldBy = (engine: Engine) => () => ({ own: engine.bytesInUse, memory: engine.memory.buffer.byteLength });

/** Bytes in use: the heap, and what lies outside of it. */
function used(): { heapUsed: number; arrayBuffers: number } {
  const { gc } = globalThis as unknown as { gc(): void };
  gc();
  gc();
  return process.memoryUsage();
}

async function tensorFlow(backend: (typeof backends)[number], options: object): Promise<Case> {
  await use(backend);
  const optimizer = createOptimizers(tf).adam(0.01, 0.9, 0.999, null, options);
  const [w, b] = tf.tidy(() => [tf.variable(tf.randomNormal([4, 3])), tf.variable(tf.zeros([3]))]);
  const gradients = { [w.name]: tf.ones([4, 3]), [b.name]: tf.ones([3]) };
  const { wasm } = tf.backend() as unknown as { wasm?: { HEAPU8: Uint8Array } };
  return {
    run: inThousands(() => optimizer.applyGradients(gradients)),
    held() {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      const memory = wasm?.HEAPU8.byteLength ?? 0;
      return { numTensors, numDataBuffers, numBytes, memory, own: optimizer.bytesInUse };
    },
    end() {
      optimizer.dispose();
      tf.dispose([w, b]);
      tf.dispose(gradients);
    },
  };
}

async function jaxJs(): Promise<Case> {
  // The host asks for a navigator, which Node has from 21 on.
  vi.stubGlobal("navigator", globalThis.navigator ?? {});
  const jax = await import("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const engine = await load();
  const transformation = gradientTransformation(jax, adamw, { engine });
  const [weights, gradients] = [jax.numpy.ones([4]), jax.numpy.ones([4])];
  let state = transformation.init(weights.ref);
  return {
    run: inThousands(() => {
      const [updates, next] = transformation.update(gradients.ref, state, weights.ref);
      updates.dispose();
      state = next;
    }),
    held: () => ({ ...heldBy(engine)(), references: weights.refCount + gradients.refCount }),
    end() {
      transformation.dispose(state);
      for (const array of [weights, gradients]) array.dispose();
      vi.unstubAllGlobals();
      expect(engine.bytesInUse).toBe(0);
    },
  };
}

const pattern = { input: [0, 1, 0.5, 1], output: [1, 0] };

const feedForward = () =>
  new FeedForward<number[], number[]>({
    inputLayer: () => layer.input({ height: 4 }),
    hiddenLayers: [(below) => layer.feedForward({ height: 5 }, below)],
    outputLayer: (below) => layer.target({ height: 2 }, layer.feedForward({ height: 2 }, below)),
  });

/** Of every call of a FeedForward's `train` brain.js keeps 89 kB, with or without this package: so all steps are of one. */
async function brain(net: object): Promise<Case> {
  const engine = await load();
  const fast = accelerate(net as FeedForward<number[], number[]>, { engine });
  const training = {
    iterations: STEPS * THOUSANDS,
    errorThresh: 1e-9,
    errorCheckInterval: STEPS,
    callbackPeriod: STEPS,
  };
  return {
    run: (callback) => fast.train([pattern], { ...training, callback }),
    held: heldBy(engine),
    end() {
      release(fast);
      expect(engine.bytesInUse).toBe(0);
    },
  };
}

function convnet(): Case {
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: 4 },
    { type: "fc", num_neurons: 9, activation: "tanh" },
    { type: "softmax", num_classes: 2 },
  ]);
  return arrays(net, () => new convnetjs.Vol([...pattern.input]));
}

function toynet(): Case {
  const net = new toygrad.NeuralNetwork({
    layers: [{ type: "input", sx: 1, sy: 1, sz: 4 }, { type: "dense", filters: 9 }, { type: "softmax" }],
  });
  return arrays(net, () => new toygrad.Tensor(1, 1, 4, new Float32Array(pattern.input)));
}

function arrays<Input>(net: Net<Input, number>, input: () => Input): Case {
  const trainer = new Trainer<Input, number>(net, { method: "adadelta" });
  return {
    run: inThousands(() => trainer.train(input(), 1)),
    held: () => ({ own: trainer.bytesInUse }),
    end: () => trainer.dispose(),
  };
}

async function table(): Promise<Case> {
  const engine = await load();
  const rows = sparseRows(adam, [50, 7], { engine });
  const gradients = new Float32Array(14).fill(1);
  let t = 0;
  return {
    run: inThousands(() => rows.step([t++ % 50, 3], gradients)),
    held: heldBy(engine),
    end() {
      rows.dispose();
      expect(engine.bytesInUse).toBe(0);
    },
  };
}

/** A whole training is a step. */
async function linear(): Promise<Case> {
  const engine = await load();
  const Fast = logisticRegression(LogisticRegression, { engine, passes: 3 });
  const [X, Y] = [Matrix.columnVector([-2, -1, 1, 2, 3]), Matrix.columnVector([0, 1, 0, 1, 1])];
  return { run: inThousands(() => new Fast().train(X, Y)), held: heldBy(engine), end: () => {} };
}

async function perceptrons(): Promise<Case> {
  const engine = await load();
  const Fast = neuralNetwork(Perceptrons, { engine });
  const corpus: Parameters<Perceptrons["train"]>[0] = [
    { input: { who: 1, are: 1, you: 1 }, output: { identity: 1 } },
    { input: { say: 1, hello: 1 }, output: { greeting: 1 } },
  ];
  const train = () => new Fast({ iterations: 1, log: false }).train(structuredClone(corpus));
  return { run: inThousands(train), held: heldBy(engine), end: () => {} };
}

const cases: Record<string, () => Case | Promise<Case>> = {
  ...Object.fromEntries(backends.map((backend) => [`TensorFlow.js, ${backend}`, () => tensorFlow(backend, {})])),
  "TensorFlow.js, copies": () => tensorFlow("wasm", { memory: "copies" }),
  "TensorFlow.js, operations": () => tensorFlow("wasm", { memory: "operations" }),
  "jax-js": jaxJs,
  "brain.js, NeuralNetwork": () => brain(new NeuralNetwork({ inputSize: 4, hiddenLayers: [5], outputSize: 2 })),
  "brain.js, FeedForward": () => brain(feedForward()),
  ConvNetJS: convnet,
  toygrad: toynet,
  "sparse rows": table,
  "ml-logistic-regression": linear,
  "@nlpjs/neural": perceptrons,
};

test.each(Object.entries(cases))("%s holds no more after thousands of steps", async (_, make) => {
  const { run, held, end } = await make();
  const seen: { counts: Record<string, number>; memory: ReturnType<typeof used> }[] = [];
  run(() => seen.push({ counts: held(), memory: used() }));
  expect(seen.length).toBe(THOUSANDS);
  for (const { counts } of seen) expect(counts).toStrictEqual(seen[0]!.counts);
  const [first, last] = [seen[0]!.memory, seen.at(-1)!.memory];
  expect(last.arrayBuffers - first.arrayBuffers, "bytes of arrays").toBeLessThan(STEPS);
  expect(last.heapUsed - first.heapUsed, "bytes of heap").toBeLessThan(SLACK);
  end();
});
