// What the adapter knows of brain.js 2's FeedForward: its layers, what they hand to each other, and the praxis that changes
// those which learn. The library is never imported; classes are known by the names that its own JSON writes.

/** Rows as brain.js has them on a processor, or what it keeps on a GPU. */
export type HostMatrix = ArrayLike<number>[] | { toArray(): ArrayLike<number>[]; delete(): void };

export type HostVector = ArrayLike<number> | { toArray(): ArrayLike<number> };

export interface HostPraxis {
  readonly settings: Readonly<Record<string, unknown>>;
  momenta?: HostMatrix;
  changes?: HostMatrix;
  run(layer: HostLayer, learningRate: number): HostMatrix;
  toJSON(): object;
}

export interface HostLayer {
  readonly settings: { weights: HostMatrix; deltas: HostMatrix; cleanupDeltas?: boolean };
  readonly width: number;
  readonly height: number;
  readonly praxis: HostPraxis | null;
  readonly inputLayer?: HostLayer;
  readonly inputLayer1?: HostLayer;
  readonly inputLayer2?: HostLayer;
  readonly compareKernel?: (weights: HostMatrix, deltas: HostMatrix) => HostMatrix;
  weights: HostMatrix;
  deltas: HostMatrix;
  predict(): void;
  compare(): void;
}

export interface HostFeedForward {
  readonly layers: readonly HostLayer[] | null;
  /** The layers that learn. */
  readonly _model: readonly HostLayer[] | null;
  initialize(): void;
  _prepTraining(data: unknown, options?: { readonly learningRate?: number }): unknown;
}

const METHODS = ["run", "initialize", "_prepTraining", "adjustWeights"] as const;

/** Recurrent, which shares its layers among time steps, is none. */
export function isFeedForward(net: unknown): net is HostFeedForward {
  if (typeof net !== "object" || net === null || !("_model" in net) || "_layerSets" in net) return false;
  return METHODS.every((name) => typeof (net as Record<string, unknown>)[name] === "function");
}

export const className = (of: object): string => of.constructor.name;

export const numbersOf = (vector: HostVector): ArrayLike<number> => ("toArray" in vector ? vector.toArray() : vector);

export const rowsOf = (matrix: HostMatrix): ArrayLike<number>[] => (Array.isArray(matrix) ? matrix : matrix.toArray());

/** Gives a layer deltas in place of those it has. */
export function replaceDeltas(layer: HostLayer, deltas: HostMatrix): void {
  const before = layer.deltas;
  if (before === deltas) return;
  layer.deltas = deltas;
  free(before);
}

/** Lets go of what is on a GPU. */
export function free(matrix: HostMatrix): void {
  if (!Array.isArray(matrix)) matrix.delete();
}
