// The life of a pool: it starts late, lets the process go, says when there are no workers, and ends.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker as NodeWorker } from "node:worker_threads";
import { LogisticRegression } from "schuss/estimators";
import { minimize } from "schuss/finite-sum";
import { minimizeAll, Threads } from "schuss/threads";
import { describe, expect, it } from "vitest";
import { classes, features, signs } from "./data.js";

const execute = promisify(execFile);
const problem = { features, labels: signs, loss: "logistic" } as const;
const worker = new URL("../../build/threads/worker.js", import.meta.url);

/** Runs a program as a module of the package; it has 20 s to end by itself. */
async function output(program: string, flags: string[] = []): Promise<string> {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const args = [...flags, "--input-type=module", "--eval", program];
  return (await execute(process.execPath, args, { cwd, timeout: 20_000 })).stdout.trim();
}

const solve = `
  import { minimizeAll, Threads } from "schuss/threads";
  const features = Float64Array.from({ length: 300 }, (_, k) => Math.sin(k));
  const labels = Array.from(features, (x) => (x > 0.5 ? 1 : -1));
  const problem = { features, labels, loss: "logistic" };
`;

describe("Threads", () => {
  it("starts workers when there is work, and no more than that needs", async () => {
    let started = 0;
    const threads = new Threads({
      count: 4,
      start: () => {
        started++;
        return new NodeWorker(worker);
      },
    });
    expect(started).toBe(0);
    await minimizeAll([problem, problem], {}, { threads });
    expect(started).toBe(2);
    await minimizeAll([problem, problem], {}, { threads });
    expect(started).toBe(2);
    threads.dispose();
  });

  it("lets Node end by itself, at work or not", async () => {
    expect(
      await output(`${solve}
      const threads = new Threads({ count: 2 });
      const results = await minimizeAll([problem, problem], {}, { threads });
      console.log(results.length, threads.count, threads.reason);`),
    ).toBe("2 2 undefined");
  });

  it("has workers in a process with flags of V8's, as this one is", async () => {
    expect(process.execArgv).toContain("--expose-gc");
    using threads = new Threads({ count: 2 });
    await minimizeAll([problem, problem], {}, { threads });
    expect(threads.reason).toBeUndefined();
  });

  it("keeps Node alive until a job is done", async () => {
    expect(
      await output(`${solve}
      const threads = new Threads({ count: 1 });
      minimizeAll([problem], {}, { threads }).then(() => console.log("done", threads.count, threads.reason));`),
    ).toBe("done 1 undefined");
  });

  it("works in the calling thread where no worker may be started, and says why", async () => {
    const permission = process.allowedNodeEnvironmentFlags.has("--permission")
      ? "--permission"
      : "--experimental-permission";
    const said = await output(
      `${solve}
      const threads = new Threads({ count: 2 });
      const results = await minimizeAll([problem, problem], {}, { threads });
      console.log(results.length, threads.count, threads.reason);`,
      [permission, "--allow-fs-read=*"],
    );
    expect(said).toMatch(/^2 1 Access to this API has been restricted/);
  });

  it("works in the calling thread where the worker's file is missing, and says so", async () => {
    const threads = new Threads({ count: 2, start: () => new NodeWorker(new URL("none.js", worker)) });
    expect(await minimizeAll([problem, problem, problem], {}, { threads })).toHaveLength(3);
    expect(threads.reason).toMatch(/Cannot find module/);
    expect(threads.count).toBe(1);
  });

  it("takes the shared memory of one call for the next, unless that failed", async () => {
    const sent = new Set<unknown>();
    const start = () => {
      const started = new NodeWorker(worker);
      const post = started.postMessage.bind(started);
      started.postMessage = (message) => {
        const { kind, value } = message as { kind: string; value?: Float64Array };
        if (kind === "data" && value!.buffer instanceof SharedArrayBuffer) sent.add(value!.buffer);
        post(message);
      };
      return started;
    };
    using threads = new Threads({ count: 2, start });
    const solve = async (scale: number) => {
      const moved = { ...problem, features: features.map((x) => scale * x), labels: Float64Array.from(signs) };
      const [one] = await minimizeAll([moved, moved], {}, { threads });
      expect(one!.weights).toEqual((await minimize(moved)).weights);
    };
    await solve(1);
    expect(sent.size).toBe(2);
    for (const scale of [2, 3]) await solve(scale);
    expect(sent.size).toBe(2);
    await expect(minimizeAll([{ ...problem, l2: -1 }], {}, { threads })).rejects.toThrow("l2");
    await solve(4);
    expect(sent.size).toBeGreaterThan(2);
  });

  it("tells of a worker that was lost, and goes on with another", async () => {
    const workers: NodeWorker[] = [];
    const start = () => {
      const started = new NodeWorker(worker);
      workers.push(started);
      return started;
    };
    using threads = new Threads({ count: 1, start });
    const endless = minimizeAll(
      [problem],
      { method: "saga", passes: 1e9, tolerance: 0 },
      { threads, onPass: () => void workers[0]!.terminate() },
    );
    await expect(endless).rejects.toThrow(
      /^minimizeAll: problem 0: a worker was lost: the worker has ended with code 1$/,
    );
    expect(await minimizeAll([problem], {}, { threads })).toHaveLength(1);
    expect(workers).toHaveLength(2);
  });

  it("rejects what is not done when disposed of, and all that comes later", async () => {
    const threads = new Threads({ count: 1 });
    const run = minimizeAll([problem, problem], { method: "saga", passes: 1e9, tolerance: 0 }, { threads });
    setTimeout(() => threads.dispose(), 100);
    await expect(run).rejects.toThrow("disposed of while at work");
    threads.dispose();
    await expect(minimizeAll([problem], {}, { threads })).rejects.toThrow("used after dispose()");
  });
});

describe("classes against the rest", () => {
  const options = { multiClass: "oneVsRest", tolerance: 1e-8, passes: 1000 } as const;
  const withoutSeconds = (model: LogisticRegression) => {
    const { runs, ...rest } = model.toJSON();
    return { ...rest, runs: runs.map(({ seconds: _, ...run }) => run) };
  };

  it("are learnt side by side with the bits of one after another", async () => {
    using threads = new Threads({ count: 2 });
    const alone = await new LogisticRegression(options).fit(features, classes);
    const side = await new LogisticRegression(options).fit(features, classes, { threads });
    expect(withoutSeconds(side)).toEqual(withoutSeconds(alone));
  });

  it("report and abort as they do one after another", async () => {
    using threads = new Threads({ count: 2 });
    const outputs = new Set<number>();
    await new LogisticRegression(options).fit(features, classes, {
      threads,
      onPass: (_, { output, outputs: all }) => {
        expect(all).toBe(3);
        outputs.add(output);
      },
    });
    expect([...outputs].sort()).toEqual([0, 1, 2]);
    const signal = AbortSignal.abort(new Error("no"));
    await expect(new LogisticRegression(options).fit(features, classes, { threads, signal })).rejects.toThrow("no");
  });

  it("stop at the time limit together", async () => {
    using threads = new Threads({ count: 2 });
    const model = new LogisticRegression({ multiClass: "oneVsRest", tolerance: 0, passes: 1e9, method: "saga" });
    const began = performance.now();
    await model.fit(features, classes, { threads, maximumSeconds: 0.3 });
    expect((performance.now() - began) / 1000).toBeLessThan(20);
    expect(model.runs.map(({ converged }) => converged)).toEqual([false, false, false]);
  });
});
