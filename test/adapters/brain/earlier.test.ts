// brain.js 1.6, which npm calls the latest.

import { NeuralNetwork } from "brain.js";
import { expect, test, vi } from "vitest";
import { accelerate } from "../../../src/adapters/brain/index.js";
import { seeded } from "../../kernels/numbers.js";
import { patterns } from "./networks.js";

const hidden = { hiddenLayers: [9, 6] };

/** The error after every iteration. */
function errorsOf(net: { train(data: never, options: object): unknown }, options: object): number[] {
  const seen: number[] = [];
  const random = vi.spyOn(Math, "random").mockImplementation(seeded(1));
  const callback = ({ error }: { error: number }) => seen.push(error);
  net.train(patterns(12, 11, 3) as never, {
    iterations: 20,
    errorThresh: 1e-9,
    callbackPeriod: 1,
    callback,
    ...options,
  });
  random.mockRestore();
  return seen;
}

test("1.6 forgets at train what options the constructor was given", () => {
  const net = new NeuralNetwork({ ...hidden, praxis: "adam" } as never);
  errorsOf(net as never, {});
  expect(net).not.toHaveProperty("biasChangesLow");
});

test.each([
  ["default", {}],
  ["praxis adam", { praxis: "adam", learningRate: 0.001 }],
])("the errors agree to five digits, %s", (_, options) => {
  const [host, net] = [new NeuralNetwork(hidden), new NeuralNetwork(hidden)];
  const [wanted, got] = [errorsOf(host as never, options), errorsOf(accelerate(net) as never, options)];
  expect("biasChangesLow" in host).toBe("praxis" in options);
  expect(got.length).toBe(20);
  wanted.forEach((error, i) => {
    expect(Math.abs(got[i]! / error - 1), `iteration ${i}`).toBeLessThan(5e-6);
  });
});

test("leaky ReLU lets the positive side through and leaks the other: 1.6 has it upside down", () => {
  const options = { activation: "leaky-relu", leakyReluAlpha: 0.25 } as const;
  const run = (net: NeuralNetwork) => {
    Object.assign(net, { sizes: [1, 1] });
    (net as unknown as { initialize(): void }).initialize();
    const { weights, biases } = net as unknown as { weights: Float32Array[][]; biases: Float32Array[] };
    weights[1]![0]!.fill(1);
    biases[1]!.fill(0);
    return [2, -2].map((x) => (net.run([x]) as ArrayLike<number>)[0]);
  };
  expect(run(new NeuralNetwork(options))).toStrictEqual([0.5, 0]);
  expect(run(accelerate(new NeuralNetwork(options)))).toStrictEqual([2, -0.5]);
});
