import { checkOneOf, checkOptions } from "../../check.js";
import { defaultEngine, type Engine } from "../../memory/engine.js";
import { checkNetwork, type HostNetwork } from "./host.js";
import { Accelerated, type Mode } from "./network.js";

export interface AccelerateOptions {
  /** `"faithful"` (default) trains as brain.js does; `"fixed"` without its errors. */
  readonly mode?: Mode;
  /** Where the network lives. Default: `defaultEngine()`. */
  readonly engine?: Engine;
}

const accelerated = new WeakMap<object, Accelerated>();

/**
 * A `NeuralNetwork` of brain.js, made fast: its weights lie in linear memory, and its passes and steps are kernels.
 *
 * ```math
 * G = deltas inputs^T        for each layer and pattern
 * ```
 *
 * is formed inside of the step and never written down.
 * Everything else is brain.js's own: `train` and `trainAsync` with all their options, `run`, `test`, `toJSON`, `fromJSON`.
 * Sums are taken in f32 where brain.js takes them in f64. The leaky ReLU is that of brain.js 2 in both modes: 1.6 gives
 * alpha x for positive x and 0 for negative.
 *
 * @param net a NeuralNetwork of brain.js 1.6 or 2, trained already or not. It is changed and returned.
 * @param options.mode `"faithful"` (default) trains as brain.js does, number for number but for rounding. `"fixed"`: the
 *   biases of praxis adam take the moments of this step, not of the one before; `praxis` and `activation` given to `train`
 *   hold for a network that has been initialized already.
 * @param options.engine where the network lives; default `defaultEngine()`
 * @returns the network
 * @throws TypeError for what is no NeuralNetwork; RangeError for an unknown mode
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
 * @see brain.js, src/neural-network.ts; Kingma, Ba, "Adam", 2015
 */
export function accelerate<Net extends object>(net: Net, options: AccelerateOptions = {}): Net {
  const where = "accelerate";
  checkNetwork(where, net);
  checkOptions(where, options, ["mode", "engine"]);
  const mode = checkOneOf(where, "mode", options.mode ?? "faithful", ["faithful", "fixed"]);
  if (accelerated.has(net)) return net;
  const host: HostNetwork = net;
  const inner = new Accelerated(host, options.engine ?? defaultEngine(), mode);
  accelerated.set(net, inner);
  install(host, inner);
  return net;
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
  const host = net as unknown as HostNetwork;
  inner.release();
  uninstall(host, inner);
  return net;
}

type Methods = Record<string, unknown>;

/** Puts methods on the network itself, before those of its class; whichever was in use stays in use. */
function install(host: HostNetwork, inner: Accelerated): void {
  const net = host as unknown as Methods;
  const own = (name: string, inUse: string, method: unknown) => {
    const used = net[inUse] === net[name];
    net[name] = method;
    if (used) net[inUse] = method;
  };
  for (const { forward, backward } of inner.passes()) {
    own(forward.name, "runInput", forward.pass);
    own(backward.name, "calculateDeltas", backward.pass);
  }
  own("_adjustWeightsAdam", "adjustWeights", () => inner.adamStep());
  if (host.adjustWeights !== host._adjustWeightsAdam) host.adjustWeights = () => inner.momentumStep();
  if (inner.mode === "fixed") {
    const { prepTraining } = host;
    host.prepTraining = (...operands) => {
      const prepared = prepTraining.apply(host, operands);
      inner.heedOptions();
      return prepared;
    };
  }
}

function uninstall(host: HostNetwork, inner: Accelerated): void {
  const net = host as unknown as Methods;
  const disown = (name: string, inUse: string) => {
    const used = net[inUse] === net[name];
    delete net[name];
    if (used) net[inUse] = net[name];
  };
  for (const { forward, backward } of inner.passes()) {
    disown(forward.name, "runInput");
    disown(backward.name, "calculateDeltas");
  }
  const adam = host.adjustWeights === host._adjustWeightsAdam;
  delete net._adjustWeightsAdam;
  if (inner.mode === "fixed") delete net.prepTraining;
  if (adam) host.adjustWeights = host._adjustWeightsAdam;
  else delete net.adjustWeights;
}
