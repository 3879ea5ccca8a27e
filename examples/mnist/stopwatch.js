import { setImmediate } from "node:timers/promises";

/** How long work goes on before others may run, in milliseconds. */
const TURN = 30;

/** Counts the time of the work alone: it can be stopped for whatever is not part of the work. */
export class Stopwatch {
  #total = 0;
  #since = performance.now();
  #turnEnds = this.#since + TURN;

  get seconds() {
    return (this.#total + performance.now() - this.#since) / 1000;
  }

  /**
   * Runs `action` off the clock and gives what it gives.
   * @template T
   * @param {() => T | Promise<T>} action
   */
  async leaveOut(action) {
    this.#total += performance.now() - this.#since;
    const value = await action();
    this.#since = performance.now();
    return value;
  }

  /**
   * Lets timers, the terminal and Ctrl-C have their turn, if they have waited long enough.
   * @param {AbortSignal} signal throws its reason if it is aborted
   */
  async breathe(signal) {
    if (performance.now() > this.#turnEnds) {
      await this.leaveOut(() => setImmediate());
      this.#turnEnds = performance.now() + TURN;
    }
    signal.throwIfAborted();
  }
}
