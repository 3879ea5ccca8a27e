// Steps made of TensorFlow.js's operations, for backends whose memory is out of reach, beside those of the kernels.

import { describe, expect, test, vi } from "vitest";
import type { TfjsOptimizer, TfjsOptimizers, TfjsOptions } from "../../src/adapters/tfjs/index.js";
import * as schuss from "../../src/index.js";
import { normalNumbers } from "../memory/random.js";
import { expectTensorsReturned, ours, tf, use } from "./tfjs-backends.js";

const STEPS = 9;
const normal = normalNumbers(41);
const shapes: Record<string, number[]> = { scalar: [], vector: [17], matrix: [5, 4] };
const sizeOf = (shape: readonly number[]) => shape.reduce((n, size) => n * size, 1);
const draw = (shape: readonly number[]) => Float32Array.from({ length: sizeOf(shape) }, normal);
const start = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, draw(shape)]));
const gradients = Array.from({ length: STEPS }, () =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, draw(shape)])),
);

function makeVariables() {
  return Object.entries(shapes).map(([name, shape]) =>
    tf.tidy(() => tf.variable(tf.tensor(start[name]!, shape), true, name)),
  );
}

function apply(optimizer: tf.Optimizer, steps: readonly Record<string, Float32Array>[], names = Object.keys(shapes)) {
  for (const step of steps) {
    const tensors = Object.fromEntries(names.map((name) => [name, tf.tensor(step[name]!, shapes[name]!)]));
    try {
      optimizer.applyGradients(tensors);
    } finally {
      tf.dispose(tensors);
    }
  }
}

const read = (variables: readonly tf.Variable[]) => variables.map((variable) => variable.dataSync<"float32">().slice());

function expectNear(got: readonly Float32Array[], expected: readonly Float32Array[], tolerance = 4e-6) {
  const apart = got.map((array, k) => Math.max(...array.map((x, i) => Math.abs(x - expected[k]![i]!))));
  expect(Math.max(...apart)).toBeLessThanOrEqual(tolerance);
}

type Make = (options: TfjsOptions) => TfjsOptimizer;

/** Where a run ends, its averages if it has some, and its state. */
async function outcome(make: Make, options: TfjsOptions, names?: string[]) {
  const variables = makeVariables();
  const optimizer = make(options);
  apply(optimizer, gradients, names);
  const values = read(variables);
  const averages = options.average === undefined ? [] : optimizer.withAverages(() => read(variables));
  expectNear(read(variables), values, 0);
  const weights = await optimizer.getWeights();
  const state = weights.map(({ name, tensor }) => [name, [...tensor.dataSync()]] as const);
  const { reason } = optimizer;
  optimizer.dispose();
  tf.disposeVariables();
  return { values, averages, state, reason };
}

const host: [string, Make][] = [
  ["sgd", (o) => ours.sgd(0.1, o)],
  ["momentum", (o) => ours.momentum(0.05, 0.9, false, o)],
  ["momentum, Nesterov's", (o) => ours.momentum(0.05, 0.9, true, o)],
  ["adagrad", (o) => ours.adagrad(0.1, 0.2, o)],
  ["adadelta", (o) => ours.adadelta(0.5, 0.9, 1e-3, o)],
  ["adadelta, error and all", (o) => ours.adadelta(0.1, 0.9, 1e-2, { ...o, faithfulToBug: "tfjsStaleDenominator" })],
  ["adam", (o) => ours.adam(0.01, 0.8, 0.95, null, o)],
  ["adam with amsgrad", (o) => ours.adam(0.01, 0.8, 0.9, null, { ...o, amsgrad: true })],
  ["adamax", (o) => ours.adamax(0.01, 0.8, 0.9, null, 0.1, o)],
  ["rmsprop", (o) => ours.rmsprop(0.01, 0.9, 0, null, false, o)],
  ["rmsprop with momentum", (o) => ours.rmsprop(0.01, 0.9, 0.8, null, false, o)],
  ["rmsprop, centred", (o) => ours.rmsprop(0.01, 0.9, 0, 1e-3, true, o)],
  ["rmsprop, centred with momentum", (o) => ours.rmsprop(0.01, 0.9, 0.5, 1e-3, true, o)],
];

const names = ["adamw", "nadam", "radam", "lion", "lamb", "yogi", "adabelief", "amsgrad", "scheduleFree"] as const;
const own: [string, Make][] = names.map((name) => [name, (o) => (ours[name] as TfjsOptimizers["adamw"])(0.02, o)]);
const others: [string, Make][] = [
  [
    "scheduleFreeSgd",
    (o) =>
      ours.from<schuss.ScheduleFreeSgdOptions>(schuss.scheduleFreeSgd, { learningRate: 0.1, warmupSteps: 4, ...o }),
  ],
  ["scheduleFree, decayed", (o) => ours.scheduleFree(0.1, { warmupSteps: 4, weightDecay: 0.1, ...o })],
  ["lamb, decayed inside", (o) => ours.lamb(0.02, { weightDecay: 0.1, ...o })],
];

const optionSets: [string, TfjsOptions][] = [
  ["a schedule", { learningRate: (step) => 0.1 / (1 + step) }],
  ["l2", { weightDecay: 0.1 }],
  ["decoupled decay by name", { weightDecay: 0.1, decoupledWeightDecay: true, weightDecayMultiplier: { vector: 0 } }],
  ["decay that is independent", { weightDecay: 0.1, decoupledWeightDecay: true, independentWeightDecay: true }],
  ["rates by name, one frozen", { learningRateMultiplier: { vector: 0, matrix: 0.5 }, weightDecay: 0.1 }],
  ["maximize", { maximize: true }],
  ["clipValue", { clipValue: 0.3 }],
  ["clipNorm", { clipNorm: 1.5 }],
  ["clipNorm of more than there is", { clipNorm: 1e6 }],
  ["clipTensorNorm", { clipTensorNorm: 0.7 }],
  ["adaptiveClip", { adaptiveClip: 0.1 }],
  ["adaptiveClip and clipTensorNorm", { adaptiveClip: 0.5, clipTensorNorm: 0.7, clipNorm: 3 }],
  ["lossScale", { lossScale: 8 }],
  ["lossScale that adapts", { lossScale: { initial: 4, interval: 3 } }],
  ["accumulate", { accumulate: 3, clipNorm: 1 }],
  ["an exponential average", { average: { kind: "exponential", decay: 0.7 } }],
  ["an average by steps", { average: { kind: "stepWeighted" }, learningRate: (step) => 0.1 / (1 + step) }],
  ["a box", { projection: { kind: "box", radius: 0.6 } }],
  ["nonFinite", { nonFinite: "skip" }],
];

describe.each(["cpu", "wasm"] as const)("operations of the backend %s", (backend) => {
  expectTensorsReturned(backend);

  const expectSame = async (make: Make, options: TfjsOptions) => {
    const kernels = await outcome(make, options);
    const composed = await outcome(make, { ...options, memory: "operations" });
    expect(composed.reason).toBe("steps are made of TensorFlow.js's operations, as asked for");
    expectNear(composed.values, kernels.values);
    expectNear(composed.averages, kernels.averages);
    expect(composed.state.map(([name]) => name)).toEqual(kernels.state.map(([name]) => name));
    composed.state.forEach(([name, array], k) => {
      if (name === "header") return;
      expectNear([Float32Array.from(array)], [Float32Array.from(kernels.state[k]![1])], 2e-5);
    });
  };

  test.each([...host, ...own, ...others])(
    "%s goes where the kernels go, and its state is theirs",
    async (_name, make) => expectSame(make, {}),
  );

  test.each(optionSets)("with %s", async (_name, options) => {
    await expectSame((o) => ours.momentum(0.05, 0.5, false, o), options);
    if (!("learningRate" in options)) await expectSame((o) => ours.adamw(0.02, o), options);
  });

  test("tensors and bytes are flat over 1000 steps", () => {
    makeVariables();
    const optimizer = ours.adamw(0.01, { memory: "operations", clipNorm: 1, average: { kind: "exponential" } });
    const tensors = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, tf.tensor(start[name]!, shape)]),
    );
    optimizer.applyGradients(tensors);
    const after = { ...tf.memory(), own: optimizer.bytesInUse };
    expect(after.own).toBe(4 * 3 * (1 + 17 + 20));
    for (let k = 0; k < 1000; k++) optimizer.applyGradients(tensors);
    expect({ ...tf.memory(), own: optimizer.bytesInUse }).toEqual(after);
    optimizer.dispose();
    tf.dispose(tensors);
  });

  test("a gradient that is not finite is skipped, or thrown", () => {
    const variables = makeVariables();
    const broken = { ...gradients[0]!, matrix: gradients[0]!.matrix!.map((g, i) => (i === 7 ? Number.NaN : g)) };
    const skipping = ours.adam(0.1, 0.9, 0.999, null, { memory: "operations", nonFinite: "skip" });
    apply(skipping, [broken]);
    expectNear(read(variables), Object.values(start), 0);
    apply(skipping, gradients.slice(0, 1));
    expect(variables[1]!.dataSync()[0]).not.toBe(start.vector![0]);
    const throwing = ours.sgd(0.1, { memory: "operations", nonFinite: "throw", accumulate: 2 });
    const then = read(variables);
    apply(throwing, [broken]);
    expect(() => apply(throwing, [gradients[0]!])).toThrow('sgd: the gradient of "matrix" is not finite');
    expectNear(read(variables), then, 0);
    // The broken sum is gone.
    apply(throwing, gradients.slice(0, 2));
    expect(read(variables)[2]!.every(Number.isFinite)).toBe(true);
    tf.disposeVariables();
    skipping.dispose();
    throwing.dispose();
  });

  test("a state goes from the kernels to the operations and back", async () => {
    const make = (memory: "auto" | "operations") => ours.nadam(0.01, { memory });
    const variables = makeVariables();
    const through = make("auto");
    apply(through, gradients);
    const expected = read(variables);
    through.dispose();
    tf.disposeVariables();
    const again = makeVariables();
    let last: TfjsOptimizer | undefined;
    for (const [k, memory] of (["auto", "operations", "auto"] as const).entries()) {
      const next = make(memory);
      if (last !== undefined) await next.setWeights(await last.getWeights());
      last?.dispose();
      apply(next, gradients.slice(3 * k, 3 * k + 3));
      last = next;
    }
    expectNear(read(again), expected);
    last!.dispose();
  });

  test("parts that come alone, rates and momenta that are set", () => {
    const run = (memory: "auto" | "operations") => {
      const variables = makeVariables();
      const optimizer = ours.momentum(0.1, 0.5, false, { memory });
      apply(optimizer, gradients.slice(0, 2));
      apply(optimizer, gradients.slice(2, 4), ["vector"]);
      optimizer.setLearningRate(0.02);
      apply(optimizer, gradients.slice(4, 5));
      optimizer.setMomentum(0);
      apply(optimizer, gradients.slice(5, 6), ["matrix", "scalar"]);
      optimizer.setMomentum(0.8);
      apply(optimizer, gradients.slice(6, 9));
      const values = read(variables);
      optimizer.dispose();
      tf.disposeVariables();
      return values;
    };
    expectNear(run("operations"), run("auto"));
  });
});

describe("a backend that is out of reach", () => {
  test("is said once, and followed there and back", async () => {
    await use("cpu");
    const Backend = tf.backend().constructor as new () => tf.KernelBackend;
    tf.registerBackend("elsewhere", () => new Backend());
    for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "elsewhere" });
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const expected = await outcome((o) => ours.adam(0.01, 0.9, 0.99, null, o), {});
    const variables = makeVariables();
    const optimizer = ours.adam(0.01, 0.9, 0.99);
    apply(optimizer, gradients.slice(0, 3));
    expect(optimizer.reason).toContain("views");
    warn.mockClear();
    await tf.setBackend("elsewhere");
    apply(optimizer, gradients.slice(3, 6));
    expect(optimizer.reason).toBe(
      `steps are made of TensorFlow.js's operations: the memory of TensorFlow.js's backend "elsewhere" is out of reach`,
    );
    await use("cpu");
    apply(optimizer, gradients.slice(6));
    expect(optimizer.reason).toContain("views");
    expectNear(read(variables), expected.values);
    await tf.setBackend("elsewhere");
    const soap = ours.soap();
    apply(soap, gradients.slice(0, 1));
    expect(soap.reason).toContain("soap can't be made of its operations");
    const messages = warn.mock.calls
      .map(([message]) => String(message))
      .filter((text) => text.startsWith("schuss/tfjs"));
    expect(messages).toEqual([
      'schuss/tfjs: the memory of TensorFlow.js\'s backend "elsewhere" is out of reach; steps are made of its own operations',
      "schuss/tfjs: the memory of TensorFlow.js's backend \"elsewhere\" is out of reach, and soap can't be made of its operations; parameters and gradients are copied at every step",
    ]);
    optimizer.dispose();
    soap.dispose();
    tf.disposeVariables();
    warn.mockRestore();
    await use("cpu");
  });
});

test("what operations can't make is refused where they are asked for", () => {
  expect(() => ours.soap(0.1, { memory: "operations" })).toThrow('memory "operations" is not for soap');
  expect(() => ours.sgd(0.1, { memory: "operations", lookahead: { steps: 5, rate: 0.5 } } as TfjsOptions)).toThrow(
    'memory "operations" is not for sgd with lookahead',
  );
});
