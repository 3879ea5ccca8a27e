type NumberArray = Float64Array | Float32Array | Int32Array;

const FIRST = 2 ** 10;
const LARGEST = 2 ** 20;

/** Numbers of unknown count, in typed chunks that double up to a mebi-element each: nothing is moved while it grows. */
export class Growing<A extends NumberArray> {
  readonly #make: new (
    length: number,
  ) => A;
  readonly #full: A[] = [];
  #last: A;
  #used = 0;
  #before = 0;

  constructor(make: new (length: number) => A) {
    this.#make = make;
    this.#last = new make(FIRST);
  }

  get length(): number {
    return this.#before + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#last.length) this.#grow();
    this.#last[this.#used++] = value;
  }

  /** All of it in one array. The chunks are let go one by one, and nothing can be pushed afterwards. */
  finish(): A {
    const whole = new this.#make(this.length);
    let place = 0;
    for (let chunk = this.#full.shift(); chunk !== undefined; chunk = this.#full.shift()) {
      whole.set(chunk, place);
      place += chunk.length;
    }
    whole.set(this.#last.subarray(0, this.#used), place);
    this.#last = new this.#make(0);
    return whole;
  }

  #grow(): void {
    this.#full.push(this.#last);
    this.#before += this.#used;
    this.#last = new this.#make(Math.min(2 * this.#last.length, LARGEST));
    this.#used = 0;
  }
}
