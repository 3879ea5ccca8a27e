// Trainers of schuss/arrays against those of ConvNetJS 0.3 and toygrad 2.6, on the same network and the same samples.

import convnetjs from "convnetjs";
import * as toygrad from "toygrad";
import { describe, expect, test } from "vitest";
import { type ParamsAndGrads, Trainer, type TrainerOptions } from "../../src/adapters/arrays/index.js";
import { normalNumbers } from "../memory/random.js";

const DEPTH = 6;
const CLASSES = 3;

const normal = normalNumbers(11);
const samples = Array.from({ length: 40 }, (_, k) => ({
  x: Array.from({ length: DEPTH }, normal),
  y: k % CLASSES,
}));

/** ConvNetJS: one network, twice. */
function twoConvnets() {
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: DEPTH },
    { type: "fc", num_neurons: 9, activation: "tanh" },
    { type: "softmax", num_classes: CLASSES },
  ]);
  const twin = new convnetjs.Net();
  twin.fromJSON(JSON.parse(JSON.stringify(net.toJSON())));
  return [net, twin] as const;
}

const convnetCases: TrainerOptions[] = [
  { method: "sgd", momentum: 0 },
  { method: "sgd", learning_rate: 0.05, momentum: 0.9, batch_size: 4 },
  { method: "sgd", l2_decay: 0.01, l1_decay: 0.003, batch_size: 2 },
  { method: "adagrad", learning_rate: 0.1, l2_decay: 0.01 },
  { method: "windowgrad", learning_rate: 0.01, batch_size: 5 },
  { method: "adadelta", l2_decay: 0.001, batch_size: 10 },
  { method: "adadelta", ro: 0.9, eps: 1e-4, l1_decay: 0.01 },
];

const vol = (x: readonly number[]) => new convnetjs.Vol([...x]);

describe.each(convnetCases)("ConvNetJS, %o", (options) => {
  test("goes where the host goes, and reports its losses", () => {
    const [net, twin] = twoConvnets();
    const theirs = new convnetjs.Trainer(twin, options);
    using ours = new Trainer(net, options);
    for (const { x, y } of samples) {
      const expected = theirs.train(vol(x), y);
      const got = ours.train(vol(x), y);
      for (const name of ["loss", "cost_loss", "l1_decay_loss", "l2_decay_loss", "softmax_loss"] as const) {
        expect(got[name], name).toBeCloseTo(expected[name], 10);
      }
    }
    const expected = twin.getParamsAndGrads();
    net.getParamsAndGrads().forEach(({ params }, k) => {
      params.forEach((p, i) => {
        expect(p).toBeCloseTo(expected[k]!.params[i]!, 10);
      });
    });
  });
});

describe("the network's arrays", () => {
  test("stay in the kernels' memory while it is trained, and become its own again", () => {
    const [net] = twoConvnets();
    const trainer = new Trainer(net);
    trainer.train(vol(samples[0]!.x), 0);
    const { w } = net.layers[1]!.filters![0]!;
    expect(w.buffer.byteLength).toBeGreaterThan(w.byteLength);
    const before = JSON.stringify(net.toJSON());
    trainer.dispose();
    trainer.dispose();
    expect(net.layers[1]!.filters![0]!.w.byteOffset).toBe(0);
    expect(JSON.stringify(net.toJSON())).toBe(before);
    expect(() => trainer.train(vol(samples[0]!.x), 0)).toThrow("used after dispose()");
  });

  test("are taken in anew when the network has been loaded over", () => {
    const [net, twin] = twoConvnets();
    const [{ x, y }] = samples as [(typeof samples)[0]];
    using ours = new Trainer(net, { momentum: 0 });
    ours.train(vol(x), y);
    net.fromJSON(JSON.parse(JSON.stringify(twin.toJSON())));
    ours.train(vol(x), y);
    new convnetjs.Trainer(twin, { momentum: 0 }).train(vol(x), y);
    const expected = twin.getParamsAndGrads()[0]!.params;
    expect([...net.getParamsAndGrads()[0]!.params]).toEqual([...expected]);
  });
});

test("a training that is stopped and resumed goes on as if it had not been", () => {
  const [net, twin] = twoConvnets();
  const options: TrainerOptions = { method: "adadelta", batch_size: 4 };
  using through = new Trainer(twin, options);
  for (const { x, y } of samples) through.train(vol(x), y);
  const first = new Trainer(net, options);
  for (const { x, y } of samples.slice(0, 20)) first.train(vol(x), y);
  const state = first.stateDict();
  first.dispose();
  using second = new Trainer(net, options);
  second.loadStateDict(state);
  for (const { x, y } of samples.slice(20)) second.train(vol(x), y);
  expect(JSON.stringify(net.toJSON())).toBe(JSON.stringify(twin.toJSON()));
});

/** Its types don't say: its declarations leave out the endings of files. */
const tensorsOf = (net: toygrad.NeuralNetwork): readonly ParamsAndGrads[] => net.getParamsAndGrads();

/** toygrad: one network, twice. */
function twoToynets() {
  const make = () =>
    new toygrad.NeuralNetwork({
      layers: [
        { type: "input", sx: 1, sy: 1, sz: DEPTH },
        { type: "dense", filters: 7, bias: 0.1 },
        { type: "tanh" },
        { type: "dense", filters: CLASSES },
        { type: "softmax" },
      ],
    });
  const [net, twin] = [make(), make()];
  const from = tensorsOf(twin);
  tensorsOf(net).forEach(({ params }, k) => {
    params.set(from[k]!.params);
  });
  return [net, twin] as const;
}

const image = (x: readonly number[]) => new toygrad.Tensor(1, 1, DEPTH, new Float32Array(x));

const toygradCases: [keyof typeof toygrad.Trainers, TrainerOptions][] = [
  ["SGD", { method: "sgd", learningRate: 0.05 }],
  ["SGD", { method: "sgd", l1decay: 0.01, l2decay: 0.02, batchSize: 3 }],
  ["Nesterov", { method: "nesterov", learningRate: 0.02 }],
  ["Adagrad", { method: "adagrad", learningRate: 0.1 }],
  ["Adadelta", { method: "adadelta", eps: 1e-6 }],
  ["Adam", { method: "adam", learningRate: 0.01, faithfulToBug: "multipliedBiasCorrection" }],
  ["Adam", { method: "adam", batchSize: 4, faithfulToBug: "multipliedBiasCorrection" }],
];

describe.each(toygradCases)("toygrad, %s, %o", (name, options) => {
  test("goes where the host goes", () => {
    const [net, twin] = twoToynets();
    const { faithfulToBug: _, ...theirOptions } = options;
    const theirs = new toygrad.Trainers[name](twin, theirOptions);
    using ours = new Trainer<toygrad.Tensor, number>(net, options);
    for (const { x, y } of samples) {
      const expected = theirs.train(image(x), y);
      const got = ours.train(image(x), y);
      for (const key of ["loss", "cost", "l1loss", "l2loss"] as const) {
        expect(got[key], key).toBeCloseTo(expected[key], 4);
      }
    }
    const expected = tensorsOf(twin);
    tensorsOf(net).forEach(({ params }, k) => {
      params.forEach((p, i) => {
        // Theirs rounds to float32 where it stores, ours at every operation.
        expect(p).toBeCloseTo(expected[k]!.params[i]!, 4);
      });
    });
  });
});

test("toygrad's gradients are in the kernels' memory while it is trained; its parameters are its own, and saved as ever", () => {
  const [net, twin] = twoToynets();
  const trainer = new Trainer<toygrad.Tensor, number>(net, { momentum: 0 });
  trainer.train(image(samples[0]!.x), samples[0]!.y);
  new toygrad.Trainers.SGD(twin, { momentum: 0 }).train(image(samples[0]!.x), samples[0]!.y);
  for (const { params, grads } of tensorsOf(net)) {
    expect(params.buffer.byteLength).toBe(params.byteLength);
    expect(grads.buffer.byteLength).toBeGreaterThan(grads.byteLength);
    expect(grads.constructor).toBe(params.constructor);
  }
  expect(JSON.stringify(net.getAsOptions()).length).toBe(JSON.stringify(twin.getAsOptions()).length);
  trainer.dispose();
  for (const { grads } of tensorsOf(net)) expect(grads.buffer.byteLength).toBe(grads.byteLength);
});

test.each(["convnetjs", "toygrad"])("%s: no more memory after 1000 steps than after one", (host) => {
  const [net] = host === "toygrad" ? twoToynets() : twoConvnets();
  const input = host === "toygrad" ? image : vol;
  using trainer = new Trainer<unknown, number>(net as never, { method: "adadelta" });
  const train = ({ x, y }: (typeof samples)[0]) => trainer.train(input(x), y);
  const heldBy = () =>
    (net.getParamsAndGrads() as readonly ParamsAndGrads[]).map(({ grads }) => grads.buffer.byteLength);
  train(samples[0]!);
  const [bytes, held] = [trainer.bytesInUse, heldBy()];
  expect(bytes).toBeGreaterThan(0);
  for (let step = 1; step < 1000; step++) train(samples[step % samples.length]!);
  expect(trainer.bytesInUse).toBe(bytes);
  expect(heldBy()).toStrictEqual(held);
});

test("toygrad's Adam divides where it should: the first step is as long as the rate", () => {
  const [net] = twoToynets();
  using trainer = new Trainer<toygrad.Tensor, number>(net, { method: "adam", learningRate: 0.01 });
  const before = tensorsOf(net)[0]!.params.slice();
  trainer.train(new toygrad.Tensor(1, 1, DEPTH, new Float32Array(samples[0]!.x)), 0);
  tensorsOf(net)[0]!.params.forEach((p, i) => {
    expect(Math.abs(p - before[i]!)).toBeCloseTo(0.01, 5);
  });
});

test("options and networks that are refused", () => {
  const [net] = twoConvnets();
  const cases: [unknown, unknown, string][] = [
    [{}, {}, "Trainer: net must have getParamsAndGrads(), got an Object"],
    [net, { method: "lbfgs" }, 'Trainer: method must be one of "sgd", "nesterov", "adagrad", "windowgrad", "adadelta"'],
    [net, { learning_rate: -1 }, "Trainer: learning_rate must be in [0, Infinity), got -1"],
    [net, { batch_size: 0.5 }, "Trainer: batch_size must be an integer in [1, 9007199254740991], got 0.5"],
    [net, { decay: 1 }, 'Trainer: there is no option "decay"'],
    [net, { method: "sgd", momentum: 2 }, "sgd: momentum must be in [0, 1), got 2"],
    [net, { faithfulToBug: "multipliedBiasCorrection" }, 'is one of method "adam", got "sgd"'],
    [
      { getParamsAndGrads: () => [{ params: new Float32Array(1) }, { params: new Float64Array(1) }] },
      {},
      "Trainer: the parameters of the network must be arrays of one type of floats",
    ],
  ];
  for (const [given, options, message] of cases) {
    expect(() => new Trainer(given as typeof net, options as TrainerOptions)).toThrow(message);
  }
});
