// What the adapter knows of brain.js 1.6 and 2: the fields of a NeuralNetwork that its training reads and writes. The library is
// never imported; a network is known by what it has.

import { given } from "../../../check.js";

type Row = Float32Array;

/** The arrays of a network, by layer; of matrices, by node. Index 0 of what belongs to weights is unused. */
export interface HostArrays {
  outputs: Row[];
  errors: Row[];
  deltas: Row[];
  biases: Row[];
  biasChangesLow: Row[];
  biasChangesHigh: Row[];
  weights: Row[][];
  changes: Row[][];
  changesLow: Row[][];
  changesHigh: Row[][];
}

export interface HostOptions {
  readonly activation: string;
  readonly leakyReluAlpha?: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly praxis?: string | null;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

type Forward = (input: ArrayLike<number>) => Row;
type Backward = (target: ArrayLike<number>) => void;

export interface HostNetwork extends HostArrays {
  sizes: number[] | null;
  readonly leakyReluAlpha?: number;
  outputLayer: number | null;
  iterations: number;
  trainOpts: HostOptions;
  runInput: Forward;
  calculateDeltas: Backward;
  adjustWeights: () => void;
  _adjustWeightsAdam: () => void;
  _setupAdam: () => void;
  setActivation: () => void;
  initialize: () => void;
  run: (input: never) => unknown;
  fromJSON: (json: never) => unknown;
  prepTraining: (...operands: unknown[]) => unknown;
}

/** The names that brain.js gives to an activation: of the option, and in the names of its methods. */
export const ACTIVATIONS = [
  { option: "sigmoid", method: "Sigmoid" },
  { option: "relu", method: "Relu" },
  { option: "leaky-relu", method: "LeakyRelu" },
  { option: "tanh", method: "Tanh" },
] as const;

/** The kernels' number of an activation: its place in the list, the identity being 0. */
export const activationNumber = (k: number) => k + 1;

/** @throws TypeError for what is no NeuralNetwork of brain.js */
export function checkNetwork(where: string, net: unknown): asserts net is HostNetwork {
  const host = net as HostNetwork | undefined;
  const methods = [
    "run",
    "initialize",
    "fromJSON",
    "prepTraining",
    "adjustWeights",
    "_adjustWeightsAdam",
    "_setupAdam",
  ];
  const lacks = methods.find((name) => typeof host?.[name as keyof HostNetwork] !== "function");
  if (lacks === undefined && !("gpu" in host!)) return;
  const why =
    typeof net !== "object" || net === null ? "" : "gpu" in net ? ", which trains on the GPU" : ` without ${lacks}`;
  throw new TypeError(`${where}: net must be a NeuralNetwork or FeedForward of brain.js, got ${given(net)}${why}`);
}
