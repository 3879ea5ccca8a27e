import type { HostArrays, HostNetwork } from "./host.js";
import { MATRICES, OF_BIASES } from "./layers.js";

const SLOTS = [...MATRICES, ...OF_BIASES].filter((name) => name !== "weights" && name !== "biases");

type Slot = Exclude<(typeof SLOTS)[number], "weights" | "biases">;

/** Of a NeuralNetwork. */
export interface NeuralNetworkState {
  readonly version: number;
  readonly sizes: readonly number[];
  readonly praxis: "adam" | null;
  /** Steps that Adam has made. */
  readonly iterations: number;
  /** brain.js's arrays by name: of each layer from the first hidden one on its numbers, row after row. */
  readonly slots: Readonly<Partial<Record<Slot, readonly (readonly number[])[]>>>;
}

const flat = (layer: Float32Array | Float32Array[]): number[] =>
  Array.isArray(layer) ? layer.flatMap((row) => [...row]) : [...layer];

const slotsOf = (adam: boolean) => SLOTS.filter((name) => (name === "changes") !== adam) as Slot[];

export const isInitialized = (net: HostNetwork): boolean => Boolean(net.sizes) && net.outputLayer! > 0;

export function save(net: HostNetwork): Omit<NeuralNetworkState, "version"> {
  const adam = net.adjustWeights === net._adjustWeightsAdam;
  const arrays: HostArrays = net;
  return {
    sizes: [...net.sizes!],
    praxis: adam ? "adam" : null,
    iterations: adam ? net.iterations : 0,
    slots: Object.fromEntries(slotsOf(adam).map((name) => [name, arrays[name].slice(1).map(flat)])),
  };
}

/** @throws RangeError for a state of other sizes */
export function restore(where: string, net: HostNetwork, state: NeuralNetworkState): void {
  const sizes = net.sizes ?? [];
  if (String(state.sizes) !== String(sizes)) {
    throw new RangeError(`${where}: state must be of a network of ${sizes}, got one of ${state.sizes}`);
  }
  const adam = state.praxis === "adam";
  if (adam) net._setupAdam();
  const arrays: HostArrays = net;
  for (const name of slotsOf(adam)) {
    state.slots[name]?.forEach((numbers, l) => {
      const layer = arrays[name][l + 1]!;
      const rows = Array.isArray(layer) ? layer : [layer];
      let from = 0;
      for (const row of rows) row.set(numbers.slice(from, (from += row.length)));
    });
  }
  if (adam) net.iterations = state.iterations;
}
