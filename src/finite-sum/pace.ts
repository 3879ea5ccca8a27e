import type { LinearModel } from "./model.js";
import { SLICE } from "./oracle.js";

/** What a pace goes by, to be saved: its numbers in an order of its own. */
export type PaceState = readonly number[];

/** The step of a run, which may change from slice to slice and from pass to pass. */
export interface Pace {
  readonly stepSize: number;
  /** The most steps that are made at one size. */
  readonly slice: number;
  /** Before so many steps, the first of which is at that row. */
  look(count: number, first: number): void;
  /** At the end of a pass: the norm of the gradient as the run has it. */
  saw(gradientNorm: number): void;
  state(): PaceState;
  restore(state: PaceState): void;
}

/** A step that stays as it is. */
export function steady(stepSize: number): Pace {
  return { stepSize, slice: SLICE, look: () => {}, saw: () => {}, state: () => [], restore: () => {} };
}

/** A pass that leaves more of the gradient than this is slow. */
const SLOW = 0.6;

const GROWTH = 1.2;

/** How far steps grow: from SAGA's 1 / (3 L) to 1 / (1.5 L), beyond which the noise of the draws grows with them. */
const MOST = 2;

/**
 * Where the noise of the draws holds a run up, short steps bring the gradient down by most of it a pass. Where it is the shape
 * of the problem, passes are slow, and longer steps are faster: 19 passes for 29 on w8a, 11 for 15 on a9a.
 */
export class GrowingPace implements Pace {
  readonly slice = SLICE;
  readonly #most: number;
  #stepSize: number;
  #gradientNorm = 0;

  constructor(stepSize: number) {
    this.#stepSize = stepSize;
    this.#most = MOST * stepSize;
  }

  get stepSize(): number {
    return this.#stepSize;
  }

  look(): void {}

  saw(gradientNorm: number): void {
    if (this.#gradientNorm > 0 && gradientNorm > SLOW * this.#gradientNorm) {
      this.#stepSize = Math.min(GROWTH * this.#stepSize, this.#most);
    }
    this.#gradientNorm = gradientNorm;
  }

  state(): PaceState {
    return [this.#stepSize, this.#gradientNorm];
  }

  restore([stepSize, gradientNorm]: PaceState): void {
    this.#stepSize = stepSize!;
    this.#gradientNorm = gradientNorm!;
  }
}

/** Rows that a look tests. */
const TESTED = 16;

/** The fewest slices of a pass, and so looks at L. */
const LOOKS = 32;

/**
 * 1 / (times L), with L searched for: it falls to a half within a pass, and is doubled as often as the losses of a few rows ask for
 * before every slice. It follows the curvature of the losses where the run is, which may be far below the bound.
 */
export class LineSearch implements Pace {
  readonly slice: number;
  readonly #model: LinearModel;
  readonly #times: number;
  #smoothness: number;

  /** @param times of L, in the method's own step */
  constructor(model: LinearModel, smoothness: number, times: number) {
    this.slice = Math.min(SLICE, Math.ceil(model.rows / LOOKS));
    this.#model = model;
    this.#times = times;
    this.#smoothness = smoothness;
  }

  get stepSize(): number {
    const { greatestL2 } = this.#model.regularizer;
    const stepSize = 1 / (this.#times * (this.#smoothness + greatestL2));
    return Math.min(stepSize, greatestL2 > 0 ? 0.5 / greatestL2 : Number.MAX_VALUE);
  }

  look(count: number, first: number): void {
    this.#smoothness *= 2 ** (-count / this.#model.rows);
    this.#smoothness = this.#model.searchSmoothness(first, TESTED, this.#smoothness);
  }

  saw(): void {}

  state(): PaceState {
    return [this.#smoothness];
  }

  restore([smoothness]: PaceState): void {
    this.#smoothness = smoothness!;
  }
}
