import { checkInteger, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Slot } from "../slot.js";
import type { Step } from "../step.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface LbfgsOptions extends CommonOptions {
  /** How many pairs of steps and changes of the gradient are kept, an integer in [1, 1000]. Default 10 (SciPy's). */
  readonly historySize?: number;
  /** Curvature lambda that is added in every direction, >= 0. Default 0. */
  readonly damping?: number;
  /** A pair without positive curvature: leave it out, or bend it towards the estimate so far. Default `"skip"`. */
  readonly nonConvex?: "skip" | "damp";
  /** How far to go: the rate, or to where the gradients at both ends put the minimum. Default `"none"`. */
  readonly lineSearch?: "none" | "secant";
}

type Own = Required<Pick<LbfgsOptions, "historySize" | "damping" | "nonConvex" | "lineSearch">>;

const MOST_PAIRS = 1000;

/** The least cosine between a step and its change of the gradient: less is noise. */
const LEAST_COSINE = 1e-8;

/** The part of the curvature estimated before that a pair keeps at least (Powell). */
const LEAST_PART = 0.25;

/** The most times the rate that the line search goes. */
const MOST_EXTENSION = 10;

const gradient = { slot: "gradient" };
const direction = { slot: "direction" };
const displacement = { slot: "displacement" };
const change = { slot: "change" };

const stepSlot = (k: number) => ({ slot: `step${k}` });
const changeSlot = (k: number) => ({ slot: `change${k}` });
const curvatureOf = (k: number) => `curvature${k}`;

/** A pass that only takes in the gradient: the kernel's velocity is to be it, and the parameters stay. */
const still = { averages: 0, shrink: 0, box: Number.POSITIVE_INFINITY };
const takeIn = [0, 0, 1, 0, 0];

/** A pass along what has been scaled, clipped and penalised already. */
const ready = { gradientScale: 1, clipValue: Number.POSITIVE_INFINITY, l2: 0, clear: false };

/** The places of the pairs that there are, from the newest to the oldest. */
function newestFirst({ memory, options }: Step<Own>): number[] {
  const { historySize } = options;
  const count = Math.min(memory.pairs!, historySize);
  return Array.from({ length: count }, (_, back) => (memory.pairs! - 1 - back) % historySize);
}

/** direction <- H gradient, by the two loops. */
function findDirection(step: Step<Own>): void {
  const { memory } = step;
  const places = newestFirst(step);
  const shares: number[] = [];
  step.copy(gradient, direction);
  for (const k of places) {
    const share = step.dot(stepSlot(k), direction) / memory[curvatureOf(k)]!;
    step.axpy(-share, changeSlot(k), direction);
    shares.push(share);
  }
  // Before there is a pair the first step is no longer than 1, whatever the loss is measured in.
  const length = places.length > 0 ? 0 : step.call("absoluteSum", step.length, step.pointer(gradient));
  step.axpby(places.length > 0 ? memory.scale! : Math.min(1, 1 / length), direction, 0, direction);
  for (const [back, k] of [...places.entries()].reverse()) {
    const share = step.dot(changeSlot(k), direction) / memory[curvatureOf(k)]!;
    step.axpy(shares[back]! - share, stepSlot(k), direction);
  }
}

/** Keeps displacement and change as the newest pair, if they tell a curvature. */
function keepPair(step: Step<Own>): void {
  const { memory, options } = step;
  if (options.damping > 0) step.axpy(options.damping, displacement, change);
  const [s, y] = [step.norm(displacement), step.norm(change)];
  if (options.nonConvex === "damp" && s > 0) {
    const estimate = memory.pairs! > 0 ? 1 / memory.scale! : y / s;
    const [curvature, expected] = [step.dot(displacement, change), estimate * s * s];
    if (curvature < LEAST_PART * expected) {
      const part = ((1 - LEAST_PART) * expected) / (expected - curvature);
      step.axpby((1 - part) * estimate, displacement, part, change);
    }
  }
  const [curvature, length] = [step.dot(displacement, change), step.norm(change)];
  if (!(curvature > LEAST_COSINE * s * length)) return;
  const k = memory.pairs! % options.historySize;
  step.copy(displacement, stepSlot(k));
  step.copy(change, changeSlot(k));
  memory[curvatureOf(k)] = curvature;
  memory.scale = curvature / (length * length);
  memory.pairs!++;
}

/** In times of the rate: where the gradient along the step vanishes, if it goes straight from its beginning to its end. */
function extension(step: Step<Own>): number {
  const slope = -step.dot(gradient, displacement);
  const curvature = step.dot(displacement, change);
  return slope > 0 && curvature > 0 ? Math.min(slope / curvature, MOST_EXTENSION) : 1;
}

function places(count: number): Slot[] {
  const pairs = Array.from({ length: count }, (_, k) => [stepSlot(k).slot, changeSlot(k).slot]).flat();
  return pairs.map((name) => ({ name, initial: 0 }));
}

const lbfgsRule: UpdateRule<Own> = {
  name: "lbfgs",
  defaults: {
    learningRate: 1,
    weightDecay: 0,
    decoupledWeightDecay: false,
    historySize: 10,
    damping: 0,
    nonConvex: "skip",
    lineSearch: "none",
  },
  validate(where, { historySize, damping, nonConvex, lineSearch }) {
    checkInteger(where, "historySize", historySize, 1, MOST_PAIRS);
    checkNumber(where, "damping", damping, nonNegative);
    checkOneOf(where, "nonConvex", nonConvex, ["skip", "damp"]);
    checkOneOf(where, "lineSearch", lineSearch, ["none", "secant"]);
  },
  family: update,
  kernel: () => "sgd",
  slots: ({ historySize }) => [
    ...places(historySize),
    ...[gradient, direction, displacement, change].map(({ slot }) => ({ name: slot, initial: 0, temporary: true })),
  ],
  memory: ({ historySize }) => ({
    pairs: 0,
    scale: 1,
    ...Object.fromEntries(Array.from({ length: historySize }, (_, k) => [curvatureOf(k), 0])),
  }),
  scalars: (_t, learningRate) => [learningRate],
  stages() {
    // Both gradients are taken in at one scale, or their difference were none of gradients.
    let gradientScale = 1;
    const takeGradient = (step: Step<Own>, to: { slot: string }) =>
      step.update("momentum", takeIn, { slots: [to.slot], settings: { ...still, gradientScale } });
    return [
      {
        run(step) {
          ({ gradientScale } = step);
          takeGradient(step, gradient);
          findDirection(step);
          step.keepParameters();
          step.clearTensorFactors();
          step.update("sgd", [step.learningRate], { slots: [], along: direction, settings: { ...ready, ...still } });
        },
      },
      {
        run(step) {
          takeGradient(step, change);
          step.axpy(-1, gradient, change);
          step.copy("parameters", displacement);
          step.restoreParameters();
          step.axpy(-1, "parameters", displacement);
          const length = step.options.lineSearch === "secant" ? extension(step) : 1;
          keepPair(step);
          step.clearTensorFactors();
          step.update("sgd", [length * step.learningRate], { slots: [], along: direction, settings: ready });
        },
      },
    ];
  },
};

/**
 * Stochastic L-BFGS: a quasi-Newton direction from the last `historySize` pairs of a step s and the change y of the gradient
 * over it, both gradients of one sample, so that y tells curvature and no noise:
 *
 * ```math
 * d = H g(p)
 * s = -learningRate d
 * y = g(p + s) - g(p) + damping s
 * p <- p + s                                     if lineSearch = "none"
 * p <- p - dot(g(p), s) / dot(s, y) * s          if lineSearch = "secant"
 * ```
 *
 * with H by two loops over the pairs, from H_0 = (s.y / y.y) I of the newest, and a secant step of at most 10 s. Two gradients a step: `step` takes a closure, which is called at p and at p + s with the same number, and must take the same
 * sample both times. Every group has a curvature of its own. Before the first pair, H is min(1, 1 / |g|_1), as in torch. A pair
 * with s.y <= 0 is left out; with `nonConvex: "damp"` its y is bent towards s / (scale of H_0) until s.y is a quarter of what
 * was expected. On a quadratic without noise the secant is an exact line search, and n steps lead to the minimum.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1 (torch's), less with noise; `historySize` 10 in [1, 1000], two copies of the parameters each;
 *   `damping` 0, >= 0; `nonConvex` `"skip"` or `"damp"`; `lineSearch` `"none"` or `"secant"`; and the common ones, see
 *   {@link LbfgsOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 1]);
 * const optimizer = lbfgs({ w }, { lineSearch: "secant" });
 * // w_0^2 / 2 + w_1^2
 * for (let t = 0; t < 2; t++) optimizer.step(() => ({ w: Float64Array.of(w[0], 2 * w[1]) })); // w is now [0, 0]
 * @see Liu, Nocedal 1989; Schraudolph, Yu, Günter, A Stochastic Quasi-Newton Method for Online Convex Optimization, 2007;
 *   Wang, Ma, Goldfarb, Liu, Stochastic Quasi-Newton Methods for Nonconvex Stochastic Optimization, 2017 (damping)
 */
export function lbfgs(target: Target, options: LbfgsOptions & WithEngine = {}): Optimizer {
  return new Optimizer(lbfgsRule, target, options) as Optimizer;
}
