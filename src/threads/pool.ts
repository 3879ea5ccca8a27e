import { checkInteger, given } from "../check.js";
import type { MinimizeOptions, MinimizeResult, MultiProblem, Problem } from "../finite-sum/index.js";
import { defaultEngine } from "../memory/engine.js";
import { type Channel, openWorker } from "./channel.js";
import { type Answer, errorOf, type Job, plainFeatures } from "./message.js";

type AnyResult = MinimizeResult<number | Float64Array>;

/** Options whose functions or memory a worker can't have. */
const BOUND = ["onPass", "order", "engine"] as const;

/** Options of a problem that is solved by a worker: all but `onPass`, `order` and `engine`, which belong to a thread. */
export type ThreadOptions = Omit<MinimizeOptions, (typeof BOUND)[number]>;

interface Waiting {
  readonly problem: Problem;
  readonly options: ThreadOptions;
  readonly resolve: (result: AnyResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A worker and what it has. */
interface Lane {
  readonly channel: Channel;
  readonly known: Set<number>;
  job: Waiting | undefined;
}

/** Workers that solve problems side by side. Made by {@link threads}. */
export class Threads {
  /** How many workers there are at most; they are started when there is work for them. */
  readonly count: number;
  readonly #lanes: Lane[] = [];
  readonly #waiting: Waiting[] = [];
  /** A number for every array or matrix of features that is in use. */
  readonly #keys = new WeakMap<object, number>();
  #nextKey = 0;
  #disposed = false;

  /** @internal */
  constructor(count: number) {
    this.count = count;
  }

  /**
   * As `minimize` of `schuss/finite-sum`, in a worker: the result has the same bits. Problems over the same features share
   * them: each worker is sent them once, and not at all if they lie in a `SharedArrayBuffer`.
   *
   * @param problem as for `minimize`
   * @param options as for `minimize`, without `onPass`, `order` and `engine`; `signal` ends the run where it is
   * @returns as `minimize`
   * @throws (rejects) as `minimize`; TypeError for options that can't cross; Error where workers can't be had, or one fails, or
   *   after `dispose()`
   */
  minimize(problem: MultiProblem, options?: ThreadOptions): Promise<MinimizeResult<Float64Array>>;
  minimize(problem: Problem, options?: ThreadOptions): Promise<MinimizeResult>;
  async minimize(problem: Problem, options: ThreadOptions = {}): Promise<AnyResult> {
    if (this.#disposed) throw new Error("threads: minimize after dispose()");
    for (const name of BOUND) {
      if ((options as MinimizeOptions)[name] !== undefined) {
        throw new TypeError(`threads: ${name} can't be handed to a worker; use minimize for it`);
      }
    }
    if (typeof problem?.features !== "object" || problem.features === null) {
      throw new TypeError(`threads: features must be a typed array or a csr matrix, got ${given(problem?.features)}`);
    }
    options.signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const job = { problem, options, resolve, reject };
      this.#waiting.push(job);
      this.#heed(job);
      this.#next();
    });
  }

  /** Ends the workers; what they were at is rejected. May be called more than once. */
  dispose(): void {
    this.#disposed = true;
    const error = new Error("threads: disposed of before the run was done");
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    for (const lane of this.#lanes.splice(0)) {
      lane.channel.end();
      lane.job?.reject(error);
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Hands waiting problems to workers that have nothing to do, to those first that have the features. */
  #next(): void {
    while (this.#waiting.length > 0) {
      const job = this.#waiting[0]!;
      const key = this.#keyOf(job.problem.features);
      const idle = this.#lanes.filter((lane) => lane.job === undefined);
      let lane = idle.find(({ known }) => known.has(key)) ?? idle[0];
      if (lane === undefined || (!lane.known.has(key) && this.#lanes.length < this.count)) {
        if (this.#lanes.length < this.count) {
          try {
            lane = this.#open();
          } catch (error) {
            this.#waiting.shift();
            job.reject(error);
            continue;
          }
        }
      }
      if (lane === undefined) return;
      this.#waiting.shift();
      this.#give(lane, job, key);
    }
  }

  #give(lane: Lane, job: Waiting, key: number): void {
    const { features, ...problem } = job.problem;
    const { signal: _, ...options } = job.options;
    const sent = lane.known.has(key) ? undefined : plainFeatures(features);
    // One set at a time: another one takes its place.
    const forget = sent === undefined ? [] : [...lane.known];
    const message: Job = {
      features: { key, ...(sent && { sent }) },
      problem,
      options,
      variant: defaultEngine().variant,
      forget,
    };
    lane.job = job;
    try {
      lane.channel.hold(true);
      lane.channel.post(message);
    } catch (error) {
      lane.job = undefined;
      lane.channel.hold(false);
      job.reject(error);
      return;
    }
    if (sent !== undefined) {
      lane.known.clear();
      lane.known.add(key);
    }
  }

  #open(): Lane {
    const channel = openWorker({
      onMessage: (message) => {
        const { job } = lane;
        lane.job = undefined;
        channel.hold(false);
        const answer = message as Answer;
        if ("result" in answer) job?.resolve(answer.result);
        else job?.reject(errorOf(answer.error));
        this.#next();
      },
      onError: (error) => this.#close(lane, error),
    });
    const lane: Lane = { channel, known: new Set(), job: undefined };
    this.#lanes.push(lane);
    return lane;
  }

  #close(lane: Lane, reason: unknown): void {
    const place = this.#lanes.indexOf(lane);
    if (place >= 0) this.#lanes.splice(place, 1);
    lane.channel.end();
    lane.job?.reject(reason);
    this.#next();
  }

  /** A run has no ear while it works: to stop it is to end its worker. */
  #heed(job: Waiting): void {
    const signal = job.options.signal as AbortSignal | undefined;
    signal?.addEventListener?.(
      "abort",
      () => {
        const place = this.#waiting.indexOf(job);
        if (place >= 0) {
          this.#waiting.splice(place, 1);
          job.reject(signal.reason);
        }
        const lane = this.#lanes.find((other) => other.job === job);
        if (lane) this.#close(lane, signal.reason);
      },
      { once: true },
    );
  }

  #keyOf(features: object): number {
    const known = this.#keys.get(features);
    if (known !== undefined) return known;
    this.#keys.set(features, this.#nextKey);
    return this.#nextKey++;
  }
}

/**
 * A pool of worker threads that solves finite-sum problems side by side: the classes of a one-vs-rest, the folds of a cross
 * validation, the penalties of a path. Node's workers, and Web Workers elsewhere.
 *
 * A single problem is not split up: two threads on one set of weights wait for each other's cache lines, or lose updates
 * (see `hogwild`), where two problems at once take the time of one.
 *
 * @param count how many workers at most, 1 to 1024. Default: as many as there are processors
 * @returns the pool; `dispose()` ends its workers, and they don't keep a process alive that has nothing else to do
 * @throws TypeError or RangeError for a count that is none
 *
 * @example
 * import { threads } from "schuss/threads";
 *
 * const pool = threads(2);
 * const problem = { features: new Float64Array([0, 1, 2, 3]), labels: [0, 0, 1, 1], loss: "logistic" };
 * const path = await Promise.all([1, 0.1, 0.01].map((l2) => pool.minimize({ ...problem, l2 })));
 * pool.dispose();
 */
export function threads(count: number = processors()): Threads {
  return new Threads(checkInteger("threads", "count", count, 1, 1024));
}

function processors(): number {
  const { navigator, process } = globalThis as {
    navigator?: { hardwareConcurrency?: number };
    process?: { getBuiltinModule?: (name: string) => { availableParallelism(): number } };
  };
  return navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.("node:os").availableParallelism() ?? 1;
}
