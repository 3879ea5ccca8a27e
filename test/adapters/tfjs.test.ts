// schuss/tfjs beside TensorFlow.js's own optimizers, on its own backends.

import { describe, expect, test } from "vitest";
import type { TfjsOptimizer } from "../../src/adapters/tfjs/index.js";
import { normalNumbers } from "../memory/random.js";
import { backends, expectTensorsReturned, ours, tf, use } from "./tfjs-backends.js";

const normal = normalNumbers(7);
const STEPS = 12;
/** The last is beyond the size from which the wasm backend's tensors are updated where they are. */
const shapes: Record<string, number[]> = { scalar: [], vector: [7], matrix: [5, 3], large: [130, 140] };
const start = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, Float32Array.from({ length: sizeOf(shape) }, normal)]),
);
const gradients = Array.from({ length: STEPS }, () =>
  Object.fromEntries(
    Object.entries(start).map(([name, { length }]) => [name, Float32Array.from({ length }, () => normal() ** 3)]),
  ),
);

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((n, size) => n * size, 1);
}

function makeVariables(names = Object.keys(shapes)) {
  return names.map((name) => tf.tidy(() => tf.variable(tf.tensor(start[name]!, shapes[name]!), true, name)));
}

/** The values of all variables after some steps. */
function run(optimizer: tf.Optimizer, steps = gradients, names = Object.keys(shapes)) {
  for (const step of steps) {
    const tensors = Object.fromEntries(names.map((name) => [name, tf.tensor(step[name]!, shapes[name]!)]));
    optimizer.applyGradients(tensors);
    tf.dispose(tensors);
  }
}

const values = (variables: readonly tf.Variable[]) =>
  variables.map((variable) => variable.dataSync<"float32">().slice());

function expectNear(got: readonly Float32Array[], expected: readonly Float32Array[], tolerance = 3e-6) {
  got.forEach((array, k) => {
    expect(array.length).toBe(expected[k]!.length);
    let worst = 0;
    array.forEach((x, i) => {
      worst = Math.max(worst, Math.abs(x - expected[k]![i]!) / Math.max(1, Math.abs(x)));
    });
    expect(worst).toBeLessThanOrEqual(tolerance);
  });
}

const cases: [string, () => tf.Optimizer, () => TfjsOptimizer][] = [
  ["sgd", () => tf.train.sgd(0.1), () => ours.sgd(0.1)],
  ["momentum", () => tf.train.momentum(0.05, 0.9), () => ours.momentum(0.05, 0.9)],
  ["nesterov", () => tf.train.momentum(0.05, 0.9, true), () => ours.momentum(0.05, 0.9, true)],
  ["adagrad", () => tf.train.adagrad(0.1, 0.3), () => ours.adagrad(0.1, 0.3)],
  [
    "adadelta, error and all",
    () => tf.train.adadelta(0.5, 0.9, 1e-3),
    () => ours.adadelta(0.5, 0.9, 1e-3, { faithfulToBug: "tfjsStaleDenominator" }),
  ],
  ["adam", () => tf.train.adam(), () => ours.adam()],
  ["adam with options", () => tf.train.adam(0.01, 0.8, 0.95, 1e-3), () => ours.adam(0.01, 0.8, 0.95, 1e-3)],
  ["adamax", () => tf.train.adamax(), () => ours.adamax()],
  ["adamax with decay", () => tf.train.adamax(0.01, 0.8, 0.9, 1e-3, 0.1), () => ours.adamax(0.01, 0.8, 0.9, 1e-3, 0.1)],
  ["rmsprop", () => tf.train.rmsprop(0.01), () => ours.rmsprop(0.01)],
  ["rmsprop with momentum", () => tf.train.rmsprop(0.01, 0.9, 0.8), () => ours.rmsprop(0.01, 0.9, 0.8)],
];

describe.each(backends)("on the backend %s", (backend) => {
  expectTensorsReturned(backend);

  test.each(cases)("%s goes where TensorFlow.js goes, and frees what it used", (_name, theirs, mine) => {
    const stock = theirs();
    const variables = makeVariables();
    run(stock, gradients);
    const expected = values(variables);
    const config = stock.getConfig();
    stock.dispose();
    // TensorFlow.js's momentum forgets the rate of the class that it extends.
    if (stock.getClassName() === "Momentum") (stock as unknown as { c: tf.Tensor }).c.dispose();
    tf.disposeVariables();

    const optimizer = mine();
    expect(optimizer).toBeInstanceOf(tf.Optimizer);
    expect(optimizer.getClassName()).toBe(stock.getClassName());
    const { options: _, ...own } = optimizer.getConfig() as { options?: unknown };
    expect(own).toEqual(config);
    const again = makeVariables();
    run(optimizer);
    expectNear(values(again), expected);
    expect(optimizer.iterations).toBe(STEPS);
    optimizer.dispose();
    optimizer.dispose();
    expect(optimizer.bytesInUse).toBe(0);
    expectNear(values(again), expected);
  });

  test("minimize returns the cost, and makes no tensor that stays", () => {
    const [w] = makeVariables(["vector"]);
    const optimizer = ours.adam(0.1);
    const cost = () => tf.sum(tf.square(w!)) as tf.Scalar;
    const costs: number[] = [];
    let tensors = 0;
    for (let step = 0; step < 60; step++) {
      const value = optimizer.minimize(cost, true)!;
      costs.push(value.dataSync()[0]!);
      value.dispose();
      tensors ||= tf.memory().numTensors;
      expect(tf.memory().numTensors).toBe(tensors);
    }
    expect(costs.at(-1)).toBeLessThan(0.05 * costs[0]!);
    expect(optimizer.minimize(cost, false, [w!])).toBeNull();
    optimizer.dispose();
  });

  test("tensors, bytes and the memory here are flat over 1000 steps", () => {
    const variables = makeVariables();
    const optimizer = ours.adam();
    const tensors = Object.fromEntries(
      variables.map(({ name, shape }) => [name, tf.tensor(gradients[0]![name]!, shape)]),
    );
    optimizer.applyGradients(tensors);
    const after = { ...tf.memory(), own: optimizer.bytesInUse };
    for (let k = 0; k < 1000; k++) optimizer.applyGradients(tensors);
    expect({ ...tf.memory(), own: optimizer.bytesInUse }).toEqual(after);
    optimizer.dispose();
    tf.dispose(tensors);
  });

  describe("variables that are others at every step", () => {
    const [A, B] = [["vector", "large"], ["matrix"]];

    test("have a state of their own: two networks in turn", () => {
      const variables = makeVariables();
      const optimizer = ours.adam(0.01);
      for (const step of gradients) {
        run(optimizer, [step], A);
        run(optimizer, [step], B);
      }
      const together = values(variables);
      optimizer.dispose();
      tf.disposeVariables();
      const again = makeVariables();
      const [first, second] = [ours.adam(0.01), ours.adam(0.01)];
      run(first, gradients, A);
      run(second, gradients, B);
      expectNear(together, values(again), 0);
      first.dispose();
      second.dispose();
    });

    test("a part that comes alone goes on from the state of the whole", () => {
      const variables = makeVariables(["vector", "matrix", "large"]);
      const optimizer = ours.adam(0.01);
      run(optimizer, gradients.slice(0, 5), ["vector", "matrix", "large"]);
      run(optimizer, gradients.slice(5), ["matrix", "large"]);
      const got = values(variables);
      optimizer.dispose();
      tf.disposeVariables();
      const again = makeVariables(["vector", "matrix", "large"]);
      const [first, second] = [ours.adam(0.01), ours.adam(0.01)];
      run(first, gradients.slice(0, 5), ["vector"]);
      run(second, gradients, ["matrix", "large"]);
      expectNear(got, values(again), 0);
      first.dispose();
      second.dispose();
    });

    test("a missing gradient is a variable that does not come", () => {
      const [vector, matrix] = makeVariables(["vector", "matrix"]);
      const optimizer = ours.sgd(1);
      const gradient = tf.ones([5, 3]);
      optimizer.applyGradients([
        { name: "vector", tensor: null as never },
        { name: "matrix", tensor: gradient },
      ]);
      expect([...vector!.dataSync()]).toEqual([...start.vector!]);
      expect(matrix!.dataSync()[0]).toBe(Math.fround(start.matrix![0]! - 1));
      gradient.dispose();
      optimizer.dispose();
    });
  });

  describe("data that others have, too", () => {
    test.each(["vector", "large"])("a clone, or a tensor the variable was made of, stays as it was: %s", (name) => {
      const initial = tf.tensor(start[name]!, shapes[name]!);
      const variable = tf.variable(initial, true, name);
      const optimizer = ours.sgd(1);
      run(optimizer, gradients.slice(0, 1), [name]);
      const clone = variable.clone();
      const then = clone.dataSync().slice();
      run(optimizer, gradients.slice(1, 3), [name]);
      expect([...initial.dataSync()]).toEqual([...start[name]!]);
      expect([...clone.dataSync()]).toEqual([...then]);
      expect(variable.dataSync()[0]).not.toBe(then[0]);
      tf.dispose([initial, clone]);
      optimizer.dispose();
    });

    test("what was read of a variable does not change", async () => {
      const [variable] = makeVariables(["vector"]);
      const optimizer = ours.sgd(1);
      run(optimizer, gradients.slice(0, 1), ["vector"]);
      const [read, awaited] = [variable!.dataSync(), await variable!.data()];
      const copy = [...read];
      run(optimizer, gradients.slice(1, 3), ["vector"]);
      run(optimizer, gradients.slice(3, 4), ["vector"]);
      expect([...read]).toEqual(copy);
      expect([...awaited]).toEqual(copy);
      expect([...variable!.dataSync()]).not.toEqual(copy);
      optimizer.dispose();
    });

    test.each(["vector", "large"])("what is assigned to a variable between steps is where it goes on: %s", (name) => {
      const [variable] = makeVariables([name]);
      const optimizer = ours.sgd(1);
      run(optimizer, gradients.slice(0, 1), [name]);
      tf.tidy(() => variable!.assign(tf.fill(shapes[name]!, 2)));
      run(optimizer, gradients.slice(1, 2), [name]);
      expect(variable!.dataSync()[3]).toBe(Math.fround(2 - gradients[1]![name]![3]!));
      optimizer.dispose();
    });
  });

  describe("options that TensorFlow.js has not", () => {
    test("decay by name, and the norm over all gradients", () => {
      const [vector, matrix, large] = makeVariables(["vector", "matrix", "large"]);
      const optimizer = ours.sgd(0.5, {
        weightDecay: 0.1,
        decoupledWeightDecay: true,
        weightDecayMultiplier: (name) => name !== "vector",
        clipNorm: 1,
      });
      run(optimizer, gradients.slice(0, 1), ["vector", "matrix", "large"]);
      const all = ["vector", "matrix", "large"].flatMap((name) => [...gradients[0]![name]!]);
      const scale = 1 / Math.sqrt(all.reduce((sum, g) => sum + g * g, 0));
      const by = (name: string, shrink: number) =>
        start[name]!.map((p, i) => p * (1 - shrink) - 0.5 * scale * gradients[0]![name]![i]!);
      expectNear(values([vector!, matrix!, large!]), [by("vector", 0), by("matrix", 0.05), by("large", 0.05)]);
      optimizer.dispose();
    });

    test("accumulate: two steps are one with the mean", () => {
      const names = ["vector", "large"];
      const variables = makeVariables(names);
      const optimizer = ours.sgd(1, { accumulate: 2 });
      run(optimizer, gradients.slice(0, 4), names);
      const expected = names.map((name) =>
        start[name]!.map((p, i) => p - gradients.slice(0, 4).reduce((sum, step) => sum + step[name]![i]! / 2, 0)),
      );
      expectNear(values(variables), expected);
      optimizer.dispose();
    });

    test("an average of the parameters, for as long as it is asked for", () => {
      const names = ["vector", "large"];
      const variables = makeVariables(names);
      const optimizer = ours.sgd(1, { average: { kind: "exponential", decay: 0.5 } });
      run(optimizer, gradients.slice(0, 1), names);
      const after = values(variables);
      const averages = optimizer.withAverages(() => values(variables));
      expectNear(values(variables), after, 0);
      expect(averages[0]).not.toEqual(after[0]);
      optimizer.dispose();
    });

    test("schedules, and rates that are set", () => {
      const [variable] = makeVariables(["vector"]);
      const optimizer = ours.sgd((step: number) => 1 / (step + 1));
      expect(optimizer.learningRate).toBe(1);
      run(optimizer, gradients.slice(0, 2), ["vector"]);
      optimizer.setLearningRate(10);
      run(optimizer, gradients.slice(2, 3), ["vector"]);
      const expected = start.vector!.map(
        (p, i) => p - gradients[0]!.vector![i]! - gradients[1]!.vector![i]! / 2 - 10 * gradients[2]!.vector![i]!,
      );
      expectNear(values([variable!]), [expected]);
      optimizer.dispose();
    });

    test("setMomentum does something", () => {
      const [variable] = makeVariables(["vector"]);
      const optimizer = ours.momentum(1, 0.5);
      run(optimizer, gradients.slice(0, 1), ["vector"]);
      optimizer.setMomentum(0);
      run(optimizer, gradients.slice(1, 2), ["vector"]);
      const expected = start.vector!.map((p, i) => p - gradients[0]!.vector![i]! - gradients[1]!.vector![i]!);
      expectNear(values([variable!]), [expected]);
      optimizer.dispose();
    });

    test.each([
      "adamw",
      "nadam",
      "radam",
      "lion",
      "lamb",
      "yogi",
      "adabelief",
      "amsgrad",
      "scheduleFree",
      "shampoo",
      "soap",
      "muon",
    ] as const)("%s brings a parabola down", (name) => {
      const variables = makeVariables(["vector", "large"]);
      const optimizer = ours[name](0.03);
      const cost = () => tf.addN(variables.map((w) => tf.sum(tf.square(w)))) as tf.Scalar;
      const first = optimizer.minimize(cost, true)!;
      for (let step = 0; step < 60; step++) optimizer.minimize(cost);
      const last = optimizer.minimize(cost, true)!;
      expect(last.dataSync()[0]).toBeLessThan(0.7 * first.dataSync()[0]!);
      tf.dispose([first, last]);
      optimizer.dispose();
    });
  });

  describe("weights", () => {
    const names = ["vector", "matrix", "large"];
    const resumed = [
      ...cases,
      ["adamw", undefined, () => ours.adamw(0.01)] as const,
      ["nadam", undefined, () => ours.nadam()] as const,
    ];

    test.each(resumed)("%s: taken over by another, which goes on to the bit", async (_name, _theirs, make) => {
      const variables = makeVariables(names);
      const through = make();
      run(through, gradients, names);
      const expected = values(variables);
      through.dispose();
      tf.disposeVariables();
      const again = makeVariables(names);
      const first = make();
      run(first, gradients.slice(0, 5), names);
      const second = make();
      await second.setWeights(await first.getWeights());
      first.dispose();
      run(second, gradients.slice(5), names);
      expectNear(values(again), expected, 0);
      expect(second.iterations).toBe(STEPS);
      second.dispose();
    });

    test.each([
      ["adam", () => tf.train.adam(0.01), () => ours.adam(0.01)],
      ["rmsprop", () => tf.train.rmsprop(0.01, 0.9, 0.5), () => ours.rmsprop(0.01, 0.9, 0.5)],
      ["adagrad", () => tf.train.adagrad(0.1), () => ours.adagrad(0.1)],
    ] as const)("%s: both ways between TensorFlow.js's and ours", async (_name, theirs, mine) => {
      const variables = makeVariables(names);
      const through = theirs();
      run(through, gradients, names);
      const expected = values(variables);
      through.dispose();
      tf.disposeVariables();
      for (const [first, second] of [
        [theirs(), mine()],
        [mine(), theirs()],
      ] as const) {
        const again = makeVariables(names);
        run(first, gradients.slice(0, 5), names);
        const weights = await first.getWeights();
        // TensorFlow.js makes variables of what it is given, and drops them.
        const copies = weights.map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
        await second.setWeights(copies);
        run(second, gradients.slice(5), names);
        expectNear(values(again), expected, 1e-5);
        first.dispose();
        second.dispose();
        tf.dispose([...copies.map(({ tensor }) => tensor), weights[0]!.tensor, ...again]);
        expect(weights.map(({ name, tensor }) => `${name} [${tensor.shape}]`)[0]).toBe("iter []");
      }
    });

    test("getWeights leaves no more tensors the second time", async () => {
      const variables = makeVariables(names);
      const optimizer = ours.adamax();
      run(optimizer, gradients.slice(0, 2), names);
      const weights = await optimizer.getWeights();
      expect(weights.map(({ name }) => name)).toEqual([
        "iter",
        ...names.map((n) => `${n}/m`),
        ...names.map((n) => `${n}/v`),
      ]);
      const { numTensors } = tf.memory();
      for (let k = 0; k < 3; k++) await optimizer.getWeights();
      expect(tf.memory().numTensors).toBe(numTensors);
      optimizer.dispose();
      expect(variables.length).toBe(3);
    });
  });

  test("what is refused", () => {
    makeVariables(["vector"]);
    const gradient = tf.ones([8]);
    const optimizer = ours.adam();
    expect(() => optimizer.applyGradients({ vector: gradient })).toThrow(
      'Adam: the gradient of "vector" must have the shape [7], got [8]',
    );
    expect(() => optimizer.applyGradients({ nowhere: gradient })).toThrow('Adam: there is no variable "nowhere"');
    expect(() => ours.adam(0.1, 2)).toThrow("adam: beta1 must be in [0, 1), got 2");
    expect(() => ours.adam(0.1, 0.9, 0.9, 1e-8, { clearGradients: true } as never)).toThrow(
      'no option "clearGradients"',
    );
    expect(() => ours.sgd(0.1, { weightDeacy: 1 } as never)).toThrow('sgd: there is no option "weightDeacy"');
    expect(() => ours.sgd(undefined as never)).toThrow("sgd: learningRate must be given");
    gradient.dispose();
    optimizer.dispose();
  });
});

test("memory copies: the same steps", async () => {
  await use("cpu");
  const run3 = (optimizer: TfjsOptimizer) => {
    const variables = makeVariables();
    run(optimizer);
    const got = values(variables);
    const { reason } = optimizer;
    optimizer.dispose();
    tf.disposeVariables();
    return { got, reason };
  };
  const [auto, copies] = [
    run3(ours.adam()),
    run3(ours.adam(undefined, undefined, undefined, null, { memory: "copies" })),
  ];
  expectNear(copies.got, auto.got, 0);
  expect(auto.reason).toContain("views");
  expect(copies.reason).toBe("parameters and gradients are copied, as asked for");
});
