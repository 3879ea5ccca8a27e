import { type MinimizeResult, minimize, type Problem } from "schuss/finite-sum";
import { path, Threads } from "schuss/threads";
import { afterAll, describe, expect, it } from "vitest";
import { features, numbers, signs } from "./data.js";

const pool = new Threads({ count: 2 });

afterAll(() => pool.dispose());

const problem: Problem = { features, labels: signs, loss: "logistic" };
const penalties = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001].map((l2) => ({ l2 }));
const options = { tolerance: 1e-7, passes: 1000 };

const plain = ({ seconds: _, ...result }: { seconds: number }) => result;

describe("path", () => {
  it("is chains of warm starts, by hand", async () => {
    const byHand: MinimizeResult[] = [];
    for (const [k, penalty] of penalties.entries()) {
      const before: MinimizeResult | undefined = k % 3 === 0 ? undefined : byHand.at(-1);
      const start = before && { start: { weights: before.weights, intercept: before.intercept } };
      byHand.push(await minimize({ ...problem, ...penalty }, { ...options, ...start }));
    }
    const results = await path(problem, penalties, options, { threads: pool, chain: 3 });
    expect(results.map(plain)).toEqual(byHand.map(plain));
  });

  it("gives the same bits with any number of threads", async () => {
    const l1 = [0.5, 0.2, 0.1, 0.05, 0.02].map((strength) => ({ l1: strength, l2: 0 }));
    const squared: Problem = { features, labels: numbers, loss: "squared" };
    const runs = await Promise.all([0, 1, pool].map((threads) => path(squared, l1, options, { threads, chain: 2 })));
    expect(runs[1]!.map(plain)).toEqual(runs[0]!.map(plain));
    expect(runs[2]!.map(plain)).toEqual(runs[0]!.map(plain));
    const zeros = runs[0]!.map(({ weights }) => weights.filter((w) => w === 0).length);
    expect(zeros).toEqual([...zeros].sort((a, b) => b - a));
  });

  it("starts where it is told", async () => {
    const [first] = await path(problem, [{ l2: 0.1 }], options, { threads: pool });
    const { weights, intercept } = first!;
    const start = { weights, intercept: intercept as number };
    const [again] = await path(problem, [{ l2: 0.1 }], { ...options, tolerance: 1e-6, start }, { threads: pool });
    expect(again!.passes).toBeLessThanOrEqual(1);
  });

  it("reports with the number of the penalty, and names what failed", async () => {
    const seen = new Set<number>();
    await path(problem, penalties, options, { threads: pool, chain: 2, onPass: (_, index) => seen.add(index) });
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const bad = [{ l2: 1 }, { l2: 0.1 }, { l2: -1 }];
    await expect(path(problem, bad, {}, { threads: pool, chain: 2 })).rejects.toThrow(
      /^path: penalties 2 to 2: minimize: l2 must be in \[0, Infinity\), got -1$/,
    );
    await expect(path(problem, bad, {}, { threads: pool, chain: 0 })).rejects.toThrow(
      /chain must be an integer in \[1/,
    );
  });
});
