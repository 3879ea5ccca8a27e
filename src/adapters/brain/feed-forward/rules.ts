import type { NetworkKernels } from "../../../engine/families/network.js";
import type { Mode } from "../mode.js";
import { className, type HostPraxis } from "./host.js";

/** A step on a matrix whose gradient is deltas inputs^T. `rate` is the one given to `train`, if one counts. */
export type Step = (
  rate: number | undefined,
  m: number,
  n: number,
  parameters: number,
  lda: number,
  deltas: number,
  inputs: number,
  slot: number,
) => void;

interface Rule {
  /** What the praxis calls its slot. */
  readonly slot?: "momenta" | "changes";
  /** Whether brain.js's own praxis trains on a processor. */
  readonly works: boolean;
  /** brain.js builds the settings into its kernels, once. */
  readonly bind: (kernels: NetworkKernels, settings: never) => Step;
}

interface ClippedRmsprop {
  readonly decayRate: number;
  readonly learningRate: number;
  readonly clipValue: number;
  readonly smoothEps: number;
  readonly regularizationStrength: number;
}

interface Arthur {
  readonly learningRate: number;
  readonly momentum?: number;
}

/** v <- momentum v - learningRate G;  w <- w + v: NeuralNetwork's rule, which has momentum for weights, none for biases. */
const arthur: Rule["bind"] = (kernels, settings) => {
  const { learningRate, momentum = 0 } = settings as Arthur;
  return (rate = learningRate, m, n, parameters, lda, deltas, inputs, slot) => {
    kernels.momentumOuter_f32(m, n, parameters, lda, deltas, inputs, slot, -rate, momentum);
  };
};

const rules: Readonly<Record<string, Rule>> = {
  MomentumRootMeanSquaredPropagation: {
    slot: "momenta",
    works: true,
    bind: (kernels, settings) => {
      const { decayRate, learningRate, clipValue, smoothEps, regularizationStrength } = settings as ClippedRmsprop;
      return (rate = learningRate, m, n, parameters, lda, deltas, inputs, slot) => {
        const scalars = [decayRate, 1 - decayRate, -rate, clipValue, smoothEps, regularizationStrength] as const;
        kernels.clippedRmspropOuter_f32(m, n, parameters, lda, deltas, inputs, slot, ...scalars);
      };
    },
  },
  ArthurDeviationWeights: { slot: "changes", works: false, bind: arthur },
  ArthurDeviationBiases: { works: false, bind: arthur },
};

/** The rule of a praxis; none for what is unknown, or is to be left as broken as it is. */
export function ruleOf(praxis: HostPraxis | null, mode: Mode): Rule | undefined {
  if (praxis === null) return undefined;
  const name = className(praxis);
  if (!Object.hasOwn(rules, name)) return undefined;
  const rule = rules[name]!;
  return rule.works || mode === "fixed" ? rule : undefined;
}

/** What a praxis calls its slot, if it has one. */
export const slotOf = (praxis: HostPraxis | null) =>
  praxis !== null && Object.hasOwn(rules, className(praxis)) ? rules[className(praxis)]!.slot : undefined;
