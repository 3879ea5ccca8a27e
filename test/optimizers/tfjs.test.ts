// Against TensorFlow.js itself, run here on its backend of plain JavaScript, which rounds every operation to float32.

import "@tensorflow/tfjs-backend-cpu";
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as schuss from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

await tf.setBackend("cpu");

const LENGTH = 23;
const STEPS = 25;

const normal = normalNumbers(5);
const start = Float32Array.from({ length: LENGTH }, normal);
/** Of magnitudes that are far apart, and some of them 0. */
const gradients = Array.from({ length: STEPS }, () =>
  Float32Array.from({ length: LENGTH }, (_, i) => (Math.abs(normal()) < 0.1 ? 0 : normal() * 10 ** ((i % 7) - 4))),
);

type Create = (target: schuss.Target, options: schuss.WithEngine) => schuss.Optimizer;

const names = { adadelta: schuss.adadelta, rmsprop: schuss.rmsprop, rprop: schuss.rprop } as const;

function theirs(optimizer: tf.Optimizer, from: Float32Array, along: readonly Float32Array[]): Float32Array {
  const variable = tf.variable(tf.tensor1d(from), true, "w");
  for (const gradient of along) {
    const value = tf.tensor1d(gradient);
    optimizer.applyGradients({ w: value });
    value.dispose();
  }
  const values = variable.dataSync().slice() as Float32Array;
  tf.disposeVariables();
  return values;
}

function ours(create: Create, options: object, from: Float32Array, along: readonly Float32Array[]): Float32Array {
  const w = from.slice();
  using optimizer = create([w], { convention: "tfjs", ...options, engine: engines.strict } as schuss.WithEngine);
  for (const gradient of along) optimizer.step([gradient]);
  return w;
}

const decaying = (step: number) => 0.01 / (1 + 0.1 * step);

const cases: readonly [string, () => tf.Optimizer, Create, object][] = [
  ["sgd", () => tf.train.sgd(0.1), schuss.sgd, { learningRate: 0.1 }],
  ["momentum", () => tf.train.momentum(0.05, 0.9), schuss.sgd, { learningRate: 0.05, momentum: 0.9 }],
  [
    "momentum, nesterov",
    () => tf.train.momentum(0.05, 0.9, true),
    schuss.sgd,
    { learningRate: 0.05, momentum: 0.9, nesterov: true },
  ],
  ["adagrad", () => tf.train.adagrad(0.1), schuss.adagrad, { learningRate: 0.1 }],
  [
    "adagrad from 0.3",
    () => tf.train.adagrad(0.1, 0.3),
    schuss.adagrad,
    { learningRate: 0.1, initialAccumulator: 0.3 },
  ],
  ["adam", () => tf.train.adam(), schuss.adam, {}],
  [
    "adam with options",
    () => tf.train.adam(0.01, 0.8, 0.95, 1e-3),
    schuss.adam,
    { learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 },
  ],
  ["adamax", () => tf.train.adamax(), schuss.adamax, {}],
  [
    "adamax with decay",
    () => tf.train.adamax(0.01, 0.8, 0.9, 1e-3, 0.1),
    schuss.adamax,
    { learningRate: decaying, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 },
  ],
  ["rmsprop", () => tf.train.rmsprop(0.01), schuss.rmsprop, {}],
  ["rmsprop with momentum", () => tf.train.rmsprop(0.01, 0.9, 0.8), schuss.rmsprop, { momentum: 0.8 }],
  [
    "rmsprop, centred, error and all",
    () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-12, true),
    schuss.rmsprop,
    { centered: true, momentum: 0.5, epsilon: 1e-12, faithfulToBug: "tfjsSubtractedEpsilon" },
  ],
  ["adadelta, error and all", () => tf.train.adadelta(), schuss.adadelta, { faithfulToBug: "tfjsStaleDenominator" }],
  [
    "adadelta with options, error and all",
    () => tf.train.adadelta(0.5, 0.9, 1e-3),
    schuss.adadelta,
    { learningRate: 0.5, decay: 0.9, epsilon: 1e-3, faithfulToBug: "tfjsStaleDenominator" },
  ],
];

describe.each(cases)("%s", (_name, create, own, options) => {
  test("goes where TensorFlow.js goes", () => {
    const expected = theirs(create(), start, gradients);
    const got = ours(own, options, start, gradients);
    const travelled = got.map((x, i) => Math.abs(x - start[i]!));
    expect(Math.max(...travelled.filter((x) => !Number.isNaN(x)))).toBeGreaterThan(1e-3);
    got.forEach((x, i) => {
      // A NaN of theirs is one of ours.
      if (Number.isNaN(expected[i])) expect(x).toBeNaN();
      else expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(x)));
    });
  });
});

test("the options that are called default have TensorFlow.js's values", () => {
  for (const [optimizer, create] of [
    [tf.train.adam(), schuss.adam],
    [tf.train.adamax(), schuss.adamax],
    [tf.train.adadelta(), schuss.adadelta],
  ] as const) {
    using own = create([new Float32Array(1)], { convention: "tfjs", engine: engines.strict });
    expect(own.learningRate).toBe((optimizer.getConfig() as { learningRate: number }).learningRate);
  }
});

describe.each(schuss.deviations)("$library, $rule: $theirs", ({ library, rule, options, example }) => {
  const create = names[rule as keyof typeof names] as Create;
  const along = example.gradients.map((gradient) => Float32Array.of(gradient));
  const near = (value: number, expected: number) => {
    if (Number.isNaN(expected)) expect(value).toBeNaN();
    else expect(Math.abs(value / expected - 1)).toBeLessThan(1e-5);
  };

  test("ours is where it is said to be", () => {
    near(ours(create, { convention: "torch", ...example.options }, new Float32Array(1), along)[0]!, example.ours);
  });

  test.skipIf(options === undefined)("the option goes where they go", () => {
    near(ours(create, { ...example.options, ...options }, new Float32Array(1), along)[0]!, example.theirs);
  });

  test.skipIf(library !== "TensorFlow.js")("so does TensorFlow.js", () => {
    const { learningRate, epsilon = 1e-7 } = example.options as { learningRate: number; epsilon?: number };
    const optimizer =
      rule === "adadelta"
        ? tf.train.adadelta(learningRate, 0.95, epsilon)
        : tf.train.rmsprop(learningRate, 0.9, 0, epsilon, true);
    near(theirs(optimizer, new Float32Array(1), along)[0]!, example.theirs);
  });

  test.skipIf(library !== "PyTorch")("so does the product of float32 gradients", () => {
    const [first, second] = example.gradients.map(Math.fround) as [number, number];
    expect(Math.fround(first * second)).toBe(0);
    near(-(0.5 + 0.5), example.theirs);
  });
});

test("CONVENTIONS.md lists the deviations, each with its size", () => {
  const page = readFileSync(new URL("../../CONVENTIONS.md", import.meta.url), "utf8");
  const digits = (x: number) => (Number.isNaN(x) ? "NaN" : String(Number(x.toPrecision(4))));
  for (const { library, version, rule, theirs, ours, options, example } of schuss.deviations) {
    const size = digits(example.theirs / example.ours);
    const option = options ? `\`${Object.entries(options).map(([key, value]) => `${key}: "${value}"`)}\`` : "none";
    expect(page).toContain(
      `| ${library} ${version} | \`${rule}\` | ${theirs} | ${ours} | ${digits(example.theirs)} for ${digits(example.ours)}: ${size} | ${option} |`,
    );
  }
});
