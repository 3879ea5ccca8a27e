// TensorFlow.js's optimizers: constructors, configurations and weights as version 4.22 has them.

import { adadelta } from "../../optimizers/rules/adadelta.js";
import { adagrad } from "../../optimizers/rules/adagrad.js";
import { adamax } from "../../optimizers/rules/adamax.js";
import { rmsprop } from "../../optimizers/rules/rmsprop.js";
import { sgd } from "../../optimizers/rules/sgd.js";
import { adam } from "./adam.js";
import type { Create } from "./stepper.js";

/** A value of a configuration. */
export type Setting = number | boolean | null;

export type HostSlot = readonly [slot: string, ending: string, optional?: "optional"];

/** One of TensorFlow.js's optimizer classes. */
export interface Spec {
  /** What a saved model names it by. */
  readonly className: string;
  readonly create: Create;
  /** The arguments of the constructor, by the names of its configuration, with what stands for those left out. */
  readonly positional: readonly (readonly [key: string, preset?: Setting])[];
  /** The options of the rule here. `epsilon` is not null. */
  options(settings: Record<string, number> & { [flag in "useNesterov" | "centered"]: boolean }): object;
  /** The state tensors in their order, by the ending of their names; some are there only if the rule keeps them. */
  readonly slots: readonly HostSlot[];
}

const spec = (options: Omit<Spec, "create"> & { readonly create: unknown }) => options as Spec;

export const specs = {
  sgd: spec({
    className: "SGD",
    create: sgd,
    positional: [["learningRate"]],
    options: ({ learningRate }) => ({ learningRate }),
    slots: [],
  }),
  momentum: spec({
    className: "Momentum",
    create: sgd,
    positional: [["learningRate"], ["momentum"], ["useNesterov", false]],
    options: ({ learningRate, momentum, useNesterov }) => ({
      learningRate,
      momentum,
      nesterov: useNesterov && momentum !== 0,
    }),
    slots: [["velocity", "momentum"]],
  }),
  adagrad: spec({
    className: "Adagrad",
    create: adagrad,
    positional: [["learningRate"], ["initialAccumulatorValue", 0.1]],
    options: ({ learningRate, initialAccumulatorValue }) => ({
      learningRate,
      initialAccumulator: initialAccumulatorValue,
    }),
    slots: [["sum", "accumulator"]],
  }),
  adadelta: spec({
    className: "Adadelta",
    create: adadelta,
    positional: [
      ["learningRate", 0.001],
      ["rho", 0.95],
      ["epsilon", null],
    ],
    options: ({ learningRate, rho, epsilon }) => ({ learningRate, decay: rho, epsilon }),
    slots: [
      ["squaredAverage", "accum_grad"],
      ["squaredDelta", "accum_var"],
    ],
  }),
  adam: spec({
    className: "Adam",
    create: adam,
    positional: [
      ["learningRate", 0.001],
      ["beta1", 0.9],
      ["beta2", 0.999],
      ["epsilon", null],
    ],
    options: ({ learningRate, beta1, beta2, epsilon }) => ({ learningRate, beta1, beta2, epsilon }),
    slots: [
      ["firstMoment", "m"],
      ["secondMoment", "v"],
    ],
  }),
  adamax: spec({
    className: "Adamax",
    create: adamax,
    positional: [
      ["learningRate", 0.002],
      ["beta1", 0.9],
      ["beta2", 0.999],
      ["epsilon", null],
      ["decay", 0],
    ],
    options: ({ learningRate, beta1, beta2, epsilon, decay }) => ({
      learningRate: decay === 0 ? learningRate : (step: number) => learningRate! / (1 + decay! * step),
      beta1,
      beta2,
      epsilon,
    }),
    slots: [
      ["firstMoment", "m"],
      ["infinityNorm", "v"],
    ],
  }),
  rmsprop: spec({
    className: "RMSProp",
    create: rmsprop,
    positional: [["learningRate"], ["decay", 0.9], ["momentum", 0], ["epsilon", null], ["centered", false]],
    options: ({ learningRate, decay, momentum, epsilon, centered }) => ({
      learningRate,
      decay,
      momentum,
      epsilon,
      centered,
    }),
    slots: [
      ["squaredAverage", "rms"],
      ["velocity", "momentum"],
      ["meanGradient", "mg", "optional"],
    ],
  }),
} as const;
