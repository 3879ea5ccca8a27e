import type { FloatArray } from "../../memory/dtype.js";

/** A tensor of a ConvNetJS or toygrad network, as `getParamsAndGrads()` lists it. */
export interface ParamsAndGrads {
  readonly params: FloatArray;
  readonly grads: FloatArray;
  /** ConvNetJS's factors on the decays. Default 1. */
  readonly l1_decay_mul?: number;
  readonly l2_decay_mul?: number;
  /** toygrad's. Default 1. */
  readonly l1decay?: number;
  readonly l2decay?: number;
}

/** What a trainer needs of a network. */
export interface Net<Input, Output> {
  forward(input: Input, isTraining: boolean): unknown;
  backward(output: Output): number;
  getParamsAndGrads(): readonly ParamsAndGrads[];
}

/** The object that a network keeps a tensor in: ConvNetJS's `Vol`. */
export interface Holder {
  w: FloatArray;
  dw: FloatArray;
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === "object" && value !== null && "w" in value && "dw" in value;

/** The holders of the parameters in a network's layers, by the array they hold. */
export function holdersOf(net: object): ReadonlyMap<FloatArray, Holder> {
  const holders = new Map<FloatArray, Holder>();
  const { layers } = net as { layers?: unknown };
  if (!Array.isArray(layers)) return holders;
  for (const value of layers.flatMap((layer: object) => Object.values(layer)).flat()) {
    if (isHolder(value)) holders.set(value.w, value);
  }
  return holders;
}
