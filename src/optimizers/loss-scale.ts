import { atLeastOne, checkInteger, checkNumber, checkOptions, insideUnit, positive } from "../check.js";

/** A loss scale that adapts: down after a gradient that is not finite, up after a stretch without. */
export interface LossScaleOptions {
  /** Where it begins, > 0. Default 65536. */
  readonly initial?: number;
  /** Factor on the scale after `interval` good steps, >= 1. Default 2. */
  readonly growth?: number;
  /** Factor on the scale after a gradient that is not finite, in (0, 1). Default 0.5. */
  readonly backoff?: number;
  /** How many good steps in a row let it grow. Default 2000. */
  readonly interval?: number;
}

/** It stays within the normal numbers of float32, so that it never becomes 0 or infinite, which it would for ever be. */
const LEAST = 2 ** -126;
const GREATEST = 2 ** 127;

const defaults = { initial: 65536, growth: 2, backoff: 0.5, interval: 2000 };

export function checkLossScale(where: string, scale: unknown): void {
  if (typeof scale === "number") {
    checkNumber(where, "lossScale", scale, positive);
    return;
  }
  checkOptions(`${where}: lossScale`, scale, Object.keys(defaults));
  const { initial, growth, backoff, interval } = { ...defaults, ...(scale as LossScaleOptions) };
  checkNumber(where, "lossScale.initial", initial, positive);
  checkNumber(where, "lossScale.growth", growth, atLeastOne);
  checkNumber(where, "lossScale.backoff", backoff, insideUnit);
  checkInteger(where, "lossScale.interval", interval, 1, Number.MAX_SAFE_INTEGER);
}

/** What the loss is to be multiplied by before its gradient is taken. */
export class LossScale {
  readonly #options: Required<LossScaleOptions> | undefined;
  value: number;
  /** Good steps since the scale last changed. */
  goodSteps = 0;

  constructor(scale: number | LossScaleOptions) {
    this.#options = typeof scale === "number" ? undefined : { ...defaults, ...scale };
    this.value = typeof scale === "number" ? scale : this.#options!.initial;
  }

  /** Whether steps with gradients that are not finite are skipped. */
  get adapts(): boolean {
    return this.#options !== undefined;
  }

  /** To be told after every step whether its gradients were finite. */
  update(finite: boolean): void {
    if (this.#options === undefined) return;
    const { growth, backoff, interval } = this.#options;
    if (!finite) {
      this.value = Math.max(this.value * backoff, LEAST);
      this.goodSteps = 0;
    } else if (++this.goodSteps === interval) {
      this.value = Math.min(this.value * growth, GREATEST);
      this.goodSteps = 0;
    }
  }
}
