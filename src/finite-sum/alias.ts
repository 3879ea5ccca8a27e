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
    const stay = Float64Array.from(masses, (mass) => (mass * n) / sum);
    const other = new Int32Array(n);
    const small: number[] = [];
    const large: number[] = [];
    for (let k = 0; k < n; k++) (stay[k]! < 1 ? small : large).push(k);
    while (small.length > 0 && large.length > 0) {
      const low = small.pop()!;
      const high = large[large.length - 1]!;
      other[low] = high;
      stay[high]! -= 1 - stay[low]!;
      if (stay[high]! < 1) small.push(large.pop()!);
    }
    for (const k of small.concat(large)) {
      stay[k] = 1;
      other[k] = k;
    }
    this.#stay = stay;
    this.#other = other;
  }

  draw(bits: Bits): number {
    const place = (bits() * this.#stay.length) / 2 ** 32;
    const k = Math.floor(place);
    return place - k < this.#stay[k]! ? k : this.#other[k]!;
  }

  /** The probability of a draw, from the table itself: for tests, and slow. */
  probability(k: number): number {
    const n = this.#stay.length;
    let mass = this.#stay[k]!;
    for (let i = 0; i < n; i++) if (i !== k && this.#other[i] === k) mass += 1 - this.#stay[i]!;
    return mass / n;
  }
}
