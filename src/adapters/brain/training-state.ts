import { given } from "../../check.js";
import { isFeedForward } from "./feed-forward/host.js";
import * as feedForward from "./feed-forward/state.js";
import { checkNetwork } from "./neural-network/host.js";
import * as neuralNetwork from "./neural-network/state.js";

const VERSION = 1;

export type { FeedForwardState } from "./feed-forward/state.js";
export type { NeuralNetworkState } from "./neural-network/state.js";

/** What a training goes on from, beside the network's own `toJSON()`: plain numbers, fit for JSON. */
export type TrainingState = neuralNetwork.NeuralNetworkState | feedForward.FeedForwardState;

/**
 * The state of a network's optimizer: momentum's changes, or Adam's moments and how many steps it has made; of a FeedForward
 * what the praxis of each layer keeps. brain.js itself keeps it from one `train` to the next, and saves it nowhere.
 *
 * @param net a NeuralNetwork or FeedForward that has been trained or initialized, accelerated or not
 * @returns numbers for `JSON.stringify`, beside `net.toJSON()`; {@link resumeTraining} takes them back
 * @throws TypeError for what is neither, Error for one that is not initialized
 *
 * @example
 * const data = [{ input: [0], output: [1] }, { input: [1], output: [0] }];
 * const net = accelerate(new brain.NeuralNetwork({ hiddenLayers: [3] }));
 * net.train(data, { iterations: 10 });
 * const saved = JSON.stringify({ net: net.toJSON(), training: trainingState(net) });
 */
export function trainingState(net: object): TrainingState {
  const where = "trainingState";
  const uninitialized = () => new Error(`${where}: the network has not been initialized`);
  if (isFeedForward(net)) {
    if (!net._model) throw uninitialized();
    return { version: VERSION, ...feedForward.save(net) };
  }
  checkNetwork(where, net);
  if (!neuralNetwork.isInitialized(net)) throw uninitialized();
  return { version: VERSION, ...neuralNetwork.save(net) };
}

/**
 * Puts a network's optimizer where another one was, so that training goes on as if it had never stopped.
 *
 * @param net a network with the weights that were saved along: `fromJSON` first, then this
 * @param state what {@link trainingState} returned, through JSON or not
 * @returns the network
 * @throws TypeError for what is no network or no state of such a one; RangeError for a state of other sizes or of a later
 *   version
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
  const of = isFeedForward(net) ? "layers" : "slots";
  if (of === "slots") checkNetwork(where, net);
  if (typeof state !== "object" || state === null || !("layers" in state || "slots" in state)) {
    throw new TypeError(`${where}: state must come from trainingState(), got ${given(state)}`);
  }
  if (!(of in state)) {
    const [own, other] = of === "layers" ? ["FeedForward", "NeuralNetwork"] : ["NeuralNetwork", "FeedForward"];
    throw new TypeError(`${where}: state must be of a ${own}, got that of a ${other}`);
  }
  if (!(state.version <= VERSION)) {
    throw new RangeError(`${where}: state must be of version ${VERSION} or earlier, got ${state.version}`);
  }
  if (isFeedForward(net)) feedForward.restore(where, net, state as feedForward.FeedForwardState);
  else neuralNetwork.restore(where, net as never, state as neuralNetwork.NeuralNetworkState);
  return net;
}
