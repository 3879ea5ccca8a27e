// accelerate(net) for FeedForward, against brain.js 2 itself: its praxis, and what stands around it.

import { FeedForward, layer, NeuralNetwork, Recurrent } from "brain-next";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { accelerate, release, resumeTraining, trainingState } from "../../../src/adapters/brain/index.js";
import { load, parameters } from "../../../src/index.js";
import { seeded } from "../../kernels/numbers.js";
import { network, patterns } from "./networks.js";

type Layer = ReturnType<typeof layer.feedForward>;
type Dense = (settings: { height: number }, below: Layer) => Layer;
type Net = FeedForward<number[], number[]>;

const SIZES = [11, 9, 6, 3];

/** From a seed, every layer made by `dense`; initialized. */
function feedForward(dense: Dense = layer.feedForward, options: object = {}, sizes = SIZES): Net {
  const random = vi.spyOn(Math, "random").mockImplementation(seeded(1));
  const net = new FeedForward<number[], number[]>({
    inputLayer: () => layer.input({ height: sizes[0]! }),
    hiddenLayers: sizes.slice(1, -1).map((height) => (below: Layer) => dense({ height }, below)),
    outputLayer: (below) => layer.target({ height: sizes.at(-1)! }, dense({ height: sizes.at(-1)! }, below)),
    ...options,
  });
  net.initialize();
  random.mockRestore();
  return net;
}

const affine: Dense = ({ height }, below) =>
  layer.add(
    layer.multiply(layer.random({ height, width: below.height, std: 0.5 }), below),
    layer.random({ height, width: 1, std: 0.5 }),
  );
const relu: Dense = (settings, below) => layer.relu(affine(settings, below));
const tanh: Dense = (settings, below) => layer.tanh(affine(settings, below));
const leakyRelu: Dense = (settings, below) => layer.leakyRelu(affine(settings, below), {});

const once = { iterations: 1, errorThresh: 1e-9 };
const many = { iterations: 20, errorThresh: 1e-9, errorCheckInterval: 1, callbackPeriod: 1 };

/** The error of every iteration. */
function errorsOf(net: Net, options: object = {}): number[] {
  const seen: number[] = [];
  net.train(patterns(12, net._inputLayer!.height, net._outputLayer!.height), {
    ...many,
    callback: ({ error }) => seen.push(error),
    ...options,
  });
  return seen;
}

function expectAlike(actual: readonly number[], expected: readonly number[], digits = 5e-6): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs(actual[i]! / x - 1), `${i}: ${actual[i]} for ${x}`).toBeLessThan(digits);
  });
}

const weightsOf = (net: Net) =>
  net._model!.flatMap(({ weights }) => (weights as Float32Array[]).flatMap((row) => [...row]));

// gpu.js says on the console that it has no kernel maps but on the CPU.
beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

describe.each(["relaxed", "strict", "reference"] as const)("%s", (variant) => {
  test.each([
    ["layer.feedForward", layer.feedForward, {}],
    ["relu, a small rate", relu, { praxisOpts: { learningRate: 0.001 } }],
    ["tanh, a small rate", tanh, { praxisOpts: { learningRate: 0.001 } }],
    [
      "every setting",
      layer.feedForward,
      {
        praxisOpts: {
          decayRate: 0.9,
          regularizationStrength: 0.01,
          learningRate: 0.005,
          smoothEps: 1e-3,
          clipValue: 0.02,
        },
      },
    ],
  ] as const)("%s: the errors are brain.js's to five digits", async (_, dense, options) => {
    const engine = await load({ variant });
    const [host, net] = [feedForward(dense, options), accelerate(feedForward(dense, options), { engine })];
    expect(weightsOf(net)).toStrictEqual(weightsOf(host));
    const expected = errorsOf(host);
    expect(new Set(expected).size).toBe(20);
    expectAlike(errorsOf(net), expected);
    release(net);
    expect(engine.bytesInUse).toBe(0);
  });
});

test("an untrained network is taken as brain.js makes it, at the first training", () => {
  const make = () =>
    new FeedForward<number[], number[]>({
      inputLayer: () => layer.input({ height: 4 }),
      hiddenLayers: [(below) => layer.feedForward({ height: 3 }, below)],
      outputLayer: (below) => layer.target({ height: 2 }, layer.feedForward({ height: 2 }, below)),
    });
  const [expected, actual] = [make(), accelerate(make())].map((net) => {
    vi.spyOn(Math, "random").mockImplementation(seeded(3));
    return net.train(patterns(5, 4, 2), many).error;
  });
  expectAlike([actual!], [expected!]);
});

test("gradients are added up where brain.js adds them up: over patterns without a step between", () => {
  const [host, net] = [feedForward(), accelerate(feedForward())];
  const [a, b] = patterns(2, SIZES[0]!, SIZES.at(-1)!);
  for (const each of [host, net]) {
    for (let step = 0; step < 3; step++) {
      for (const { input, output } of [a!, b!]) {
        each.runInput(input as never);
        each._calculateDeltas(output as never);
      }
      each.adjustWeights();
    }
  }
  const expected = weightsOf(host);
  weightsOf(net).forEach((w, i) => {
    expect(Math.abs(w - expected[i]!)).toBeLessThan(1e-6);
  });
  expect(expected).not.toStrictEqual(weightsOf(feedForward()));
});

test("weights that two layers use, and deltas that are never cleared, are brain.js's to five digits", () => {
  const tied = (() => {
    const shared = layer.random({ height: 11, width: 11, std: 0.3 });
    const uncleared = layer.random({ height: 11, std: 0.3, cleanupDeltas: false });
    return (_: unknown, below: Layer) =>
      layer.sigmoid(layer.add(layer.multiply(shared, layer.sigmoid(layer.multiply(shared, below))), uncleared));
  }) as () => Dense;
  const make = () => {
    vi.spyOn(Math, "random").mockImplementation(seeded(2));
    return feedForward(
      tied(),
      { outputLayer: (b: Layer) => layer.target({ height: 3 }, layer.feedForward({ height: 3 }, b)) },
      [11, 11, 3],
    );
  };
  const [host, net] = [make(), accelerate(make())];
  const data = patterns(6, 11, 3);
  const errors = [host, net].map((each) => {
    const seen: number[] = [];
    each.train(data, { ...many, iterations: 10, callback: ({ error }) => seen.push(error) });
    return seen;
  });
  expectAlike(errors[1]!, errors[0]!);
});

test("a praxis of one's own is run by brain.js", () => {
  const run = vi.fn(({ weights, deltas }: { weights: number[][]; deltas: number[][] }) =>
    weights.map((row, i) => Float32Array.from(row, (w, k) => w - 0.1 * deltas[i]![k]!)),
  );
  const initPraxis = () => ({ run, setupKernels() {}, toJSON: () => ({}), settings: {} });
  const [host, net] = [feedForward(undefined, { initPraxis }), accelerate(feedForward(undefined, { initPraxis }))];
  const expected = errorsOf(host);
  const { length } = run.mock.calls;
  expectAlike(errorsOf(net), expected);
  expect(run.mock.calls.length).toBe(2 * length);
});

describe("train's options are brain.js's own", () => {
  const data = patterns(6, SIZES[0]!, SIZES.at(-1)!);

  test("callbacks, logs and thresholds", () => {
    const net = accelerate(feedForward());
    const [callback, log] = [vi.fn(), vi.fn()];
    net.train(data, { iterations: 20, errorThresh: 1e-9, callback, callbackPeriod: 5, log, logPeriod: 10 });
    expect([callback.mock.calls.length, log.mock.calls.length]).toStrictEqual([4, 2]);
    expect(net.train(data, { iterations: 20, errorThresh: 0.99 }).iterations).toBe(1);
    expect(() => net.train(data, { learningRate: 3 })).toThrow("learningRate");
  });

  test("trainAsync trains as train does", async () => {
    const [net, other] = [accelerate(feedForward()), accelerate(feedForward())];
    const status = await net.trainAsync(data, many);
    expect(other.train(data, many)).toStrictEqual(status);
    expect(weightsOf(net)).toStrictEqual(weightsOf(other));
  });

  test("timeout ends a training", () => {
    const net = accelerate(feedForward());
    const now = vi.spyOn(Date, "now").mockReturnValue(1000);
    const callback = ({ iterations }: { iterations: number }) => {
      if (iterations === 4) now.mockReturnValue(1100);
    };
    expect(net.train(data, { ...many, iterations: 1000, timeout: 100, callback }).iterations).toBe(5);
  });
});

describe("what brain.js does wrong", () => {
  const arthur: Dense = layer.arthurFeedForward;
  const data = patterns(12, SIZES[0]!, SIZES.at(-1)!);

  test("its arthurFeedForward throws at the second step and has no changes after the first; faithful does too", () => {
    for (const net of [feedForward(arthur), accelerate(feedForward(arthur))]) {
      net.train(data.slice(0, 1), once);
      const { praxis } = net._model![0]! as never as { praxis: { changes: Float32Array[] } };
      expect(praxis.changes.every((row) => row.every(Number.isNaN))).toBe(true);
      expect(() => net.train(data.slice(0, 1), once)).toThrow("Source and destination arrays are the same");
      expect(() => JSON.stringify(net.toJSON())).toThrow("call stack");
    }
  });

  test("the one step of its arthurFeedForward goes uphill, and by the error where the delta belongs", () => {
    const net = feedForward(arthur, {}, [2, 3, 1]);
    const [weights, bias] = net._model!.slice(-2).map((model) => () => (model.weights as Float32Array[])[0]!.slice());
    const [{ input }, output] = [patterns(1, 2, 1)[0]!, [1]] as [{ input: number[] }, number[]];
    const [y] = (net.run(input) as unknown as number[][])[0]!;
    const [w, b] = [weights!(), bias!()];
    const hidden = (
      net.layers!.find((each) => each.height === 3 && each.constructor.name === "Sigmoid")!.weights as Float32Array[]
    ).map((row) => row[0]!);
    net.train([{ input, output }], once);
    const error = 1 - y!;
    expect(bias!()[0]! - b[0]!).toBeCloseTo(-0.3 * error * y! * (1 - y!), 6);
    weights!().forEach((after, k) => {
      expect(after - w[k]!).toBeCloseTo(-0.3 * error * hidden[k]!, 6);
    });
  });

  test("fixed: arthurFeedForward trains as brain.js's NeuralNetwork from the same weights, and goes into JSON", () => {
    const host = network({ inputSize: SIZES[0]!, hiddenLayers: SIZES.slice(1, -1), outputSize: SIZES.at(-1)! });
    const net = accelerate(feedForward(arthur), { mode: "fixed" });
    net._model!.forEach((model, at) => {
      const l = 1 + (at >> 1);
      model.weights = at % 2 === 0 ? host.weights[l]! : [...host.biases[l]!].map((b) => Float32Array.of(b));
    });
    const expected: number[] = [];
    host.train(data, {
      iterations: 20,
      errorThresh: 1e-9,
      callbackPeriod: 1,
      callback: ({ error }) => expected.push(error),
    });
    // FeedForward trains a pattern, then takes its error; NeuralNetwork's is the same, of the patterns on their way.
    expectAlike(errorsOf(net), expected);
    const json = JSON.parse(JSON.stringify(net.toJSON()));
    expect(json.layers[1].praxisOpts).toStrictEqual({ learningRate: 0.3, momentum: 0.1 });
    expect(json.layers[3].praxisOpts).toStrictEqual({ learningRate: 0.3 });
  });

  test("its praxis takes no heed of the rate that train is given; fixed does, and goes on with it", () => {
    const make = (options = {}) => feedForward(undefined, options, [11, 6, 1]);
    const expected = errorsOf(make());
    expect(errorsOf(make(), { learningRate: 0.002 })).toStrictEqual(expected);
    expectAlike(errorsOf(accelerate(make()), { learningRate: 0.002 }), expected);
    const wanted = make({ praxisOpts: { learningRate: 0.002 } });
    const fixed = accelerate(make(), { mode: "fixed" });
    expectAlike(errorsOf(fixed, { learningRate: 0.002 }), errorsOf(wanted));
    expectAlike(errorsOf(fixed), errorsOf(wanted));
    expectAlike(errorsOf(accelerate(make(), { mode: "fixed" })), expected);
  });

  test("its target compares every output with the first number; fixed compares each with its own", () => {
    const make = () => feedForward(undefined, { praxisOpts: { learningRate: 0.003 } }, [2, 6, 2]);
    const data = [0, 1].map((bit) => ({ input: [bit, 1], output: [bit, 1 - bit] }));
    const [host, faithful, fixed] = [make(), accelerate(make()), accelerate(make(), { mode: "fixed" })];
    for (const net of [host, faithful, fixed]) net.train(data, { ...many, iterations: 400 });
    for (const { input, output } of data) {
      const [of, same, right] = [host, faithful, fixed].map((net) =>
        (net.run(input) as unknown as number[][]).map((row) => Math.round(row[0]!)),
      );
      expect([of, same]).toStrictEqual([output, output].map(([bit]) => [bit, bit]));
      expect(right).toStrictEqual(output);
    }
  });

  test("its leakyRelu keeps the gradient from the layers before it; fixed passes it on", () => {
    const options = { praxisOpts: { regularizationStrength: 0 } };
    const sizes = [4, 5, 2];
    const output = (b: Layer) => layer.target({ height: 2 }, layer.feedForward({ height: 2 }, b));
    const make = () => feedForward(leakyRelu, { ...options, outputLayer: output }, sizes);
    const first = (net: Net) => (net._model![0]!.weights as Float32Array[]).flatMap((row) => [...row]);
    const start = first(make());
    const [host, faithful, fixed] = [make(), accelerate(make()), accelerate(make(), { mode: "fixed" })];
    for (const net of [host, faithful, fixed]) net.train(patterns(5, 4, 2), many);
    expect(first(host)).toStrictEqual(start);
    expect(first(faithful)).toStrictEqual(start);
    first(fixed).forEach((w, i) => {
      expect(w).not.toBe(start[i]);
    });
  });

  test("fixed: the gradient through leakyRelu is that of central differences", () => {
    const output = (b: Layer) => layer.target({ height: 2 }, layer.feedForward({ height: 2 }, b));
    const net = accelerate(feedForward(leakyRelu, { outputLayer: output }, [4, 5, 2]), { mode: "fixed" });
    const [{ input, output: target }] = patterns(1, 4, 2) as [{ input: number[]; output: number[] }];
    const loss = () => {
      const y = net.run(input) as unknown as number[][];
      return y.reduce((sum, [value], i) => sum + (value! - target[i]!) ** 2 / 2, 0);
    };
    const bias = net._model![1]!;
    net.runInput(input as never);
    net._calculateDeltas(target as never);
    const gradient = (bias.deltas as Float32Array[]).map((row) => row[0]!);
    expect(gradient.filter(Boolean).length).toBe(5);
    gradient.forEach((g, i) => {
      const at = (change: number) => {
        const row = (bias.weights as Float32Array[])[i]!;
        const kept = row[0]!;
        row[0] = kept + change;
        const value = loss();
        row[0] = kept;
        return value;
      };
      expect((at(1e-3) - at(-1e-3)) / 2e-3).toBeCloseTo(g, 3);
    });
  });
});

describe("a saved optimizer", () => {
  const data = patterns(8, SIZES[0]!, SIZES.at(-1)!);

  test("goes on as if it had never stopped, and brain.js's JSON is what it was", () => {
    const whole = accelerate(feedForward());
    whole.train(data, many);
    const json = JSON.stringify(whole.toJSON());
    const saved = JSON.stringify(trainingState(whole));
    const host = feedForward();
    host.train(data, many);
    expect(Object.keys(JSON.parse(json).layers[1])).toStrictEqual(Object.keys(host.toJSON().layers[1]!));
    whole.train(data, many);
    const resumed = accelerate(FeedForward.fromJSON(JSON.parse(json)));
    resumeTraining(resumed, JSON.parse(saved)).train(data, many as never);
    expect(weightsOf(resumed as never)).toStrictEqual(weightsOf(whole));
    expect(trainingState(resumed)).toStrictEqual(trainingState(whole));
  });

  test("goes into brain.js's own networks and comes from them", () => {
    const [host, net] = [feedForward(), accelerate(feedForward())];
    for (const each of [host, net]) each.train(data, many);
    const [of, ours] = [trainingState(host), trainingState(net)].map((state) =>
      "layers" in state ? state.layers.flatMap(({ slot }) => slot) : [],
    ) as [number[], number[]];
    expect(of.length).toBe(SIZES.slice(1).reduce((sum, n, l) => sum + n * (SIZES[l]! + 1), 0));
    of.forEach((x, i) => {
      expect(Math.abs(ours[i]! - x)).toBeLessThan(1e-4 * Math.max(...of));
    });
    const other = feedForward();
    expect(trainingState(resumeTraining(other, trainingState(host)))).toStrictEqual(trainingState(host));
    for (const model of [host, other].flatMap((each) => each._model!)) {
      model.weights = (model.weights as Float32Array[]).map((row) => row.map(() => 0.1));
    }
    expect(errorsOf(other)).toStrictEqual(errorsOf(host));
  });

  test("must fit the network", () => {
    const state = trainingState(feedForward());
    expect(() => resumeTraining(feedForward(undefined, {}, [11, 9, 7, 3]), state)).toThrow(
      "resumeTraining: state must be of a network of MomentumRootMeanSquaredPropagation 9 x 11",
    );
    expect(() => resumeTraining(feedForward(layer.arthurFeedForward), state)).toThrow("ArthurDeviationWeights 9 x 11");
    const other = network({ inputSize: 2, hiddenLayers: [3], outputSize: 1 });
    expect(() => resumeTraining(other, state)).toThrow("state must be of a NeuralNetwork, got that of a FeedForward");
    expect(() => resumeTraining(feedForward(), trainingState(other))).toThrow("state must be of a FeedForward");
    expect(() => trainingState(new FeedForward({}))).toThrow("the network has not been initialized");
  });
});

describe("memory", () => {
  const data = patterns(1, SIZES[0]!, SIZES.at(-1)!);

  test("is flat over 1,000 steps, and freed by release, after which the network is brain.js's own", async () => {
    const engine = await load();
    const net = accelerate(feedForward(), { engine });
    net.train(data, once);
    const { bytesInUse } = engine;
    expect(bytesInUse).toBeGreaterThan(0);
    net.train(data, { ...many, iterations: 1000 });
    expect(engine.bytesInUse).toBe(bytesInUse);
    const [output, weights] = [net.run(data[0]!.input), weightsOf(net)];
    release(net);
    expect(engine.bytesInUse).toBe(0);
    expect(weightsOf(net)).toStrictEqual(weights);
    (net.run(data[0]!.input) as unknown as number[][]).forEach((row, i) => {
      expect(row[0]).toBeCloseTo((output as unknown as number[][])[i]![0]!, 6);
    });
    for (const each of [net, net._model![0]!, net._model![0]!.praxis!, net.layers![2]!]) {
      for (const name of ["initialize", "predict", "compare", "run"]) expect(Object.hasOwn(each, name)).toBe(false);
    }
    net.train(data, many);
    expect(weightsOf(net)).not.toStrictEqual(weights);
  });

  test("may grow under a network, which may be initialized anew", async () => {
    const engine = await load();
    const net = accelerate(feedForward(), { engine });
    const before = JSON.stringify([net.run(data[0]!.input), net.toJSON()]);
    const kept = parameters({ large: 1_000_000 }, { engine });
    expect(JSON.stringify([net.run(data[0]!.input), net.toJSON()])).toBe(before);
    kept.dispose();
    const { bytesInUse } = engine;
    net.initialize();
    expect(engine.bytesInUse).toBe(bytesInUse);
    release(net);
    expect(engine.bytesInUse).toBe(0);
  });
});

test("Recurrent is refused", () => {
  expect(() => accelerate(new Recurrent({}))).toThrow("accelerate: net must be a NeuralNetwork or FeedForward");
  expect(NeuralNetwork.prototype).not.toHaveProperty("_model");
});
