/** A stopwatch that can be stopped while the caller's code runs. */
export class Stopwatch {
  #total = 0;
  #since = performance.now();

  get seconds(): number {
    return (this.#total + performance.now() - this.#since) / 1000;
  }

  /** Stops; the function returned starts again. */
  pause(): () => void {
    this.#total += performance.now() - this.#since;
    return () => {
      this.#since = performance.now();
    };
  }
}
