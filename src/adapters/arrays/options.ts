import { checkInteger, checkNumber, checkOneOf, checkOptions, nonNegative } from "../../check.js";
import { type MethodName, methods, type Settings } from "./methods.js";

/** Options of ConvNetJS's `Trainer`, and toygrad's, under either's names. */
export interface TrainerOptions extends Partial<Settings> {
  /** `"sgd"` (default), `"nesterov"`, `"adagrad"`, `"windowgrad"`, `"adadelta"` or `"adam"`. */
  readonly method?: MethodName;
  /** Default 0.01; `adadelta` has none. */
  readonly learning_rate?: number;
  readonly learningRate?: number;
  /** Samples an update. Default 1. */
  readonly batch_size?: number;
  readonly batchSize?: number;
  /** Coefficients of the penalties |p| and p^2 / 2. Default 0. */
  readonly l1_decay?: number;
  readonly l1decay?: number;
  readonly l2_decay?: number;
  readonly l2decay?: number;
}

interface ResolvedTrainerOptions extends Settings {
  readonly method: MethodName;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly l1: number;
  readonly l2: number;
}

const names: readonly (keyof TrainerOptions)[] = [
  "method",
  "learning_rate",
  "learningRate",
  "batch_size",
  "batchSize",
  "l1_decay",
  "l1decay",
  "l2_decay",
  "l2decay",
  "momentum",
  "ro",
  "eps",
  "beta1",
  "beta2",
  "faithfulToBug",
];

/** @param eps the default, in which the libraries differ */
export function resolveTrainerOptions(where: string, options: TrainerOptions, eps: number): ResolvedTrainerOptions {
  checkOptions(where, options, names);
  const method = checkOneOf(where, "method", options.method ?? "sgd", Object.keys(methods) as MethodName[]);
  const faithfulToBug = checkOneOf(where, "faithfulToBug", options.faithfulToBug ?? "none", [
    "none",
    "multipliedBiasCorrection",
  ]);
  if (faithfulToBug !== "none" && method !== "adam") {
    throw new RangeError(`${where}: faithfulToBug "${faithfulToBug}" is one of method "adam", got "${method}"`);
  }
  const amount = (name: string, value: number | undefined, preset: number) =>
    checkNumber(where, name, value ?? preset, nonNegative);
  return {
    method,
    faithfulToBug,
    learningRate: amount("learning_rate", options.learning_rate ?? options.learningRate, 0.01),
    batchSize: checkInteger(
      where,
      "batch_size",
      options.batch_size ?? options.batchSize ?? 1,
      1,
      Number.MAX_SAFE_INTEGER,
    ),
    l1: amount("l1_decay", options.l1_decay ?? options.l1decay, 0),
    l2: amount("l2_decay", options.l2_decay ?? options.l2decay, 0),
    // The rules check these.
    momentum: options.momentum ?? 0.9,
    ro: options.ro ?? 0.95,
    eps: options.eps ?? eps,
    beta1: options.beta1 ?? 0.9,
    beta2: options.beta2 ?? 0.999,
  };
}
