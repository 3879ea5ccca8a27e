import type { Answer, Order } from "./messages.js";

/** What is needed of a worker: a browser's `Worker`, or Node's. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
  ref?(): void;
  unref?(): void;
}

interface NodeWorker extends WorkerLike {
  on(event: "message" | "error" | "messageerror" | "exit", listener: (value: unknown) => void): void;
}

interface WebWorker extends WorkerLike {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault?(): void }) => void) | null;
  onmessageerror: (() => void) | null;
}

/** What Node's own modules are asked for without an import, which other runtimes and bundlers would stumble over. */
interface NodeProcess {
  getBuiltinModule?(name: "node:worker_threads"): {
    readonly Worker?: new (
      file: { readonly href: string },
      options: { readonly execArgv: readonly string[] | undefined },
    ) => NodeWorker;
    readonly parentPort?: NodePort | null;
  };
  readonly execArgv?: readonly string[];
}

interface NodePort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): void;
}

const nodeProcess = (globalThis as { process?: NodeProcess }).process;

/** `node:worker_threads` where there is one. */
export function nodeThreads() {
  return nodeProcess?.getBuiltinModule?.("node:worker_threads");
}

/** @throws Error where there are no workers, or none may be started */
function startWorker(): WorkerLike {
  // To the letter what bundlers look for, to make a file of their own of the worker.
  if (typeof Worker === "function") return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const NodeThread = nodeThreads()?.Worker;
  if (NodeThread === undefined) throw new Error("this runtime has no workers");
  // A worker inherits the flags of the process, V8's too, which can't be given; those that say how to read the first program it
  // does not start with.
  const execArgv = nodeProcess?.execArgv?.some((flag) => flag.startsWith("--input-type")) ? [] : undefined;
  return new NodeThread(new URL("./worker.js", import.meta.url), { execArgv });
}

export interface Listener {
  answer(answer: Answer): void;
  /** The worker has come to an end that nobody asked for. */
  lost(error: Error): void;
}

/** A worker, whichever kind the runtime has. */
export class Thread {
  readonly #worker: WorkerLike;
  #ended = false;

  /** @throws Error where there are no workers */
  constructor(listener: Listener, start: () => WorkerLike = startWorker) {
    const worker = start();
    this.#worker = worker;
    const lost = (error: Error) => {
      if (this.#ended) return;
      this.end();
      listener.lost(error);
    };
    const unreadable = () => lost(new Error("a message of the worker can't be read"));
    if ("on" in worker) {
      const node = worker as NodeWorker;
      node.on("message", (message) => listener.answer(message as Answer));
      node.on("error", (error) => lost(error as Error));
      node.on("messageerror", unreadable);
      node.on("exit", (code) => lost(new Error(`the worker has ended with code ${code}`)));
    } else {
      const web = worker as WebWorker;
      web.onmessage = ({ data }) => listener.answer(data as Answer);
      web.onerror = (event) => {
        event.preventDefault?.();
        lost(new Error(event.message ?? "the worker's file can't be loaded"));
      };
      web.onmessageerror = unreadable;
    }
  }

  send(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Whether the process has to wait for the worker before it ends. */
  hold(held: boolean): void {
    if (held) this.#worker.ref?.();
    else this.#worker.unref?.();
  }

  end(): void {
    this.#ended = true;
    this.#worker.terminate();
  }
}
