// brain.js 1.6, which npm calls the latest: the same errors as brain.js's, and with the leaky ReLU, which 1.6 has upside
// down, those of brain.js 2.

import { NeuralNetwork } from "brain.js";
import { NeuralNetwork as NextNetwork } from "brain-next";
import { expect, test, vi } from "vitest";
import { accelerate } from "../../../src/adapters/brain/index.js";
import { seeded } from "../../kernels/numbers.js";
import { patterns } from "./networks.js";

const hidden = { hiddenLayers: [9, 6] };
const adam = { ...hidden, praxis: "adam", learningRate: 0.001 } as const;
const leaky = { ...hidden, activation: "leaky-relu", leakyReluAlpha: 0.05, learningRate: 0.005 } as const;

/** The error after every iteration. */
function errorsOf(net: { train(data: never, options: object): unknown }): number[] {
  const seen: number[] = [];
  const random = vi.spyOn(Math, "random").mockImplementation(seeded(1));
  const callback = ({ error }: { error: number }) => seen.push(error);
  net.train(patterns(12, 11, 3) as never, { iterations: 20, errorThresh: 1e-9, callbackPeriod: 1, callback });
  random.mockRestore();
  return seen;
}

test.each([
  ["default", new NeuralNetwork(hidden), new NeuralNetwork(hidden)],
  ["praxis adam", new NeuralNetwork(adam), new NeuralNetwork(adam)],
  ["leaky-relu", new NextNetwork(leaky), new NeuralNetwork(leaky)],
])("the errors agree to five digits, %s", (_, host, net) => {
  const [wanted, got] = [errorsOf(host as never), errorsOf(accelerate(net) as never)];
  expect(got.length).toBe(20);
  wanted.forEach((error, i) => {
    expect(Math.abs(got[i]! / error - 1), `iteration ${i}`).toBeLessThan(5e-6);
  });
});
