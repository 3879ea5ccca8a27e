import { checkOneOf, checkOptions } from "../../check.js";
import { defaultEngine, type Engine } from "../../memory/engine.js";
import { isFeedForward } from "./feed-forward/host.js";
import { AcceleratedFeedForward } from "./feed-forward/network.js";
import { MODES, type Mode } from "./mode.js";
import { checkNetwork, type HostNetwork } from "./neural-network/host.js";
import { install, uninstall } from "./neural-network/install.js";
import { Accelerated } from "./neural-network/network.js";

export interface AccelerateOptions {
  /** `"faithful"` (default) trains as brain.js does; `"fixed"` without its errors. */
  readonly mode?: Mode;
  /** Where the network lives. Default: `defaultEngine()`. */
  readonly engine?: Engine;
}

const accelerated = new WeakMap<object, { release(): void }>();

/**
 * A network of brain.js, made fast: its weights lie in linear memory, and its steps are kernels.
 *
 * ```math
 * G = deltas inputs^T        for each layer and pattern
 * ```
 *
 * is formed inside of the step and never written down.
 * Everything else is brain.js's own: `train` and `trainAsync` with all their options, `run`, `test`, `toJSON`, `fromJSON`.
 * Sums are taken in f32 where brain.js takes them in f64.
 *
 * Of a `NeuralNetwork` the passes are kernels too. Its leaky ReLU is that of brain.js 2 in both modes: 1.6 gives alpha x for
 * positive x and 0 for negative.
 *
 * Of a `FeedForward` these are: the praxis (momentumRootMeanSquaredPropagation, the default) of every layer that learns, and
 * products of such a layer with a column, as `layer.feedForward` makes them. Other layers, and a praxis of your own, are run
 * by brain.js; where it runs them on a graphics card, what the kernels need is read back from there.
 *
 * @param net a NeuralNetwork of brain.js 1.6 or 2 or a FeedForward of 2, trained already or not. It is changed and returned.
 * @param options.mode `"faithful"` (default) trains as brain.js does, number for number but for rounding. `"fixed"`: the
 *   biases of praxis adam take the moments of this step, not of the one before; `praxis` and `activation` given to `train`
 *   hold for a NeuralNetwork that has been initialized already, `learningRate` given to `train` for the praxis of a
 *   FeedForward; `layer.arthurFeedForward` trains as a NeuralNetwork does, where brain.js throws at the second step;
 *   `layer.leakyRelu` passes gradients on to the layers before it; `layer.target` in a column compares each output with its
 *   own target, where brain.js compares all of them with the first.
 * @param options.engine where the network lives; default `defaultEngine()`
 * @returns the network
 * @throws TypeError for what is neither; RangeError for an unknown mode
 *
 * @example
 * // before: const net = new brain.NeuralNetwork({ hiddenLayers: [3] });
 * const net = accelerate(new brain.NeuralNetwork({ hiddenLayers: [3] }));
 * net.train([
 *   { input: [0, 0], output: [0] },
 *   { input: [0, 1], output: [1] },
 *   { input: [1, 0], output: [1] },
 *   { input: [1, 1], output: [0] },
 * ]);
 * const [output] = net.run([1, 0]);
 * @see brain.js, src/neural-network.ts, src/feed-forward.ts, src/praxis; Kingma, Ba, "Adam", 2015
 */
export function accelerate<Net extends object>(net: Net, options: AccelerateOptions = {}): Net {
  const where = "accelerate";
  if (!isFeedForward(net)) checkNetwork(where, net);
  checkOptions(where, options, ["mode", "engine"]);
  const mode = checkOneOf(where, "mode", options.mode ?? "faithful", MODES);
  if (accelerated.has(net)) return net;
  const engine = options.engine ?? defaultEngine();
  accelerated.set(
    net,
    isFeedForward(net) ? new AcceleratedFeedForward(net, engine, mode) : neuralNetwork(net, engine, mode),
  );
  return net;
}

function neuralNetwork(host: HostNetwork, engine: Engine, mode: Mode) {
  const inner = new Accelerated(host, engine, mode);
  install(host, inner);
  return {
    release() {
      inner.release();
      uninstall(host, inner);
    },
  };
}

/**
 * A network as brain.js made it: ordinary arrays again, and the memory freed. Networks that are merely dropped free theirs
 * when they are collected.
 *
 * @param net a network that {@link accelerate} returned; any other is left alone
 * @returns the network
 *
 * @example
 * const net = accelerate(new brain.NeuralNetwork({ hiddenLayers: [3] }));
 * net.train([{ input: [0], output: [1] }, { input: [1], output: [0] }]);
 * release(net).run([1]);
 */
export function release<Net extends object>(net: Net): Net {
  const inner = accelerated.get(net);
  if (inner === undefined) return net;
  accelerated.delete(net);
  inner.release();
  return net;
}
