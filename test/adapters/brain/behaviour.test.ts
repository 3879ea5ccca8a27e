// What brain.js promises of a network holds for an accelerated one: its own training tests (truth tables, objects, JSON,
// asynchronous training, its options), written anew; and what this package promises besides: modes, saved optimizers,
// memory.

import { NeuralNetwork, NeuralNetworkGPU } from "brain-next";
import { describe, expect, test, vi } from "vitest";
import { accelerate, release, resumeTraining, trainingState } from "../../../src/adapters/brain/index.js";
import { load, parameters } from "../../../src/index.js";
import { seeded } from "../../kernels/numbers.js";
import { type Net, network, patterns } from "./networks.js";

const SIZES = { inputSize: 4, hiddenLayers: [5], outputSize: 2 };

const table = (f: (a: number, b: number) => number) =>
  [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map(([a, b]) => ({ input: [a!, b!], output: [f(a!, b!)] }));

function withSeed<Result>(run: () => Result): Result {
  const random = vi.spyOn(Math, "random").mockImplementation(seeded(5));
  try {
    return run();
  } finally {
    random.mockRestore();
  }
}

describe.each(["faithful", "fixed"] as const)("%s", (mode) => {
  const tables = {
    xor: (a: number, b: number) => a ^ b,
    nand: (a: number, b: number) => 1 - (a & b),
    and: (a: number, b: number) => a & b,
    or: (a: number, b: number) => a | b,
    not: (a: number) => 1 - a,
  };

  test.each(Object.entries(tables))("learns %s", (_, f) => {
    for (const options of [
      {},
      { praxis: "adam", learningRate: 0.01 },
      { activation: "tanh", learningRate: 0.05 },
    ] as const) {
      const net: Net = accelerate(new NeuralNetwork<number[], number[]>({ hiddenLayers: [4] }), { mode });
      const status = withSeed(() => net.train(table(f), { iterations: 20_000, errorThresh: 0.003, ...options }));
      expect(status.error).toBeLessThanOrEqual(0.003);
      expect(status.iterations).toBeLessThan(20_000);
      for (const { input, output } of table(f)) expect(Math.abs(net.run(input)[0]! - output[0]!)).toBeLessThan(0.25);
    }
  });

  test("learns from objects and answers with them", () => {
    const net = accelerate(new NeuralNetwork<Record<string, number>, Record<string, number>>(), { mode });
    withSeed(() =>
      net.train(
        [
          { input: { r: 0.03, g: 0.7, b: 0.5 }, output: { black: 1 } },
          { input: { r: 0.16, g: 0.09, b: 0.2 }, output: { white: 1 } },
          { input: { r: 0.5, g: 0.5, b: 1 }, output: { white: 1 } },
        ],
        { errorThresh: 0.002 },
      ),
    );
    const output = net.run({ r: 0, g: 0.7, b: 0.4 });
    expect(output.black).toBeGreaterThan(0.7);
    expect(output.white).toBeLessThan(0.3);
  });
});

test("JSON goes out as brain.js's, and comes in", () => {
  const net = accelerate(network(SIZES));
  net.train(patterns(6, 4, 2), { iterations: 10, errorThresh: 1e-9 });
  const json = JSON.parse(JSON.stringify(net.toJSON()));
  const input = [0.1, 0.9, 0.4, 0];
  for (const copy of [accelerate(new NeuralNetwork()), new NeuralNetwork(), accelerate(network(SIZES, 7))]) {
    copy.fromJSON(json);
    expect(JSON.parse(JSON.stringify(copy.toJSON()))).toStrictEqual(json);
    [...(copy as Net).run(input)].forEach((y, i) => {
      expect(y).toBeCloseTo(net.run(input)[i]!, 6);
    });
  }
});

test("weights that are written to are used, as they are where rows are written into", () => {
  const net = accelerate(network(SIZES));
  net.run([1, 1, 1, 1]);
  for (const layer of net.weights.slice(1)) for (const row of layer!) row.fill(0);
  for (const layer of net.biases.slice(1)) layer!.fill(0);
  expect([...net.run([1, 1, 1, 1])]).toStrictEqual([0.5, 0.5]);
  net.biases = net.biases.map((row) => row?.map(() => 100));
  expect([...net.run([1, 1, 1, 1])]).toStrictEqual([1, 1]);
});

describe("modes", () => {
  const adam = { praxis: "adam", learningRate: 0.01 } as const;
  const once = { iterations: 1, errorThresh: 1e-9 };

  test("faithful: the first step of Adam leaves the biases alone, as in brain.js; fixed: it moves them by the rate", () => {
    for (const mode of ["faithful", "fixed"] as const) {
      const net = accelerate(network({ ...SIZES, ...adam }), { mode });
      const before = [...net.biases[1]!];
      net.train(patterns(1, 4, 2), once);
      // The first step of Adam is the rate times the gradient's sign.
      const expected = mode === "faithful" ? 0 : 0.01;
      [...net.biases[1]!].forEach((b, i) => {
        expect(Math.abs(b - before[i]!)).toBeCloseTo(expected, 4);
      });
    }
  });

  test("fixed: praxis and activation given to train hold for an initialized network", () => {
    const host = network(SIZES);
    const [faithful, fixed] = [accelerate(network(SIZES)), accelerate(network(SIZES), { mode: "fixed" })];
    const wanted = network({ ...SIZES, ...adam, activation: "tanh" });
    accelerate(wanted, { mode: "fixed" }).train(patterns(6, 4, 2), { iterations: 5, errorThresh: 1e-9 });
    for (const net of [host, faithful, fixed]) {
      net.train(patterns(6, 4, 2), { iterations: 5, errorThresh: 1e-9, ...adam, activation: "tanh" });
    }
    expect(fixed.toJSON().layers).toStrictEqual(wanted.toJSON().layers);
    faithful.toJSON().layers.forEach((layer, l) => {
      [...layer.biases].forEach((b, i) => {
        expect(b).toBeCloseTo(host.toJSON().layers[l]!.biases[i]!, 5);
      });
    });
    fixed.train(patterns(6, 4, 2), { ...once, praxis: undefined });
    expect(trainingState(fixed)).toHaveProperty("praxis", null);
  });
});

describe("a saved optimizer", () => {
  const [first, second] = [patterns(8, 4, 2), { iterations: 7, errorThresh: 1e-9 }];

  test.each([{}, { praxis: "adam" as const, learningRate: 0.01 }])(
    "goes on as if it had never stopped, %o",
    (options) => {
      const whole = accelerate(network({ ...SIZES, ...options }));
      whole.train(first, second);
      const saved = JSON.stringify({ net: whole.toJSON(), training: trainingState(whole) });
      whole.train(first, second);
      const { net: json, training } = JSON.parse(saved);
      const resumed = accelerate(new NeuralNetwork<number[], number[]>());
      resumed.fromJSON(json);
      resumeTraining(resumed, training).train(first, second);
      expect(resumed.toJSON().layers).toStrictEqual(whole.toJSON().layers);
      expect(trainingState(resumed)).toStrictEqual(trainingState(whole));
    },
  );

  test("goes into brain.js's own networks and comes from them", () => {
    const host = network({ ...SIZES, praxis: "adam" });
    host.train(first, second);
    const state = trainingState(host);
    expect(state).toHaveProperty("iterations", 56);
    const other = network(SIZES);
    expect(trainingState(resumeTraining(other, state))).toStrictEqual(state);
  });

  test("must fit the network", () => {
    const state = trainingState(network(SIZES));
    expect(() => resumeTraining(network({ ...SIZES, hiddenLayers: [6] }), state)).toThrow(
      "resumeTraining: state must be of a network of 4,6,2, got one of 4,5,2",
    );
    expect(() => resumeTraining(network(SIZES), { ...state, version: 2 })).toThrow("version 1 or earlier, got 2");
    expect(() => resumeTraining(network(SIZES), 3 as never)).toThrow("state must come from trainingState(), got 3");
    expect(() => trainingState(new NeuralNetwork())).toThrow("the network has not been initialized");
  });
});

describe("memory", () => {
  test("is taken once, freed by release, and flat over 1,000 steps", async () => {
    const engine = await load();
    const net = accelerate(network({ ...SIZES, praxis: "adam" }), { engine });
    net.train(patterns(1, 4, 2), { iterations: 1, errorThresh: 1e-9 });
    const { bytesInUse } = engine;
    expect(bytesInUse).toBeGreaterThan(0);
    net.train(patterns(1, 4, 2), { iterations: 1000, errorThresh: 1e-9 });
    expect(engine.bytesInUse).toBe(bytesInUse);
    const output = [...net.run([1, 0, 1, 0])];
    release(net);
    expect(engine.bytesInUse).toBe(0);
    [...net.run([1, 0, 1, 0])].forEach((y, i) => {
      expect(y).toBeCloseTo(output[i]!, 6);
    });
    expect(release(net)).toBe(net);
    expect(accelerate(net, { engine })).toBe(net);
  });

  test("may grow under a network", async () => {
    const engine = await load();
    const net = accelerate(network(SIZES), { engine });
    const before = [...net.run([1, 0, 1, 0])];
    const kept = parameters({ large: 1_000_000 }, { engine });
    expect([...net.run([1, 0, 1, 0])]).toStrictEqual(before);
    expect(net.toJSON().layers[1]!.weights[0]!.length).toBe(4);
    kept.dispose();
  });

  test("follows a network that is initialized with other sizes", async () => {
    const engine = await load();
    const net = accelerate(network(SIZES), { engine });
    net.run([1, 0, 1, 0]);
    net.sizes = [2, 2, 1];
    net.initialize();
    expect(net.run([1, 0]).length).toBe(1);
    release(net);
    expect(engine.bytesInUse).toBe(0);
  });
});

test("says what it was given", () => {
  expect(() => accelerate(3 as never)).toThrow(
    "accelerate: net must be a NeuralNetwork or FeedForward of brain.js, got 3",
  );
  expect(() => accelerate({ run() {} })).toThrow("got an Object without initialize");
  expect(() => accelerate(network(SIZES), { mode: "fast" as never })).toThrow(
    'mode must be one of "faithful", "fixed"',
  );
  expect(() => accelerate(Object.assign(network(SIZES), { gpu: {} }))).toThrow("which trains on the GPU");
  expect(NeuralNetworkGPU.prototype).toBeInstanceOf(NeuralNetwork);
});
