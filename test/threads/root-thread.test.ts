// Roots that a worker makes: they are those that the step would have made, and come whenever they come.

import { Worker as NodeWorker } from "node:worker_threads";
import {
  type FloatArray,
  type Optimizer,
  type ParameterSet,
  parameters,
  type RootJob,
  type RootWorker,
  shampoo,
} from "schuss";
import { RootThread } from "schuss/threads";
import { describe, expect, it } from "vitest";
import { normalNumbers } from "../memory/random.js";

const worker = new URL("../../build/threads/worker.js", import.meta.url);
const createThread = () => new RootThread({ start: () => new NodeWorker(worker) });

const createSet = () => parameters({ w: [20, 12], b: 5 }, { dtype: "float64" });

function draw(set: ParameterSet, seed: number): void {
  const normal = normalNumbers(seed);
  for (const gradient of Object.values<FloatArray>(set.gradients)) {
    for (let i = 0; i < gradient.length; i++) gradient[i] = normal();
  }
}

const rootsOf = (optimizer: Optimizer) => [...optimizer.stateDict().slots.roots!.w!];
const stepsOf = (optimizer: Optimizer) => [...optimizer.stateDict().slots.rootStep!.w!];

/** A worker whose roots come when the test says so. */
class Held implements RootWorker {
  readonly jobs: { readonly job: RootJob; readonly answer: (root: FloatArray | "zero" | "failed") => void }[] = [];

  invertRoot(job: RootJob): Promise<FloatArray | "zero" | "failed"> {
    return new Promise((answer) => void this.jobs.push({ job, answer }));
  }
}

/** What has been answered reaches the optimizer. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("RootThread", () => {
  it("makes to the bit the roots of the step that asked, for those that follow", async () => {
    using rootWorker = createThread();
    using set = createSet();
    using alone = createSet();
    using optimizer = shampoo(set, { frequency: 1, rootWorker });
    using synchronous = shampoo(alone, { frequency: 1 });
    draw(set, 1);
    draw(alone, 1);
    optimizer.step();
    synchronous.step();
    expect(rootWorker.pending).toBe(2);
    expect(stepsOf(optimizer)).toEqual([0, 0]);
    const expected = rootsOf(synchronous);
    await rootWorker.idle();
    expect(rootWorker.pending).toBe(0);
    optimizer.step();
    expect(stepsOf(optimizer)).toEqual([1, 1]);
    expect(rootsOf(optimizer)).toEqual(expected);
    expect(rootWorker.reason).toBeUndefined();
    await rootWorker.idle();
  });

  it.each<[string, () => unknown]>([
    [
      "throws at once",
      () => {
        throw new Error("none");
      },
    ],
    ["rejects", () => Promise.reject(new Error("none"))],
    ["resolves to nothing", () => Promise.resolve(undefined)],
    ["resolves to more numbers than the root has", () => Promise.resolve(new Float64Array(1000).fill(7))],
    ["resolves to fewer", () => Promise.resolve(new Float64Array(1).fill(7))],
    [
      "resolves to what is not finite",
      ({ size }: RootJob = { size: 0 } as RootJob) => Promise.resolve(new Float64Array(size * size).fill(Number.NaN)),
    ],
  ])("a worker that %s has failed, and the step goes on", async (_, invertRoot) => {
    using set = createSet();
    using optimizer = shampoo(set, { frequency: 1, rootWorker: { invertRoot } as unknown as RootWorker });
    const before = rootsOf(optimizer);
    draw(set, 1);
    optimizer.step();
    await settle();
    optimizer.step();
    expect(stepsOf(optimizer)).toEqual([0, 0]);
    expect(rootsOf(optimizer)).toEqual(before);
    expect(optimizer.groups[0]!.memory.failedRoots).toBe(2);
    await settle();
  });

  it("trains as well as the step does by itself", async () => {
    const train = async (options: object, idle: () => Promise<void>) => {
      using set = createSet();
      using optimizer = shampoo(set, { learningRate: (step) => 0.1 * 0.98 ** step, frequency: 5, ...options });
      for (let step = 0; step < 300; step++) {
        set.gradients.w.forEach((_, i, gradient) => {
          gradient[i] = 10 ** (-3 * ((i % 12) / 11)) * (set.values.w[i]! - 1);
        });
        optimizer.step();
        await idle();
      }
      expect(optimizer.groups[0]!.memory.failedRoots).toBe(0);
      expect(Math.min(...stepsOf(optimizer))).toBeGreaterThan(290);
      return set.values.w.reduce((sum, x, i) => sum + 10 ** (-3 * ((i % 12) / 11)) * (x - 1) ** 2, 0);
    };
    using rootWorker = createThread();
    // Every third step finds the roots of those before it.
    let turn = 0;
    const loss = await train({ rootWorker }, async () => void (turn++ % 3 === 0 && (await rootWorker.idle())));
    const synchronous = await train({}, async () => {});
    expect(loss).toBeLessThan(3 * synchronous);
    expect(synchronous).toBeLessThan(0.05);
  });

  it("lets an optimizer go while it is at work, and one optimizer after another come", async () => {
    using rootWorker = createThread();
    for (let round = 0; round < 2; round++) {
      using set = createSet();
      using optimizer = shampoo(set, { rootWorker, frequency: 1 });
      draw(set, round);
      optimizer.step();
      expect(rootWorker.pending).toBeGreaterThan(0);
    }
    await rootWorker.idle();
    expect(rootWorker.pending).toBe(0);
  });

  it("has failed with the roots it was at once it is disposed of", async () => {
    const rootWorker = createThread();
    using set = createSet();
    using optimizer = shampoo(set, { rootWorker, frequency: 1, toleratedFailures: 0 });
    draw(set, 1);
    optimizer.step();
    rootWorker.dispose();
    rootWorker.dispose();
    await rootWorker.idle();
    await settle();
    optimizer.step();
    expect(optimizer.groups[0]!.memory.failedRoots).toBe(2);
    expect(() => optimizer.step()).toThrow(
      'shampoo: a root of block 0 of "w" has failed 1 times in a row, 0 are allowed',
    );
  });

  it("works in the calling thread, between two steps, where there are no workers", async () => {
    using rootWorker = new RootThread({ count: 0 });
    expect(rootWorker.reason).toBe("asked for");
    using set = createSet();
    using optimizer = shampoo(set, { frequency: 1, rootWorker });
    draw(set, 1);
    optimizer.step();
    await rootWorker.idle();
    optimizer.step();
    expect(stepsOf(optimizer)).toEqual([1, 1]);
  });
});

describe("a root that is under way", () => {
  it("leaves the old one in use, and its side is not asked for again", async () => {
    const rootWorker = new Held();
    using set = createSet();
    using optimizer = shampoo(set, { frequency: 1, rootWorker });
    for (let step = 0; step < 5; step++) {
      draw(set, step);
      optimizer.step();
    }
    expect(rootWorker.jobs.map(({ job }) => [job.size, job.statistics.length])).toEqual([
      [20, 210],
      [12, 78],
    ]);
    expect(stepsOf(optimizer)).toEqual([0, 0]);
    rootWorker.jobs[1]!.answer(new Float64Array(144).fill(7));
    await settle();
    optimizer.step();
    expect(stepsOf(optimizer)).toEqual([0, 1]);
    expect(rootsOf(optimizer).slice(400)).toEqual(Array(144).fill(7));
    // It is asked for anew at once, with the statistics of step 6.
    expect(rootWorker.jobs.map(({ job }) => job.size)).toEqual([20, 12, 12]);
  });

  it("is no part of the state, and none of it reaches a state that is loaded meanwhile", async () => {
    const rootWorker = new Held();
    using set = createSet();
    using optimizer = shampoo(set, { frequency: 1, rootWorker });
    draw(set, 1);
    optimizer.step();
    const state = optimizer.stateDict();
    optimizer.loadStateDict(state);
    for (const { job, answer } of rootWorker.jobs) answer(new Float64Array(job.size ** 2).fill(1));
    await settle();
    optimizer.step();
    expect(stepsOf(optimizer)).toEqual([0, 0]);
    // Both have been asked for again.
    expect(rootWorker.jobs).toHaveLength(4);
  });

  it("counts when it fails, and when it rejects", async () => {
    using set = createSet();
    const rootWorker: RootWorker = {
      invertRoot: ({ size }) => (size === 20 ? Promise.reject(new Error("lost")) : Promise.resolve("failed")),
    };
    using optimizer = shampoo(set, { frequency: 1, rootWorker, toleratedFailures: 1 });
    draw(set, 1);
    for (let step = 0; step < 3; step++) {
      optimizer.step();
      await settle();
    }
    expect(optimizer.groups[0]!.memory.failedRoots).toBe(4);
    expect(() => optimizer.step()).toThrow("a root of block 0 of");
  });
});
