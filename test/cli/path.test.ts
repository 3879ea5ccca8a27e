// A path of penalties, its points against solutions begun from nothing, and its plot.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { file, place, schuss } from "./command.js";
import { textData } from "./data.js";

const named = textData(150, 5, 3, ["no", "yes"]);
const data = file("path.csv", named.csv);
const features = Float64Array.from(named.x.flat());
const labels = named.labels.map((label) => (label === "yes" ? 1 : 0));

interface Point {
  readonly penalty: number;
  readonly weights: number[];
  readonly intercept: number;
  readonly objective: number;
  readonly score: number;
  readonly testScore?: number;
  readonly converged: boolean;
}

async function pathOf(...flags: string[]): Promise<{ points: Point[]; out: string }> {
  const target = place("path.json");
  const args = ["path", data, "--tolerance", "1e-9", "--passes", "5000", "--out", target, ...flags];
  const { code, err, out } = await schuss(args);
  expect(err).toBe("");
  expect(code).toBe(0);
  return { points: JSON.parse(readFileSync(target, "utf8")), out };
}

describe.each(["l2", "l1"] as const)("%s", (penalty) => {
  test("every point is the solution for its penalty", async () => {
    const { points } = await pathOf("--penalty", penalty, "--steps", "5", "--test", data);
    expect(points).toHaveLength(5);
    const ratio = points[1]!.penalty / points[0]!.penalty;
    for (const [k, point] of points.entries()) {
      if (k > 0) expect(point.penalty / points[k - 1]!.penalty).toBeCloseTo(ratio, 10);
      const problem = { features, labels, loss: "logistic", l2: 0, [penalty]: point.penalty } as const;
      const { weights } = minimizeSync(problem, { tolerance: 1e-9, passes: 5000 });
      expect(Math.max(...weights.map((weight, j) => Math.abs(weight - point.weights[j]!)))).toBeLessThan(1e-5);
      expect(point.testScore).toBe(point.score);
    }
  });
});

test("a path of l1 begins where the first weight leaves 0", async () => {
  const { points } = await pathOf("--penalty", "l1", "--steps", "2");
  const first = points[0]!.penalty;
  const solve = (l1: number) =>
    minimizeSync({ features, labels, loss: "logistic", l1, l2: 0 }, { tolerance: 1e-10, passes: 5000 }).weights;
  expect(solve(1.001 * first).every((weight) => weight === 0)).toBe(true);
  expect(solve(0.98 * first).some((weight) => weight !== 0)).toBe(true);
});

test("an R^2 that only rounding keeps from 0 is 0 in the table", async () => {
  const rows = Array.from(
    { length: 7 },
    (_, k) => `${((37 * k + 11) % 17) * 1.3 + 100},${k ** 2 % 13},${(7 * k) % 5}\n`,
  );
  const args = ["path", file("far.csv", rows.join("")), "--loss", "squared", "--penalty", "l1", "--steps", "2"];
  const { points } = JSON.parse((await schuss([...args, "--json"])).out);
  expect(points[0].score).not.toBe(0); // no weights, and the mean predicts the mean
  expect(Math.abs(points[0].score)).toBeLessThan(1e-9);
  expect((await schuss(args)).out).toMatch(/^│.*│ +0 │ +\d+ │ +yes │ +0 │$/m);
});

test("the table has a row a point", async () => {
  const { out } = await pathOf("--from", "0.1", "--to", "0.001", "--steps", "3");
  expect(out).toMatch(/l2 .*objective .*\|w\| .*not 0 .*passes .*converged .*accuracy/);
  expect(out.match(/│ +yes │/g)).toHaveLength(3);
  for (const value of ["0.1", "0.01", "0.001"]) expect(out).toContain(`│ ${value} `);
});

describe("the plot", () => {
  test("is an SVG with the curves of both panels", async () => {
    const target = place("path.svg");
    await pathOf("--steps", "4", "--test", data, "--plot", target);
    const svg = readFileSync(target, "utf8");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).not.toContain("NaN");
    // Five weights, training and test.
    expect(svg.match(/<path d="M[^"]*" fill="none"/g)).toHaveLength(7);
    for (const title of [">Weights<", ">x5<", ">training<", ">test<", "path.csv<"]) expect(svg).toContain(title);
  });

  test("or a page with it, names escaped", async () => {
    const target = place("path.html");
    const odd = file("a<b&c.csv", named.csv);
    const { code } = await schuss(["path", odd, "--steps", "2", "--passes", "1000", "--plot", target]);
    expect(code).toBe(0);
    const page = readFileSync(target, "utf8");
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain("a&lt;b&amp;c.csv</text>");
    expect(page).not.toContain("a<b");
  });
});

test("more than two classes have no path: 3", async () => {
  const { code, err } = await schuss(["path", "-"], "1 1:1\n2 1:2\n3 1:3\n");
  expect(err).toBe("schuss: standard input: a path is of two classes, got 3\n");
  expect(code).toBe(3);
});
