// A path of penalties: its points against the conditions of the minimum, worked out here, and its plot.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Estimator, fromJSON, LinearClassifier, type LinearRegressor } from "../../src/estimators/index.js";
import { normalNumbers } from "../memory/random.js";
import { file, place, schuss } from "./command.js";
import { textData } from "./data.js";

const ROWS = 150;
const COLUMNS = 5;
const named = textData(ROWS, COLUMNS, 3, ["no", "yes"]);
const data = file("path.csv", named.csv);

/** Three classes, each the greatest of three noisy linear scores. */
const several = (() => {
  const normal = normalNumbers(8);
  const truth = Array.from({ length: 3 }, () => Array.from({ length: COLUMNS }, normal));
  return named.x.map((row) => {
    const scores = truth.map((weights) => weights.reduce((sum, weight, j) => sum + weight * row[j]!, normal() / 2));
    return ["red", "green", "blue"][scores.indexOf(Math.max(...scores))]!;
  });
})();
const severalData = file("several.csv", named.x.map((row, i) => [several[i], ...row].join(",")).join("\n"));
const CLASSES = ["blue", "green", "red"];

interface Point {
  readonly penalty: number;
  readonly classes?: string[];
  readonly weights: number[][];
  readonly intercepts: number[];
  readonly score: number;
  readonly testScore?: number;
}

async function pathOf(source: string, ...flags: string[]): Promise<{ points: Point[]; out: string }> {
  const target = place("path.json");
  const args = ["path", source, "--tolerance", "1e-9", "--passes", "20000", "--out", target, ...flags];
  const { code, err, out } = await schuss(args);
  expect(err).toBe("");
  expect(code).toBe(0);
  return { points: JSON.parse(readFileSync(target, "utf8")), out };
}

/** What each output's prediction is too high by, row by row: the slope of the loss in it. */
type Residuals = (scores: readonly number[], row: number) => number[];

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const is = (label: string | undefined, wanted: string | undefined) => (label === wanted ? 1 : 0);

const residuals: Record<string, Residuals> = {
  binary: ([score], i) => [sigmoid(score!) - is(named.labels[i], "yes")],
  oneVsRest: (scores, i) => scores.map((score, k) => sigmoid(score) - is(several[i], CLASSES[k])),
  softmax: (scores, i) => {
    const sum = scores.reduce((all, score) => all + Math.exp(score), 0);
    return scores.map((score, k) => Math.exp(score) / sum - is(several[i], CLASSES[k]));
  },
};

/** How far a point is from the conditions of the minimum: 0 in the intercepts' slopes, and in those of the weights with the penalty's. */
function distance({ penalty, weights, intercepts }: Point, kind: "l2" | "l1", of: Residuals): number {
  const slopes = weights.map(() => new Float64Array(COLUMNS + 1));
  for (const [i, row] of named.x.entries()) {
    const scores = weights.map((w, k) => row.reduce((sum, x, j) => sum + w[j]! * x, intercepts[k]!));
    for (const [k, r] of of(scores, i).entries()) {
      for (const [j, x] of [...row, 1].entries()) slopes[k]![j]! += (r * x) / ROWS;
    }
  }
  let farthest = 0;
  for (const [k, w] of weights.entries()) {
    for (const [j, slope] of slopes[k]!.entries()) {
      const weight = w[j];
      const left =
        weight === undefined
          ? slope
          : kind === "l2"
            ? slope + penalty * weight
            : weight === 0
              ? Math.max(0, Math.abs(slope) - penalty)
              : slope + penalty * Math.sign(weight);
      farthest = Math.max(farthest, Math.abs(left));
    }
  }
  return farthest;
}

describe.each([
  ["two classes", data, [], residuals.binary!, 1],
  ["each of three classes against the rest", severalData, [], residuals.oneVsRest!, 3],
  ["softmax", severalData, ["--loss", "softmax"], residuals.softmax!, 3],
] as const)("%s", (_, source, flags, of, outputs) => {
  test.each(["l2", "l1"] as const)("every point of a path of %s is the minimum for its penalty", async (penalty) => {
    const { points } = await pathOf(source, ...flags, "--penalty", penalty, "--steps", "4", "--test", source);
    expect(points).toHaveLength(4);
    const ratio = points[1]!.penalty / points[0]!.penalty;
    for (const [k, point] of points.entries()) {
      if (k > 0) expect(point.penalty / points[k - 1]!.penalty).toBeCloseTo(ratio, 10);
      expect(point.weights).toHaveLength(outputs);
      expect(distance(point, penalty, of)).toBeLessThan(1e-7);
      expect(point.testScore).toBe(point.score);
    }
  });

  test("one of l1 begins where the first weight leaves 0", async () => {
    const l1 = ["--penalty", "l1", "--steps", "2"];
    const { points } = await pathOf(source, ...flags, ...l1);
    const from = points[0]!.penalty;
    expect(points[0]!.weights.flat().every((weight) => weight === 0)).toBe(true);
    const lower = await pathOf(source, ...flags, ...l1, "--from", String(0.98 * from), "--to", String(0.97 * from));
    expect(lower.points[0]!.weights.flat().some((weight) => weight !== 0)).toBe(true);
  });
});

test("without an intercept a path of l1 begins elsewhere, and still where the first weight leaves 0", async () => {
  for (const loss of ["logistic", "softmax"]) {
    const flags = ["--no-intercept", "--loss", loss, "--penalty", "l1", "--steps", "2"];
    const { points } = await pathOf(severalData, ...flags);
    const from = points[0]!.penalty;
    expect(points[0]!.weights.flat().every((weight) => weight === 0)).toBe(true);
    const lower = await pathOf(severalData, ...flags, "--from", String(0.98 * from), "--to", String(0.97 * from));
    expect(lower.points[0]!.weights.flat().some((weight) => weight !== 0)).toBe(true);
  }
});

test.each(["softmax", "logistic"])(
  "nor does rounding take a weight from 0 where a path of l1 begins: %s",
  async (loss) => {
    const normal = normalNumbers(9);
    for (const rows of [14, 25, 37]) {
      const lines = Array.from(
        { length: rows },
        () => `${CLASSES[Math.floor(Math.abs(normal() * 7)) % 3]},${normal()},${normal()}\n`,
      );
      const args = [
        "path",
        file("small.csv", lines.join("")),
        "--loss",
        loss,
        "--penalty",
        "l1",
        "--steps",
        "2",
        "--json",
      ];
      const { points } = JSON.parse((await schuss(args)).out);
      expect(points[0].weightsNotZero).toBe(0);
      expect(points[1].weightsNotZero).toBeGreaterThan(0);
    }
  },
);

test("a point is a model, with the score that it has", async () => {
  const rows = Float64Array.from(named.x.flat());
  const { points } = await pathOf(severalData, "--loss", "softmax", "--steps", "3");
  for (const point of points) {
    const model: Estimator = fromJSON(point);
    expect(model).toBeInstanceOf(LinearClassifier);
    expect((model as LinearClassifier).classes).toEqual(CLASSES);
    expect((model as LinearClassifier).score(rows, several)).toBe(point.score);
  }
  const numbers = await pathOf(file("numbers.csv", numbered()), "--loss", "squared", "--steps", "2");
  expect((fromJSON(numbers.points[1]) as LinearRegressor).predict(rows)).toHaveLength(ROWS);
});

/** The rows with the sum of their entries for a label. */
function numbered(): string {
  return named.x.map((row) => [row.reduce((sum, x) => sum + x, 0).toFixed(6), ...row].join(",")).join("\n");
}

test.each([
  ["squared", "R^2"],
  ["huber", "R^2"],
  ["absolute", "R^2"],
])("a path of the loss %s", async (loss, measure) => {
  const source = file("numbers.csv", numbered());
  const args = ["path", source, "--loss", loss, "--from", "0.1", "--to", "0.001", "--steps", "2", "--json"];
  const { out, code } = await schuss(args);
  expect(code).toBe(0);
  const { points, measure: said, data: summary } = JSON.parse(out);
  expect(said).toBe(measure);
  expect(summary.rows).toBe(ROWS);
  expect(points.map(({ penalty }: Point) => penalty)).toEqual([0.1, 0.001]);
  // The labels are a linear function: with less of a penalty they are met.
  expect(points[1].score).toBeGreaterThan(0.999);
  expect(points[1].score).toBeGreaterThan(points[0].score);
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
  expect((await schuss(args)).out).toMatch(/ +0 +\d+ +yes +0\n/);
});

describe("the table", () => {
  test("has a row a point, and fits 80 characters", async () => {
    const { out } = await pathOf(data, "--from", "0.1", "--to", "0.001", "--steps", "3", "--test", data);
    const [, head, ...rows] = out.split("\n").slice(0, 5);
    expect(head!.split(/ {2,}/)).toEqual([
      "l2",
      "objective",
      "|w|",
      "not 0",
      "passes",
      "converged",
      "accuracy",
      "test",
    ]);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(["0.1", "0.01", "0.001"]);
    for (const row of rows) {
      expect(row).toMatch(/ yes /);
      expect(row.length).toBeLessThanOrEqual(80);
    }
  });

  test("counts the weights of all classes, and adds up objectives and passes", async () => {
    const flags = ["--penalty", "l1", "--steps", "3", "--tolerance", "1e-6"];
    const { out } = await pathOf(severalData, ...flags);
    const { points } = JSON.parse((await schuss(["path", severalData, ...flags, "--passes", "20000", "--json"])).out);
    const rows = out.split("\n").slice(2, 5);
    for (const [k, row] of rows.entries()) {
      const { runs, weightsNotZero } = points[k];
      const [, objective, , notZero, passes] = row.split(/ +/);
      expect(runs).toHaveLength(3);
      const sum = (of: (run: { objective: number; passes: number }) => number) =>
        runs.reduce((all: number, run: { objective: number; passes: number }) => all + of(run), 0);
      expect(Number(objective)).toBeCloseTo(
        sum((run) => run.objective),
        4,
      );
      expect(Number(passes)).toBe(sum((run) => run.passes));
      expect(Number(notZero)).toBe(weightsNotZero);
    }
    expect(points[0].weightsNotZero).toBe(0);
    expect(points[2].weightsNotZero).toBeGreaterThan(COLUMNS);
  });
});

describe("the plot", () => {
  const curves = (svg: string) => svg.match(/<path d="M[^"]*" fill="none"/g);

  test("is an SVG with the curves of both panels", async () => {
    const target = place("path.svg");
    await pathOf(data, "--steps", "4", "--test", data, "--plot", target);
    const svg = readFileSync(target, "utf8");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).not.toContain("NaN");
    // Five weights, training and test.
    expect(curves(svg)).toHaveLength(7);
    for (const title of [">Weights<", ">x5<", ">training<", ">test<", "path.csv<"]) expect(svg).toContain(title);
  });

  test.each([
    ["l1", "Weights that are not 0, by class"],
    ["l2", "Norm of the weights, by class"],
  ])("has a curve a class where there are several: %s", async (penalty, title) => {
    const target = place("several.svg");
    await pathOf(severalData, "--penalty", penalty, "--steps", "3", "--test", severalData, "--plot", target);
    const svg = readFileSync(target, "utf8");
    expect(svg).not.toContain("NaN");
    expect(curves(svg)).toHaveLength(CLASSES.length + 2);
    for (const text of [title, ...CLASSES, "training", "test"]) expect(svg).toContain(`>${text}<`);
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
