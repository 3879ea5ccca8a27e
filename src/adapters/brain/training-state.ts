import { given } from "../../check.js";
import { checkNetwork, type HostArrays } from "./host.js";
import { MATRICES, OF_BIASES } from "./layers.js";

const SLOTS = [...MATRICES, ...OF_BIASES].filter((name) => name !== "weights" && name !== "biases");

type Slot = Exclude<(typeof SLOTS)[number], "weights" | "biases">;

const VERSION = 1;

/** What a training goes on from, beside the network's own `toJSON()`: plain numbers, fit for JSON. */
export interface TrainingState {
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

/**
 * The state of a network's optimizer: momentum's changes, or Adam's moments and how many steps it has made. brain.js
 * itself keeps it from one `train` to the next, and saves it nowhere.
 *
 * @param net a NeuralNetwork that has been trained or initialized, accelerated or not
 * @returns numbers for `JSON.stringify`, beside `net.toJSON()`; {@link resumeTraining} takes them back
 * @throws TypeError for what is no NeuralNetwork, Error for one that is not initialized
 *
 * @example
 * const data = [{ input: [0], output: [1] }, { input: [1], output: [0] }];
 * const net = accelerate(new brain.NeuralNetwork({ hiddenLayers: [3] }));
 * net.train(data, { iterations: 10 });
 * const saved = JSON.stringify({ net: net.toJSON(), training: trainingState(net) });
 */
export function trainingState(net: object): TrainingState {
  const where = "trainingState";
  checkNetwork(where, net);
  if (!net.sizes || !(net.outputLayer! > 0)) throw new Error(`${where}: the network has not been initialized`);
  const adam = net.adjustWeights === net._adjustWeightsAdam;
  const arrays: HostArrays = net;
  return {
    version: VERSION,
    sizes: [...net.sizes],
    praxis: adam ? "adam" : null,
    iterations: adam ? net.iterations : 0,
    slots: Object.fromEntries(slotsOf(adam).map((name) => [name, arrays[name].slice(1).map(flat)])),
  };
}

/**
 * Puts a network's optimizer where another one was, so that training goes on as if it had never stopped.
 *
 * @param net a NeuralNetwork with the weights that were saved along: `fromJSON` first, then this
 * @param state what {@link trainingState} returned, through JSON or not
 * @returns the network
 * @throws TypeError for what is no NeuralNetwork or no state; RangeError for a state of other sizes or of a later version
 *
 * @example
 * const data = [{ input: [0], output: [1] }, { input: [1], output: [0] }];
 * const net = accelerate(new brain.NeuralNetwork({ hiddenLayers: [3] }));
 * net.train(data, { iterations: 10 });
 * const saved = JSON.stringify({ net: net.toJSON(), training: trainingState(net) });
 * // on another day
 * const { net: json, training } = JSON.parse(saved);
 * const again = accelerate(new brain.NeuralNetwork());
 * again.fromJSON(json);
 * resumeTraining(again, training).train(data, { iterations: 10 });
 */
export function resumeTraining<Net extends object>(net: Net, state: TrainingState): Net {
  const where = "resumeTraining";
  checkNetwork(where, net);
  if (typeof state !== "object" || state === null || typeof state.slots !== "object") {
    throw new TypeError(`${where}: state must come from trainingState(), got ${given(state)}`);
  }
  if (!(state.version <= VERSION)) {
    throw new RangeError(`${where}: state must be of version ${VERSION} or earlier, got ${state.version}`);
  }
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
  return net;
}
