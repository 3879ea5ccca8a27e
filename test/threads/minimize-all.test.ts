// Side by side is one after another, to the bit; and what goes wrong is said with the number of the problem. On the built
// package, since a worker is a file.

import { minimize, type Problem } from "schuss/finite-sum";
import { minimizeAll, Threads } from "schuss/threads";
import { afterAll, describe, expect, it, test } from "vitest";
import { features, numbers, signs, sparse } from "./data.js";

const pool = new Threads({ count: 2 });

afterAll(() => pool.dispose());

const problems: Problem[] = [
  { features, labels: signs, loss: "logistic", l2: 1e-3 },
  { features, labels: numbers, loss: "squared", l1: 0.01 },
  { features: sparse, labels: signs, loss: "squaredHinge", sampleWeights: signs.map((y) => 2 + y) },
  { features: Float32Array.from(features), labels: signs, loss: "logistic", scaleColumns: true },
  { features, labels: signs, loss: "logistic", penalty: { kind: "l2Ball", radius: 0.5 } },
  { features, labels: signs.map((y) => (y + 1) / 2), loss: "softmax", l2: 1e-2 },
];

async function inTurn(options: object) {
  const results = [];
  for (const problem of problems) results.push(await minimize(problem, options));
  return results.map(plain);
}

const plain = ({ seconds: _, ...result }: { seconds: number }) => result;

describe.each([
  ["two workers", { threads: pool }],
  ["workers of its own", { threads: 3 }],
  ["one worker", { threads: 1 }],
  ["no workers", { threads: 0 }],
])("minimizeAll by %s", (_, sideBySide) => {
  it("gives the bits of one after another", async () => {
    const options = { passes: 30, tolerance: 1e-6, seed: 3 };
    expect((await minimizeAll(problems, options, sideBySide)).map(plain)).toEqual(await inTurn(options));
  });

  it("takes options for each", async () => {
    const some = problems.slice(0, 2);
    const results = await minimizeAll(
      some,
      [{ method: "saga", passes: 2, tolerance: 0 }, { method: "apg" }],
      sideBySide,
    );
    expect(results.map(({ method }) => method)).toEqual(["saga", "apg"]);
    expect(results[0]!.passes).toBe(2);
  });

  it("goes on from a state", async () => {
    const options = { method: "saga", passes: 3, tolerance: 0 } as const;
    const [problem] = problems;
    const whole = await minimize(problem!, { ...options, passes: 6 });
    const [half] = await minimizeAll([problem!], options, sideBySide);
    const [rest] = await minimizeAll([problem!], { ...options, start: half!.state }, sideBySide);
    expect(rest!.weights).toEqual(whole.weights);
  });

  it("reports passes with the number of the problem", async () => {
    const reports: string[] = [];
    await minimizeAll(
      problems.slice(0, 2),
      { method: "saga", passes: 2, tolerance: 0 },
      { ...sideBySide, onPass: ({ passes }, index) => reports.push(`${index}: ${passes}`) },
    );
    expect(reports.sort()).toEqual(["0: 1", "0: 2", "1: 1", "1: 2"]);
  });

  it("names the problem that failed, keeps the kind of error, and works on", async () => {
    const bad: Problem = { features, labels: [1], rows: signs.length, loss: "logistic" };
    const failure = minimizeAll([problems[0]!, problems[1]!, bad], {}, sideBySide);
    await expect(failure).rejects.toThrow(RangeError);
    await expect(failure).rejects.toThrow(/^minimizeAll: problem 2: minimize: there must be 600 labels, got 1$/);
    expect(await minimizeAll([problems[0]!], {}, sideBySide)).toHaveLength(1);
  });

  it("is aborted at once and works on", async () => {
    const controller = new AbortController();
    const endless = { method: "saga", passes: 1e9, tolerance: 0 } as const;
    const reason = new Error("enough");
    const run = minimizeAll(problems.slice(0, 4), endless, {
      ...sideBySide,
      signal: controller.signal,
      onPass: () => controller.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    expect(await minimizeAll([problems[0]!], {}, sideBySide)).toHaveLength(1);
  });

  it("refuses an aborted signal before it starts", async () => {
    const signal = AbortSignal.abort(new Error("before"));
    await expect(minimizeAll(problems, {}, { ...sideBySide, signal })).rejects.toThrow("before");
  });

  it("takes no problems for none", async () => {
    expect(await minimizeAll([], {}, sideBySide)).toEqual([]);
  });
});

test("arrays in shared memory are read where they are", async () => {
  const shared = new Float64Array(new SharedArrayBuffer(8 * features.length));
  shared.set(features);
  const [problem] = problems;
  const [here] = await minimizeAll([problem!], {}, { threads: 0 });
  const [there] = await minimizeAll([{ ...problem!, features: shared }], {}, { threads: pool });
  expect(there!.weights).toEqual(here!.weights);
});

test("the data given stays as it was", async () => {
  const labels = [...signs];
  const before = features.slice();
  await minimizeAll([{ features, labels, loss: "logistic" }], {}, { threads: pool });
  expect(features).toEqual(before);
  expect(labels).toEqual(signs);
});

test.each([
  [{ order: () => {} }, /minimizeAll: order can't go to another thread; give seed and sampling instead/],
  [{ onPass: () => {} }, /minimizeAll: onPass can't go to another thread; give onPass once for all, beside threads/],
])("refuses functions among the options", async (options, text) => {
  await expect(minimizeAll([problems[0]!], options as object, { threads: 0 })).rejects.toThrow(text);
});

test.each([
  [[undefined], TypeError, /problems must be an array, got undefined/],
  [[[], [{}]], RangeError, /options must have 0 elements, one a problem, got 1/],
  [
    [[], {}, { thread: 2 }],
    RangeError,
    /there is no option "thread" \(did you mean "threads"\?\); there are threads, onPass, signal/,
  ],
  [[[], {}, { threads: "2" }], TypeError, /threads must be a number or Threads, got "2"/],
  [[[], {}, { threads: -1 }], RangeError, /count must be an integer in \[0, 1024\], got -1/],
])("refuses arguments that are none: %j", async (args, kind, text) => {
  const run = minimizeAll(...(args as unknown as Parameters<typeof minimizeAll>));
  await expect(run).rejects.toThrow(kind);
  await expect(run).rejects.toThrow(text);
});
