// What runs in a worker: takes orders, does tasks, answers.

import type { Variant } from "../engine/tables.js";
import { type Engine, load } from "../memory/engine.js";
import type { Answer, Order } from "./messages.js";
import { unpack } from "./packing.js";
import { tasks } from "./tasks.js";
import { nodeThreads } from "./thread.js";

interface Port {
  postMessage(message: Answer): void;
  onOrder(listener: (order: Order) => void): void;
}

/** The end of the line in this worker. */
function port(): Port {
  const web = globalThis as unknown as {
    postMessage?(message: unknown): void;
    onmessage?: (event: { readonly data: unknown }) => void;
  };
  if (typeof web.postMessage === "function") {
    return {
      postMessage: (message) => web.postMessage!(message),
      onOrder: (listener) => {
        web.onmessage = ({ data }) => listener(data as Order);
      },
    };
  }
  const node = nodeThreads()!.parentPort!;
  return {
    postMessage: (message) => node.postMessage(message),
    onOrder: (listener) => node.on("message", (message) => listener(message as Order)),
  };
}

const engines = new Map<Variant, Promise<Engine>>();
const data = new Map<number, unknown>();
const aborted = new Set<number>();

function engineOf(variant: Variant): Promise<Engine> {
  let engine = engines.get(variant);
  if (engine === undefined) {
    engine = load({ variant });
    engines.set(variant, engine);
  }
  return engine;
}

const line = port();

async function work({ job, task, input, variant }: Extract<Order, { kind: "job" }>): Promise<void> {
  try {
    const context = {
      engine: await engineOf(variant),
      signal: {
        throwIfAborted() {
          if (aborted.has(job)) throw new Error("aborted");
        },
      },
      progress: (report: unknown) => line.postMessage({ kind: "progress", job, report }),
    };
    const output = await tasks[task](unpack(input, data) as never, context);
    line.postMessage({ kind: "done", job, output });
  } catch (error) {
    line.postMessage({ kind: "failed", job, error });
  } finally {
    aborted.delete(job);
  }
}

line.onOrder((order) => {
  switch (order.kind) {
    case "data":
      data.set(order.id, order.value);
      break;
    case "forget":
      for (const id of order.ids) data.delete(id);
      break;
    case "abort":
      aborted.add(order.job);
      break;
    case "job":
      void work(order);
  }
});
line.postMessage({ kind: "ready" });
