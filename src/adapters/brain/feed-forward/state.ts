import { className, type HostFeedForward, type HostLayer, rowsOf } from "./host.js";
import { slotOf } from "./rules.js";

/** Of a FeedForward. */
export interface FeedForwardState {
  readonly version: number;
  /** Of each layer that learns, in their order. */
  readonly layers: readonly {
    readonly praxis: string;
    readonly width: number;
    readonly height: number;
    /** The praxis's momenta or changes, row after row; none if it keeps nothing. */
    readonly slot: readonly number[];
  }[];
}

type LayerState = FeedForwardState["layers"][number];

const praxisOf = ({ praxis }: HostLayer) => (praxis === null ? "none" : className(praxis));

const describe = ({ praxis, width, height }: Pick<LayerState, "praxis" | "width" | "height">) =>
  `${praxis} ${height} x ${width}`;

const shapeOf = (layer: HostLayer) => ({ praxis: praxisOf(layer), width: layer.width, height: layer.height });

export function save(net: HostFeedForward): Omit<FeedForwardState, "version"> {
  const layers = net._model!.map((layer) => {
    const name = slotOf(layer.praxis);
    const rows = name === undefined ? [] : rowsOf(layer.praxis![name]!);
    return { ...shapeOf(layer), slot: rows.flatMap((row) => Array.from(row)) };
  });
  return { layers };
}

/** @throws RangeError for a state of other layers */
export function restore(where: string, net: HostFeedForward, state: FeedForwardState): void {
  if (!net._model) net.initialize();
  const layers = net._model!;
  const [own, others] = [layers.map(shapeOf), state.layers].map((all) => all.map(describe).join(", "));
  if (own !== others) {
    throw new RangeError(`${where}: state must be of a network of ${own}, got one of ${others}`);
  }
  layers.forEach(({ praxis, width, height }, l) => {
    const { slot } = state.layers[l]!;
    const name = slotOf(praxis);
    if (name === undefined) return;
    praxis![name] = Array.from({ length: height }, (_, i) => Float32Array.from(slot.slice(i * width, (i + 1) * width)));
  });
}
