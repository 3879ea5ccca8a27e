import { dtypeOf, type FloatArray } from "../memory/dtype.js";
import type { RootJob, RootWorker } from "./root-worker.js";

/** What has come of a root that was given out. */
export interface Arrival<Task> {
  readonly task: Task;
  /** The step whose statistics it is of. */
  readonly t: number;
  readonly root: FloatArray | "zero" | "failed";
}

function isRoot(root: unknown, { size }: RootJob): root is FloatArray | "zero" {
  if (root === "zero") return true;
  return (
    dtypeOf(root) !== undefined &&
    (root as FloatArray).length === size * size &&
    (root as FloatArray).every(Number.isFinite)
  );
}

/** The roots that a worker is at: one of each task at a time. */
export class RemoteRoots<Task> {
  readonly #worker: RootWorker;
  #waiting = new Set<Task>();
  #arrived: Arrival<Task>[] = [];

  constructor(worker: RootWorker) {
    this.#worker = worker;
  }

  isWaiting(task: Task): boolean {
    return this.#waiting.has(task);
  }

  send(task: Task, t: number, job: RootJob): void {
    // What is sent now is of no interest any longer once both have been replaced.
    const [waiting, arrived] = [this.#waiting, this.#arrived];
    waiting.add(task);
    const arrive = (root: Arrival<Task>["root"]) => {
      waiting.delete(task);
      arrived.push({ task, t, root });
    };
    // Whatever the worker does: throws at once, or resolves to what is no root.
    const answer = new Promise<unknown>((resolve) => resolve(this.#worker.invertRoot(job)));
    answer.then(
      (root) => arrive(isRoot(root, job) ? root : "failed"),
      () => arrive("failed"),
    );
  }

  /** Those that have come since it was asked last. */
  take(): readonly Arrival<Task>[] {
    return this.#arrived.splice(0);
  }

  /** None of those under way counts. */
  forget(): void {
    this.#waiting = new Set();
    this.#arrived = [];
  }
}
