/// <reference lib="esnext.disposable" preserve="true" />

import type { RootJob, RootWorker } from "../matrix/root-worker.js";
import type { FloatArray } from "../memory/dtype.js";
import { Threads, type ThreadsOptions } from "./threads.js";

/**
 * A worker thread that makes the roots of `shampoo`, the option `rootWorker`, while steps go on with those they have, for a page
 * that must not stand still. Roots come between two steps, so that the program must wait for something now and then, for data or
 * a frame; without another processor nothing is gained. When a root comes depends on time, and no run is like another to the
 * bit. Where a runtime has no workers, roots are made between two steps.
 *
 * One may serve several optimizers; it lives until `dispose()`.
 *
 * @param options `start`, as of {@link Threads}; `count`, how many workers, default 1
 *
 * @example
 * const model = parameters({ weights: [64, 32] });
 * const rootWorker = new RootThread();
 * const optimizer = shampoo(model, { rootWorker });
 * for (let step = 0; step < 3; step++) {
 *   model.gradients.weights.fill(1);
 *   optimizer.step();
 *   await rootWorker.idle(); // or whatever else a training waits for
 * }
 * rootWorker.dispose();
 */
export class RootThread implements RootWorker {
  readonly #threads: Threads;
  readonly #jobs = new Set<Promise<unknown>>();

  constructor(options: ThreadsOptions = {}) {
    this.#threads = new Threads({ count: 1, ...options });
  }

  async invertRoot(job: RootJob): Promise<FloatArray | "zero" | "failed"> {
    const run = this.#threads.run("root", [() => job]);
    this.#jobs.add(run);
    try {
      return (await run)[0]!;
    } finally {
      this.#jobs.delete(run);
    }
  }

  /** Why there is no worker; undefined as long as nothing speaks against one. */
  get reason(): string | undefined {
    return this.#threads.reason;
  }

  /** How many roots it is at. */
  get pending(): number {
    return this.#jobs.size;
  }

  /** Resolves once all roots that have been asked for have come, or failed. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.allSettled(this.#jobs);
  }

  /** Ends the worker; roots under way count as failed. Harmless when repeated. */
  dispose(): void {
    this.#threads.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
