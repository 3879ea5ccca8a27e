// The update kernels made of TensorFlow.js's operations, under the names that the rules know. The arithmetic of each is
// described in src/reference/update.

import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tensorflow.js";

/** What a step knows of the tensor that it moves. */
export interface Subject {
  readonly parameter: Tensor;
  /** Scaled, clipped, and with l2 times the parameter unless the kernel adds that itself. */
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  readonly scalars: readonly number[];
  readonly l2: number;
  readonly shrink: number;
  /** Factor on the step. */
  readonly rate: number;
}

interface Moved {
  /** What is subtracted from the parameter, together with its decay; or else where the parameter is afterwards. */
  readonly step?: Tensor;
  readonly parameter?: Tensor;
  readonly slots: readonly Tensor[];
}

export interface ComposedKernel {
  /** Whether l2 is no part of the gradient. */
  readonly decayInside?: boolean;
  /** Whether it takes the place of its rule's stages. */
  readonly staged?: boolean;
  run(tf: TensorFlow, subject: Subject): Moved;
}

type Run = ComposedKernel["run"];
type Operations = ReturnType<typeof operations>;

/** TensorFlow.js's operations on tensors and numbers, for short. */
function operations(tf: TensorFlow) {
  type Operand = Tensor | number;
  const [mul, add, sub, div] = [tf.mul, tf.add, tf.sub, tf.div] as ((a: Operand, b: Operand) => Tensor)[];
  const root = (x: Tensor, inside: number, outside: number) => {
    const sqrt = tf.sqrt(inside === 0 ? x : add!(x, inside));
    return outside === 0 ? sqrt : add!(sqrt, outside);
  };
  return {
    mul: mul!,
    add: add!,
    sub: sub!,
    div: div!,
    root,
    /** a x + b y */
    mix: (a: number, x: Tensor, b: number, y: Tensor) => add!(mul!(x, a), mul!(y, b)),
    /** Of two moments, brought forward. */
    moments: ([m, v]: readonly Tensor[], g: Tensor, [b1, a1, b2, a2]: readonly number[]) =>
      [add!(mul!(g, a1!), mul!(m!, b1!)), add!(mul!(mul!(g, a2!), g), mul!(v!, b2!))] as const,
  };
}

const sgd: Run = (tf, { gradient, scalars: [rate] }) => ({ step: operations(tf).mul(gradient, rate!), slots: [] });

const momentum: Run = (tf, { gradient: g, slots: [b], scalars: [rate, keep, take, fromGradient, fromBuffer] }) => {
  const { mul, mix } = operations(tf);
  const buffer = mix(take!, g, keep!, b!);
  return { step: mul(mix(fromBuffer!, buffer, fromGradient!, g), rate!), slots: [buffer] };
};

const adagrad: Run = (tf, { gradient: g, slots: [s], scalars: [rate, inside, outside] }) => {
  const { mul, div, add, root } = operations(tf);
  const sum = add(tf.square(g), s!);
  return { step: div(mul(g, rate!), root(sum, inside!, outside!)), slots: [sum] };
};

const adadelta =
  (stale: boolean): Run =>
  (tf, { gradient: g, slots: [v, d], scalars: [keep, take, epsilon, rate] }) => {
    const { mul, div, mix, root } = operations(tf);
    const square = mix(take!, tf.square(g), keep!, v!);
    const delta = mul(div(root(d!, epsilon!, 0), root(stale ? v! : square, epsilon!, 0)), g);
    return { step: mul(delta, rate!), slots: [square, mix(take!, tf.square(delta), keep!, d!)] };
  };

/** Adam, with what goes under the root, and what is kept of it. */
const adam =
  (underRoot: (ops: Operations, tf: TensorFlow, second: Tensor, scalar: number, greatest?: Tensor) => Tensor[]): Run =>
  (tf, { gradient: g, slots, scalars }) => {
    const ops = operations(tf);
    const { mul, div, add } = ops;
    const [, , , , stepSize, scalar, epsilon] = scalars;
    const [first, second] = ops.moments(slots, g, scalars);
    const [root, ...greatest] = underRoot(ops, tf, second, scalar!, slots[2]);
    return { step: div(mul(first, stepSize!), add(root!, epsilon!)), slots: [first, second, ...greatest] };
  };

const plainAdam = adam(({ mul }, tf, second, rootScale) => [mul(tf.sqrt(second), rootScale)]);

const amsgrad = adam(({ mul }, tf, second, rootScale, before) => {
  const greatest = tf.maximum(second, before!);
  return [mul(tf.sqrt(greatest), rootScale), greatest];
});

const correctedAmsgrad = adam(({ mul }, tf, second, correction, before) => {
  const greatest = tf.maximum(mul(second, correction), before!);
  return [tf.sqrt(greatest), greatest];
});

const nadam: Run = (tf, { gradient: g, slots, scalars }) => {
  const { div, mix, moments, root } = operations(tf);
  const [, , , , ofGradient, ofMoment, epsilon] = scalars;
  const [first, second] = moments(slots, g, scalars);
  return { step: div(mix(ofMoment!, first, ofGradient!, g), root(second, 0, epsilon!)), slots: [first, second] };
};

const adamax: Run = (tf, { gradient: g, slots: [m, u], scalars: [b1, a1, b2, inside, outside, rate] }) => {
  const { mul, div, add, mix } = operations(tf);
  const moment = mix(a1!, g, b1!, m!);
  const norm = tf.maximum(mul(u!, b2!), add(tf.abs(g), inside!));
  return { step: div(mul(moment, rate!), add(norm, outside!)), slots: [moment, norm] };
};

const adabelief: Run = (tf, { gradient: g, slots: [m, v], scalars: [b1, a1, b2, a2, inside, rate, outside] }) => {
  const { mul, div, add, sub, mix, root } = operations(tf);
  const variance = add(mix(a2!, tf.square(sub(g, m!)), b2!, v!), inside!);
  const first = mix(a1!, g, b1!, m!);
  return { step: div(mul(first, rate!), root(variance, 0, outside!)), slots: [first, variance] };
};

const yogi: Run = (tf, { gradient: g, slots: [m, v], scalars: [b1, a1, a2, rate, rootScale, epsilon] }) => {
  const { mul, div, add, sub, mix } = operations(tf);
  const first = mix(a1!, g, b1!, m!);
  const square = tf.square(g);
  const second = sub(v!, mul(tf.sign(sub(v!, square)), mul(square, a2!)));
  const root = add(mul(tf.sqrt(second), rootScale!), epsilon!);
  return { step: div(mul(first, rate!), root), slots: [first, second] };
};

const rmsprop =
  (centered: boolean, hasVelocity: boolean): Run =>
  (tf, { gradient: g, slots, scalars: [keep, take, inside, outside, ...rates] }) => {
    const { mul, div, sub, add, mix, root } = operations(tf);
    const square = mix(take!, tf.square(g), keep!, slots[0]!);
    const mean = centered ? mix(take!, g, keep!, slots[1]!) : undefined;
    const variance = mean === undefined ? square : tf.relu(sub(square, tf.square(mean)));
    const kept = mean === undefined ? [square] : [square, mean];
    const denominator = root(variance, inside!, outside!);
    if (!hasVelocity) return { step: div(mul(g, rates[0]!), denominator), slots: kept };
    const [momentumFactor, rateInside, rateOutside] = rates;
    const velocity = add(mul(slots.at(-1)!, momentumFactor!), div(mul(g, rateInside!), denominator));
    return { step: mul(velocity, rateOutside!), slots: [...kept, velocity] };
  };

const lion: Run = (tf, { gradient: g, slots: [m], scalars: [b1, a1, b2, a2, rate] }) => {
  const { mul, mix } = operations(tf);
  return { step: mul(tf.sign(mix(a1!, g, b1!, m!)), rate!), slots: [mix(a2!, g, b2!, m!)] };
};

const lamb: Run = (tf, { parameter, gradient: g, slots, scalars, l2, shrink, rate }) => {
  const { mul, add, sub, div, moments } = operations(tf);
  const [, , , , firstScale, rootScale, epsilon, learningRate] = scalars;
  const [first, second] = moments(slots, g, scalars);
  const quotient = div(mul(first, firstScale!), add(mul(tf.sqrt(second), rootScale!), epsilon!));
  const own = tf.where(tf.equal(first, 0), tf.zerosLike(first), quotient);
  const direction = l2 === 0 ? own : add(mul(parameter, l2), own);
  const [parameterNorm, directionNorm] = [parameter, direction].map((x) => tf.sqrt(tf.sum(tf.square(x))));
  const some = tf.greater(tf.minimum(parameterNorm!, directionNorm!), 0);
  const ratio = tf.where(some, div(mul(parameterNorm!, 1 - shrink), directionNorm!), 1);
  const moved = add(mul(parameter, shrink), mul(direction, mul(ratio, learningRate! * rate)));
  return { parameter: sub(parameter, moved), slots: [first, second] };
};

/** z <- z - (rate step + shrink y);  x <- kept x + taken z;  y <- fromAverage x + fromIterate z */
function interpolate(tf: TensorFlow, subject: Subject, along: Tensor): { parameter: Tensor; slots: Tensor[] } {
  const { mul, sub, mix } = operations(tf);
  const { parameter, slots, scalars, shrink, rate } = subject;
  const [, kept, taken, fromAverage, fromIterate] = scalars;
  const decayed = sub(slots[1]!, mul(parameter, shrink));
  const iterate = sub(decayed, mul(along, rate));
  const average = mix(taken!, iterate, kept!, slots[0]!);
  return { parameter: mix(fromAverage!, average, fromIterate!, iterate), slots: [average, iterate] };
}

const scheduleFreeSgd: Run = (tf, subject) =>
  interpolate(tf, subject, operations(tf).mul(subject.gradient, subject.scalars[0]!));

const scheduleFreeAdamw: Run = (tf, subject) => {
  const { mul, div, mix, root } = operations(tf);
  const { gradient: g, slots, scalars } = subject;
  const [rate, , , , , beta2, intake2, epsilon] = scalars;
  const second = mix(intake2!, tf.square(g), beta2!, slots[2]!);
  const moved = interpolate(tf, subject, div(mul(g, rate!), root(second, 0, epsilon!)));
  return { ...moved, slots: [...moved.slots, second] };
};

export const composedKernels: Readonly<Record<string, ComposedKernel>> = {
  sgd: { run: sgd },
  momentum: { run: momentum },
  adagrad: { run: adagrad },
  adadelta: { run: adadelta(false) },
  quotientAdadelta: { run: adadelta(false) },
  staleAdadelta: { run: adadelta(true) },
  adam: { run: plainAdam },
  amsgrad: { run: amsgrad },
  correctedAmsgrad: { run: correctedAmsgrad },
  nadam: { run: nadam },
  adamax: { run: adamax },
  adabelief: { run: adabelief },
  yogi: { run: yogi },
  rmsprop: { run: rmsprop(false, false) },
  rmspropMomentum: { run: rmsprop(false, true) },
  centeredRmsprop: { run: rmsprop(true, false) },
  centeredRmspropMomentum: { run: rmsprop(true, true) },
  lion: { run: lion },
  lamb: { run: lamb, decayInside: true },
  scheduleFreeSgd: { run: scheduleFreeSgd, staged: true },
  scheduleFreeAdamw: { run: scheduleFreeAdamw, staged: true },
};
