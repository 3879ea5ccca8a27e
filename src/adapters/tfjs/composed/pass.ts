// What a step does besides its rule, as src/reference/update/pass.ts has it.

import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveAdaptiveClip } from "../../../optimizers/adaptive-clip.js";
import { averageWeight } from "../../../optimizers/average.js";
import { AVERAGE } from "../../../optimizers/followers.js";
import type { Memory } from "../../../optimizers/memory.js";
import { factors } from "../../../optimizers/multiplier.js";
import { rateAt } from "../../../optimizers/rate.js";
import type { Slot } from "../../../optimizers/slot.js";
import type { Entry } from "../place.js";
import type { TensorFlow } from "../tensorflow.js";
import type { Held } from "./held.js";
import type { Composable } from "./support.js";

/** A factor on gradients. */
export type Factor = Tensor | number;

/** A variable after its step. */
export interface Moved {
  /** Undefined if it is frozen. */
  readonly parameter?: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
  readonly memory: Memory;
}

/** What is kept of every variable, the average of the options among it. */
export function slotsOf({ rule, options }: Composable): readonly Slot[] {
  const own = rule.slots(options);
  return options.average === undefined ? own : [...own, { name: AVERAGE, initial: "parameters" }];
}

/** limit / norm where that is below 1, else 1. */
function clipFactor(tf: TensorFlow, norm: Tensor, limit: Factor): Tensor {
  return tf.where(tf.greater(norm, limit), tf.div(limit, norm), 1);
}

/** The factor that takes all gradients together down to `clipNorm`; 1 without. */
export function globalClip(tf: TensorFlow, { options }: Composable, entries: readonly Entry[], scale: number): Factor {
  const { clipNorm } = options;
  if (clipNorm === Number.POSITIVE_INFINITY) return 1;
  const squares = entries.map(({ gradient }) => tf.sum(tf.square(gradient)));
  return clipFactor(tf, tf.mul(tf.sqrt(tf.addN(squares)), scale), clipNorm);
}

/** The factor that clips a gradient by the norm of its tensor; 1 without. */
function tensorClip(tf: TensorFlow, { options }: Composable, { gradient, variable }: Entry, scale: Factor): Factor {
  const { clipTensorNorm, adaptiveClip } = options;
  const none = Number.POSITIVE_INFINITY;
  if (clipTensorNorm === none && adaptiveClip === none) return 1;
  const normOf = (tensor: Tensor) => tf.sqrt(tf.sum(tf.square(tensor)));
  const norm = tf.mul(normOf(gradient), scale);
  if (adaptiveClip === none) return clipFactor(tf, norm, clipTensorNorm);
  const { ratio, least } = resolveAdaptiveClip(adaptiveClip);
  const limit = tf.mul(tf.maximum(normOf(variable), least), ratio);
  return clipFactor(tf, norm, clipTensorNorm === none ? limit : tf.minimum(limit, clipTensorNorm));
}

/**
 * One variable's step.
 * @param scale factor on the raw gradient, above 0
 */
export function move(tf: TensorFlow, composable: Composable, entry: Entry, held: Held, scale: Factor): Moved {
  const { rule, options, kernel } = composable;
  const { name, variable } = entry;
  const memory = { ...held.memory };
  const t = held.stepCount + 1;
  const learningRate = rateAt(rule.name, "learningRate", options.learningRate, held.stepCount);
  const weightDecay = rateAt(rule.name, "weightDecay", options.weightDecay, held.stepCount);
  const [rate] = factors(rule.name, "learningRateMultiplier", options.learningRateMultiplier, [name]) as [number];
  const [decay] = factors(rule.name, "weightDecayMultiplier", options.weightDecayMultiplier, [name]) as [number];
  const { decoupledWeightDecay, independentWeightDecay, average } = options;
  const scalars = rule.scalars(t, learningRate, options, memory);
  const weight = average === undefined ? 0 : averageWeight(average, t, learningRate, memory);
  const begun = Object.fromEntries(slotsOf(composable).map((slot) => [slot.name, begin(tf, slot, variable, held)]));
  if (rate === 0) return { slots: begun, memory };

  const l2 = decoupledWeightDecay ? 0 : weightDecay * decay;
  // Schedule-free rules raise the rate themselves: their first scalar is the rate of the step.
  const stepRate = kernel.staged ? scalars[0]! : learningRate;
  const shrink = decoupledWeightDecay ? weightDecay * decay * (independentWeightDecay ? 1 : stepRate * rate) : 0;
  const gradient = prepare(tf, composable, entry, scale, kernel.decayInside ? 0 : l2);
  const own = rule.slots(options).map((slot) => slot.name);
  const slots = own.map((slot) => begun[slot]!);
  const moved = kernel.run(tf, { parameter: variable, gradient, slots, scalars, l2, shrink, rate });
  const parameter = inBox(tf, composable, moved.parameter ?? stepped(tf, variable, moved.step!, shrink, rate));
  const next = Object.fromEntries(own.map((slot, k) => [slot, moved.slots[k]!]));
  if (average === undefined) return { parameter, slots: next, memory };
  const averaged = tf.add(tf.mul(parameter, weight), tf.mul(begun[AVERAGE]!, 1 - weight));
  return { parameter, slots: { ...next, [AVERAGE]: averaged }, memory };
}

function begin(tf: TensorFlow, { name, initial }: Slot, variable: Tensor, { slots }: Held): Tensor {
  const known = slots[name];
  if (known !== undefined) return known;
  return initial === "parameters" ? tf.clone(variable) : tf.fill(variable.shape, initial);
}

/** The gradient as the rule gets it. */
function prepare(tf: TensorFlow, composable: Composable, entry: Entry, scale: Factor, l2: number): Tensor {
  const { maximize, clipValue } = composable.options;
  const clip = tensorClip(tf, composable, entry, scale);
  const factor = [scale, clip, maximize ? -1 : 1].filter((each) => each !== 1);
  let gradient = factor.reduce<Tensor>((product, each) => tf.mul(product, each), entry.gradient);
  if (clipValue !== Number.POSITIVE_INFINITY) gradient = tf.clipByValue(gradient, -clipValue, clipValue);
  return l2 === 0 ? gradient : tf.add(gradient, tf.mul(entry.variable, l2));
}

/** p - (shrink p + rate step) */
function stepped(tf: TensorFlow, parameter: Tensor, step: Tensor, shrink: number, rate: number): Tensor {
  const scaled = rate === 1 ? step : tf.mul(step, rate);
  return tf.sub(parameter, shrink === 0 ? scaled : tf.add(tf.mul(parameter, shrink), scaled));
}

function inBox(tf: TensorFlow, { options }: Composable, parameter: Tensor): Tensor {
  const { projection } = options;
  return projection === undefined ? parameter : tf.clipByValue(parameter, -projection.radius, projection.radius);
}
