/** What of a measured factor is counted on for the next pass. */
const FADING = 0.5;

/**
 * The norm of the gradient as it may be at the end of a pass, going by an estimate that costs next to nothing.
 *
 * Where the estimate is from a table, what is in it is from all through a pass, and in its sum most of the noise cancels that
 * the draws give to the point: so it runs ahead, by half of what it falls in a pass, and where noise makes most of the gradient
 * by a factor besides (of 10 to 20 on rows of words, of up to 300 on a9a). That is measured whenever the full gradient is
 * taken, and fades, since it falls where noise does.
 */
export class Forecast {
  #estimate: number | undefined;
  #expected = Number.NaN;
  #factor = 1;

  /** @param estimate before the first pass, if there is one */
  constructor(estimate?: number) {
    this.#estimate = estimate;
  }

  /** The forecast, given the estimate at the end of the next pass. */
  next(estimate: number): number {
    this.#expected = Math.sqrt((this.#estimate ?? estimate) * estimate);
    this.#estimate = estimate;
    this.#factor = Math.max(FADING * this.#factor, 1);
    return this.#factor * this.#expected;
  }

  /** What the norm has turned out to be. */
  saw(gradientNorm: number): void {
    this.#factor = this.#expected > 0 ? gradientNorm / this.#expected : 1;
  }
}
