import type { Oracle } from "../oracle.js";

/** Steps that bring less of what the model promises ask for more damping, those that bring more than the second share for less. */
const POOR = 0.25;
const GOOD = 0.75;
const FACTOR = 4;

/** Shares below are none. */
const LEAST = 1e-3;

/**
 * The term of Levenberg (1944) and Marquardt (1963): a share of what bounds the curvature along each column is added to the
 * Hessian. It holds back columns that its rows hardly have, or whose rows are in flat parts of the loss; none at first.
 */
export class Damping {
  readonly #oracle: Oracle;
  /** Worked out, which takes as long as a pass over the data but is not counted as one, when a step has been poor. */
  #bounds: Float64Array | undefined;
  #share = 0;

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  /** product += share bounds direction */
  addProduct(direction: Float64Array, product: Float64Array): void {
    if (this.#share === 0) return;
    this.#bounds ??= this.#oracle.inverseCurvatures().map((inverse) => 1 / inverse);
    for (let k = 0; k < product.length; k++) product[k]! += this.#share * this.#bounds[k]! * direction[k]!;
  }

  /** @param agreement the decrease that a step has brought over the one that the model promised */
  adapt(agreement: number): void {
    if (!(agreement >= POOR)) this.#share = Math.max(FACTOR * this.#share, LEAST);
    else if (agreement > GOOD) this.#share = this.#share > LEAST ? this.#share / FACTOR : 0;
  }
}
