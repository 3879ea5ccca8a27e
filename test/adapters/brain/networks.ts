import { NeuralNetwork } from "brain-next";
import { vi } from "vitest";
import { seeded } from "../../kernels/numbers.js";

export type Net = NeuralNetwork<number[], number[]>;
export type Options = ConstructorParameters<typeof NeuralNetwork>[0] & Record<string, unknown>;

/** A network whose weights are drawn from a seed, initialized if it knows its sizes. */
export function network(options: Options, seed = 1): Net {
  const random = vi.spyOn(Math, "random").mockImplementation(seeded(seed));
  const net = new NeuralNetwork<number[], number[]>(options);
  if (net.sizes.length > 0) net.initialize();
  random.mockRestore();
  return net;
}

/** Inputs in [0, 1), outputs 0 or 1. */
export function patterns(count: number, inputs: number, outputs: number) {
  const random = seeded(count);
  return Array.from({ length: count }, () => ({
    input: Array.from({ length: inputs }, random),
    output: Array.from({ length: outputs }, () => Number(random() > 0.5)),
  }));
}
