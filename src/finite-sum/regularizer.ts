import type { ProximalTerm } from "./penalty.js";
import type { CheckedProblem } from "./problem.js";

/** One strength for all weights, or one a weight. */
type Strength = number | Float64Array;

/**
 * What the objective has beside the losses: l2, l1 and a penalty, over the weights that a method works on, which are those
 * of the user's columns times a factor. The vectors hold the weights first; what comes after them, the intercepts, is free.
 */
export class Regularizer {
  /** How many weights there are. */
  readonly size: number;
  readonly l2: Strength;
  readonly l1: Strength;
  readonly term: ProximalTerm | undefined;

  constructor(size: number, l2: Strength, l1: Strength, term: ProximalTerm | undefined) {
    this.size = size;
    this.l2 = l2;
    this.l1 = l1;
    this.term = term;
  }

  /** Whether there is more than the square: a method must then go through `prox`. */
  get proximal(): boolean {
    return this.term !== undefined || greatestOf(this.l1) > 0;
  }

  get greatestL2(): number {
    return greatestOf(this.l2);
  }

  get leastL2(): number {
    return typeof this.l2 === "number" ? this.l2 : this.l2.reduce((least, l2) => Math.min(least, l2));
  }

  value(w: Float64Array): number {
    let squares = 0;
    let magnitudes = 0;
    for (let k = 0; k < this.size; k++) {
      squares += at(this.l2, k) * w[k]! * w[k]!;
      magnitudes += at(this.l1, k) * Math.abs(w[k]!);
    }
    return squares / 2 + magnitudes + (this.term?.value(w.subarray(0, this.size)) ?? 0);
  }

  /** gradient += l2 w */
  addGradient(w: Float64Array, gradient: Float64Array): void {
    for (let k = 0; k < this.size; k++) gradient[k]! += at(this.l2, k) * w[k]!;
  }

  /** Whether all but the square acts on every weight by itself: then each may have a step of its own. */
  get separable(): boolean {
    return this.term === undefined || this.term.bounds !== undefined;
  }

  /** The proximal map of all but the square, in place. On a simplex the l1 norm is constant. */
  prox(w: Float64Array, step: Strength): void {
    if (greatestOf(this.l1) > 0 && this.term?.kind !== "simplex") {
      for (let k = 0; k < this.size; k++) {
        const threshold = at(step, k) * at(this.l1, k);
        w[k]! -= Math.max(Math.min(w[k]!, threshold), -threshold);
      }
    }
    this.term?.prox(w.subarray(0, this.size), at(step, 0));
  }

  /**
   * The norm of the gradient mapping (w - prox(w - step gradient)) / step, gradient that of the losses and the square. It is
   * the norm of the gradient itself where there is no more than the square, and 0 at the minimum alone.
   */
  mappingNorm(w: Float64Array, gradient: Float64Array, step: number): number {
    let squares = 0;
    if (!this.proximal) {
      for (let k = 0; k < gradient.length; k++) squares += gradient[k]! * gradient[k]!;
      return Math.sqrt(squares);
    }
    const moved = new Float64Array(w.length);
    for (let k = 0; k < w.length; k++) moved[k] = w[k]! - step * gradient[k]!;
    this.prox(moved, step);
    for (let k = 0; k < w.length; k++) squares += ((w[k]! - moved[k]!) / step) ** 2;
    return Math.sqrt(squares);
  }

  /**
   * The convex conjugate of l2/2 |w|^2 + l1 |w|_1 at v times some factor in (0, 1] that makes it finite, and that factor; without
   * a l2 to hold it, v must not exceed l1. Infinite where no factor helps. Undefined with a further penalty.
   */
  conjugate(v: Float64Array): { value: number; factor: number } | undefined {
    if (this.term !== undefined) return undefined;
    let factor = 1;
    for (let k = 0; k < this.size; k++) {
      if (at(this.l2, k) === 0 && Math.abs(v[k]!) > at(this.l1, k))
        factor = Math.min(factor, at(this.l1, k) / Math.abs(v[k]!));
    }
    let value = 0;
    for (let k = 0; k < this.size; k++) {
      const over = factor * Math.abs(v[k]!) - at(this.l1, k);
      if (at(this.l2, k) > 0 && over > 0) value += over ** 2 / (2 * at(this.l2, k));
    }
    return { value, factor };
  }
}

const at = (strength: Strength, k: number): number => (typeof strength === "number" ? strength : strength[k]!);

const greatestOf = (strength: Strength): number =>
  typeof strength === "number" ? strength : strength.reduce((greatest, s) => Math.max(greatest, s), 0);

/**
 * The factors by which columns are multiplied on their way into memory, and the regularizer of the weights that belong to
 * them. Where `even` is asked for, uneven l2 penalties go into the factors, so that the kernels see one l2 for all.
 *
 * With scaleColumns and root mean squares m_j the user's weights are u_j / m_j for weights u_j of the scaled columns; with
 * penalty weights o_j and v_j = sqrt(o_j) u_j, l2 o_j u_j^2 is l2 v_j^2 and l1 o_j |u_j| is l1 sqrt(o_j) |v_j|.
 */
export function regularize(
  problem: CheckedProblem,
  rootMeanSquares: Float64Array | undefined,
  even: boolean,
): { factors: Float64Array | undefined; regularizer: Regularizer } {
  const { columns, outputs, l1, l2, penalty, penaltyWeights } = problem;
  const size = columns * outputs;
  const each = (of: (column: number) => number) =>
    Float64Array.from({ length: size }, (_, k) => of(Math.floor(k / outputs)));
  const folds = even && l2 > 0 && penaltyWeights !== undefined;
  const evenness = (j: number) => (folds ? Math.sqrt(penaltyWeights[j]!) : 1);
  const scaled = rootMeanSquares !== undefined || folds;
  const factorOf = (j: number) => 1 / ((rootMeanSquares?.[j] ?? 1) * evenness(j));
  const factors = scaled ? Float64Array.from({ length: columns }, (_, j) => factorOf(j)) : undefined;
  const strengthL1 = l1 > 0 && penaltyWeights ? each((j) => (l1 * penaltyWeights[j]!) / evenness(j)) : l1;
  const strengthL2 = l2 > 0 && penaltyWeights && !folds ? each((j) => l2 * penaltyWeights[j]!) : l2;
  return { factors, regularizer: new Regularizer(size, strengthL2, strengthL1, rescaled(penalty, factors, outputs)) };
}

/** Bounds on the user's weights as bounds on those of the columns times their factors. */
function rescaled(
  penalty: ProximalTerm | undefined,
  factors: Float64Array | undefined,
  outputs: number,
): ProximalTerm | undefined {
  if (penalty?.bounds === undefined || factors === undefined) return penalty;
  const divide = (bounds: Float64Array) => bounds.map((bound, k) => bound / factors[Math.floor(k / outputs)]!);
  const lower = divide(penalty.bounds.lower);
  const upper = divide(penalty.bounds.upper);
  return {
    ...penalty,
    bounds: { lower, upper },
    prox: (w) => {
      for (let k = 0; k < lower.length; k++) w[k] = Math.min(Math.max(w[k]!, lower[k]!), upper[k]!);
    },
  };
}
