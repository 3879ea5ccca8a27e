// accelerate(net) against brain.js itself: the same start, the same patterns, the same error to five digits.

import { describe, expect, test } from "vitest";
import { accelerate, release } from "../../../src/adapters/brain/index.js";
import { load } from "../../../src/index.js";
import { network, type Options, patterns } from "./networks.js";

const trainings: [string, Options][] = [
  ["default", {}],
  ["praxis adam", { praxis: "adam", learningRate: 0.001 }],
  ["relu", { activation: "relu", learningRate: 0.005 }],
  ["leaky-relu", { activation: "leaky-relu", learningRate: 0.005, leakyReluAlpha: 0.05 }],
  ["tanh", { activation: "tanh", learningRate: 0.005 }],
  ["tanh, praxis adam", { activation: "tanh", praxis: "adam", learningRate: 0.001 }],
];

describe.each(["relaxed", "strict", "reference"] as const)("%s", (variant) => {
  test.each(trainings)("%s: the errors are brain.js's to five digits, and the weights follow", async (_, options) => {
    const engine = await load({ variant });
    const all = { inputSize: 11, hiddenLayers: [9, 6], outputSize: 3, ...options };
    const data = patterns(12, 11, 3);
    const errors = [network(all), accelerate(network(all), { engine })].map((net) => {
      const seen: number[] = [];
      net.train(data, {
        iterations: 20,
        errorThresh: 1e-9,
        callbackPeriod: 1,
        callback: ({ error }) => seen.push(error),
      });
      return seen;
    });
    expect(errors[1]!.length).toBe(20);
    errors[0]!.forEach((error, i) => {
      expect(Math.abs(errors[1]![i]! / error - 1), `iteration ${i}`).toBeLessThan(5e-6);
    });
  });
});

test("an accelerated network runs as it did before", () => {
  const net = network({ inputSize: 5, hiddenLayers: [4], outputSize: 2 });
  const input = [0.1, -0.5, 0.7, 0, 1];
  const before = [...net.run(input)];
  const after = [...accelerate(net).run(input)];
  after.forEach((x, i) => {
    expect(x).toBeCloseTo(before[i]!, 6);
  });
  expect([...release(net).run(input)]).toStrictEqual(before);
});
