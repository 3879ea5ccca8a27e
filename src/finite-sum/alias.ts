/** Integers, uniform in [0, 2^32). */
type Bits = () => number;

/** Draws from a fixed distribution in constant time (Walker 1977, built as by Vose 1991). */
export class AliasTable {
  readonly #stay: Float64Array;
  readonly #other: Int32Array;

  /** @param masses >= 0, not all 0; their sum may be anything */
  constructor(masses: ArrayLike<number>) {
    const n = masses.length;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += masses[k]!;
    const stay = new Float64Array(n);
    const other = new Int32Array(n);
    for (let k = 0; k < n; k++) {
      stay[k] = (masses[k]! * n) / sum;
      other[k] = k;
    }
    // Places below their share from the one end, those above from the other.
    const places = new Int32Array(n);
    let small = 0;
    let large = n;
    for (let k = 0; k < n; k++) places[stay[k]! < 1 ? small++ : --large] = k;
    while (small > 0 && large < n) {
      const low = places[--small]!;
      const high = places[large]!;
      other[low] = high;
      stay[high]! -= 1 - stay[low]!;
      if (stay[high]! < 1) places[small++] = places[large++]!;
    }
    for (let k = 0; k < small; k++) stay[places[k]!] = 1;
    for (let k = large; k < n; k++) stay[places[k]!] = 1;
    this.#stay = stay;
    this.#other = other;
  }

  /** Fills the array with draws. */
  fill(draws: Int32Array, bits: Bits): void {
    const stay = this.#stay;
    const other = this.#other;
    const places = stay.length / 2 ** 32;
    for (let i = 0; i < draws.length; i++) {
      const place = bits() * places;
      const k = place | 0;
      draws[i] = place - k < stay[k]! ? k : other[k]!;
    }
  }

  /** The probability of a draw, from the table itself: for tests, and slow. */
  probability(k: number): number {
    const n = this.#stay.length;
    let mass = this.#stay[k]!;
    for (let i = 0; i < n; i++) if (i !== k && this.#other[i] === k) mass += 1 - this.#stay[i]!;
    return mass / n;
  }
}
