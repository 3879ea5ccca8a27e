// The methods that an accelerated NeuralNetwork has in place of those of its class.

import type { HostNetwork } from "./host.js";
import type { Accelerated } from "./network.js";

type Methods = Record<string, unknown>;

/** Puts methods on the network itself, before those of its class; whichever was in use stays in use. */
export function install(host: HostNetwork, inner: Accelerated): void {
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

/** The methods of the class again. */
export function uninstall(host: HostNetwork, inner: Accelerated): void {
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
