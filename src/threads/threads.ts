/// <reference lib="esnext.disposable" preserve="true" />

import { checkFunction, checkInteger, checkOptions, given } from "../check.js";
import type { Signal } from "../finite-sum/index.js";
import { defaultEngine, type Engine } from "../memory/engine.js";
import type { Answer } from "./messages.js";
import { Parcel, SpareMemory } from "./packing.js";
import { type TaskInput, type TaskName, type TaskOutput, tasks } from "./tasks.js";
import { Thread, type WorkerLike } from "./thread.js";

export interface ThreadsOptions {
  /**
   * How many workers at most, >= 0; they are started when there is work for them. 0: none, all is done here, one after another.
   * Default: as many as the machine runs at once.
   */
  readonly count?: number;
  /**
   * Starts a worker, where a bundler does not find the package's own: `() => new Worker(url, { type: "module" })` of a bundle of
   * `schuss/threads/worker`.
   */
  readonly start?: () => WorkerLike;
}

/** How a run of jobs is to go. */
export interface RunOptions {
  readonly engine?: Engine | undefined;
  readonly signal?: Signal | undefined;
  readonly progress?: (report: unknown, index: number) => void;
}

/** The failure of one of several jobs. */
export class JobError extends Error {
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super(`job ${index} failed`, { cause });
    this.index = index;
  }
}

interface Job {
  readonly id: number;
  readonly index: number;
  readonly task: TaskName;
  readonly input: () => unknown;
  readonly options: RunOptions;
  readonly parcel: Parcel;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** A thread and what it knows and does. */
interface Member {
  readonly thread: Thread;
  readonly known: Set<number>;
  ready: boolean;
  job: Job | undefined;
}

let ids = 0;

/** How many threads the machine runs at once, as far as the runtime says. */
function parallelism(): number {
  const { navigator, process } = globalThis as {
    navigator?: { hardwareConcurrency?: number };
    process?: { getBuiltinModule?(name: "node:os"): { availableParallelism?(): number } };
  };
  return navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.("node:os").availableParallelism?.() ?? 1;
}

/**
 * Workers that solve independent problems side by side, with the bits that one after another would give. They start when there
 * is work, stay for more, and do not keep the process from ending; `dispose()` ends them at once.
 *
 * Where a runtime has no workers, as Cloudflare's, or won't start any, everything is done in the calling thread, one after
 * another; `reason` then says why. Deno needs leave to read the worker's file unless it lies in `node_modules`, as a bundle's
 * does not, and ends by itself only after `dispose()`. Long arrays are put into shared memory once, so that all workers read
 * the same; arrays that lie in a `SharedArrayBuffer` are not copied at all. The shared memory of one call is kept for the next.
 * In a page that is not cross-origin isolated every worker gets its copy.
 *
 * @param options see {@link ThreadsOptions}
 * @throws TypeError or RangeError for an option that is unknown or out of its range, naming it
 *
 * @example
 * const threads = new Threads({ count: 2 }); // or `using`, and no dispose
 * const model = new LogisticRegression({ multiClass: "oneVsRest" });
 * await model.fit([[0], [1], [2], [3], [4], [5]], ["a", "a", "b", "b", "c", "c"], { threads });
 * threads.dispose();
 */
export class Threads {
  readonly #most: number;
  readonly #start: (() => WorkerLike) | undefined;
  readonly #members = new Set<Member>();
  readonly #spare = new SpareMemory();
  #queue: Job[] = [];
  #reason: string | undefined;
  #workingHere = false;
  #disposed = false;

  constructor(options: ThreadsOptions = {}) {
    const where = "Threads";
    checkOptions(where, options, ["count", "start"]);
    this.#most = checkInteger(where, "count", options.count ?? parallelism(), 0, 1024);
    checkFunction(where, "start", options.start);
    this.#start = options.start;
    if (this.#most === 0) this.#reason = "asked for";
  }

  /** How many jobs can run side by side; 1 where there are no workers. */
  get count(): number {
    return this.#reason === undefined ? this.#most : 1;
  }

  /** Why all is done in the calling thread; undefined as long as nothing speaks against workers. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /**
   * Does a task for each of the inputs, which are asked for when it is their turn. After a failure the others are given up.
   * @internal
   * @throws (rejects) JobError, or the signal's reason
   */
  async run<Name extends TaskName>(
    task: Name,
    inputs: readonly (() => TaskInput<Name>)[],
    options: RunOptions = {},
  ): Promise<TaskOutput<Name>[]> {
    if (this.#disposed) throw new Error("Threads: used after dispose()");
    options.signal?.throwIfAborted();
    const parcel = new Parcel(this.#spare);
    const jobs: Job[] = [];
    const outputs = inputs.map(
      (input, index) =>
        new Promise<TaskOutput<Name>>((resolve, fail) => {
          const reject = (error: unknown) => fail(new JobError(index, error));
          jobs.push({ id: ids++, index, task, input, options, parcel, resolve: resolve as Job["resolve"], reject });
        }),
    );
    this.#queue.push(...jobs);
    this.#giveOut();
    try {
      const done = await Promise.race([Promise.all(outputs), abortion(options.signal)]);
      // After a failure workers may still be reading.
      if (!this.#disposed) this.#spare.keep(parcel.buffers);
      return done;
    } catch (error) {
      options.signal?.throwIfAborted();
      throw error;
    } finally {
      this.#giveUp(new Set(jobs));
      for (const { thread, known } of this.#members) {
        const ids = parcel.ids.filter((id) => known.delete(id));
        if (ids.length > 0) thread.send({ kind: "forget", ids });
      }
    }
  }

  /** Ends the workers. Jobs that are not done reject. Harmless when repeated. */
  dispose(): void {
    this.#disposed = true;
    this.#spare.keep([]);
    const jobs = this.#queue;
    this.#queue = [];
    for (const { thread, job } of this.#members) {
      if (job !== undefined) jobs.push(job);
      thread.end();
    }
    this.#members.clear();
    for (const job of jobs) job.reject(new Error("Threads: disposed of while at work"));
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #giveOut(): void {
    while (this.#queue.length > 0 && this.#reason === undefined) {
      const member = this.#idle() ?? this.#recruit();
      if (member === undefined) break;
      this.#give(member, this.#queue.shift()!);
    }
    if (this.#reason !== undefined && this.#members.size === 0) void this.#workHere();
  }

  #idle(): Member | undefined {
    for (const member of this.#members) if (member.job === undefined) return member;
    return undefined;
  }

  #recruit(): Member | undefined {
    if (this.#members.size >= this.#most) return undefined;
    try {
      const thread = new Thread(
        {
          answer: (answer) => this.#answered(member, answer),
          lost: (error) => this.#lost(member, error),
        },
        this.#start,
      );
      const member: Member = { thread, known: new Set(), ready: false, job: undefined };
      this.#members.add(member);
      return member;
    } catch (error) {
      this.#reason = messageOf(error);
      return undefined;
    }
  }

  #give(member: Member, job: Job): void {
    const { thread, known } = member;
    const { id, task, parcel, options } = job;
    member.job = job;
    thread.hold(true);
    try {
      const input = parcel.pack(job.input());
      for (const data of parcel.missing(input, known)) {
        thread.send({ kind: "data", ...data });
        known.add(data.id);
      }
      const { variant } = options.engine ?? defaultEngine();
      thread.send({ kind: "job", job: id, task, input, variant });
    } catch (error) {
      // What can't be sent, a function or a symbol.
      this.#dismiss(member);
      job.reject(error);
    }
  }

  #dismiss(member: Member): void {
    member.job = undefined;
    member.thread.hold(false);
  }

  #answered(member: Member, answer: Answer): void {
    if (answer.kind === "ready") {
      member.ready = true;
      return;
    }
    const { job } = member;
    if (job?.id !== answer.job) return;
    if (answer.kind === "progress") {
      job.options.progress?.(answer.report, job.index);
      return;
    }
    this.#dismiss(member);
    if (answer.kind === "done") job.resolve(answer.output);
    else job.reject(answer.error);
    this.#giveOut();
  }

  /** A worker that did not get ready tells that there are none to be had; one that did takes its job along. */
  #lost(member: Member, error: Error): void {
    const { job, ready } = member;
    this.#members.delete(member);
    if (ready) job?.reject(new Error(`a worker was lost: ${error.message}`, { cause: error }));
    else {
      this.#reason = messageOf(error);
      if (job !== undefined) this.#queue.unshift(job);
    }
    this.#giveOut();
  }

  #giveUp(jobs: ReadonlySet<Job>): void {
    this.#queue = this.#queue.filter((job) => !jobs.has(job));
    for (const { job, thread } of this.#members) {
      if (job !== undefined && jobs.has(job)) thread.send({ kind: "abort", job: job.id });
    }
  }

  async #workHere(): Promise<void> {
    if (this.#workingHere) return;
    this.#workingHere = true;
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      const { index, options } = job;
      try {
        const context = {
          engine: options.engine ?? defaultEngine(),
          signal: { throwIfAborted: () => options.signal?.throwIfAborted() },
          progress: (report: unknown) => options.progress?.(report, index),
        };
        job.resolve(await tasks[job.task](job.input() as never, context));
      } catch (error) {
        job.reject(error);
      }
    }
    this.#workingHere = false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rejects once the signal is aborted, if it is of the kind that says so. */
function abortion(signal: Signal | undefined): Promise<never> {
  const listenable = signal as AbortSignal | undefined;
  return new Promise((_, reject) => {
    listenable?.addEventListener?.("abort", () => reject(listenable.reason), { once: true });
  });
}

/** Works with the threads given, or with as many as said, which end afterwards. */
export async function withThreads<Result>(
  where: string,
  threads: number | Threads | undefined,
  work: (threads: Threads) => Promise<Result>,
): Promise<Result> {
  if (threads instanceof Threads) return work(threads);
  if (threads !== undefined && typeof threads !== "number") {
    throw new TypeError(`${where}: threads must be a number or Threads, got ${given(threads)}`);
  }
  const own = new Threads(threads === undefined ? {} : { count: threads });
  try {
    return await work(own);
  } finally {
    own.dispose();
  }
}
