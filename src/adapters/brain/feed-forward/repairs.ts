// Layers of brain.js 2 whose way back is wrong.

import {
  className,
  type HostLayer,
  type HostMatrix,
  type HostVector,
  numbersOf,
  replaceDeltas,
  rowsOf,
} from "./host.js";
import { override } from "./override.js";

/** What `fixed` mode puts right in a layer. Returns how each ends. */
export function repairs(layer: HostLayer): (() => void)[] {
  const name = className(layer);
  // It keeps what it lets through to itself.
  if (name === "LeakyRelu") {
    const compare = () => replaceDeltas(layer.inputLayer!, layer.compareKernel!(layer.weights, layer.deltas));
    return [override(layer, "compare", compare)];
  }
  // In a column it compares every output with the first target.
  if (name === "Target" && layer.width === 1) return [override(layer, "compareKernel", differences)];
  return [];
}

function differences(outputs: HostMatrix, targets: HostVector): HostMatrix {
  const wanted = numbersOf(targets);
  return rowsOf(outputs).map((row, i) => Float32Array.of(row[0]! - wanted[i]!));
}
