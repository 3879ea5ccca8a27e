/** The other end of a worker, whichever kind of worker the runtime has. */
export interface Channel {
  post(message: unknown): void;
  /** Whether the process may end while nobody else needs it. Of no meaning in a browser. */
  hold(busy: boolean): void;
  end(): void;
}

interface Receiver {
  onMessage(message: unknown): void;
  onError(error: Error): void;
}

/** What is used of `node:worker_threads`. */
interface NodeThreads {
  readonly parentPort: {
    on(event: "message", listener: (message: unknown) => void): void;
    postMessage(message: unknown): void;
  } | null;
  readonly Worker: new (
    url: URL,
  ) => {
    on(event: string, listener: (value: never) => void): void;
    postMessage(message: unknown): void;
    ref(): void;
    unref(): void;
    terminate(): void;
  };
}

/** Node's own kind of worker, asked for at run time: a bundle for browsers has no use for an import of it. */
function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
}

/** @throws Error where there are no workers */
export function openWorker(receiver: Receiver): Channel {
  const node = typeof Worker === "function" ? undefined : nodeThreads();
  if (node !== undefined) {
    const worker = new node.Worker(new URL("./worker.js", import.meta.url));
    worker.on("message", (message: never) => receiver.onMessage(message));
    worker.on("error", (error: never) => receiver.onError(error));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      hold: (busy) => (busy ? worker.ref() : worker.unref()),
      end: () => worker.terminate(),
    };
  }
  if (typeof Worker !== "function") throw new Error("threads: this runtime has no workers");
  // Bundlers know this form, and bring the worker's file along.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => receiver.onMessage(data);
  worker.onerror = ({ message }) => receiver.onError(new Error(`threads: a worker failed: ${message}`));
  return { post: (message) => worker.postMessage(message), hold: () => {}, end: () => worker.terminate() };
}

/** Within a worker: answers every message. */
export function answerEach(answer: (message: unknown) => Promise<unknown>): void {
  const node = nodeThreads();
  if (node?.parentPort) {
    const { parentPort } = node;
    parentPort.on("message", async (message) => parentPort.postMessage(await answer(message)));
    return;
  }
  const scope = globalThis as unknown as { onmessage: unknown; postMessage(message: unknown): void };
  scope.onmessage = async ({ data }: { data: unknown }) => scope.postMessage(await answer(data));
}
