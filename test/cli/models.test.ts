// What the command has learnt, in the library: predictions, probabilities, weights of classes, defaults.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromJSON, LinearClassifier, LinearRegressor } from "../../src/estimators/index.js";
import { file, place, schuss } from "./command.js";
import { textData } from "./data.js";

const numeric = textData(120, 4, 1, ["-1", "1"]);
const named = textData(120, 4, 1, ["no", "yes"]);
const rows = Float64Array.from(named.x.flat());

const modelAt = (path: string) => fromJSON(JSON.parse(readFileSync(path, "utf8")));

async function trained(data: string, ...flags: string[]): Promise<LinearClassifier> {
  const out = place("trained.json");
  expect((await schuss(["train", data, "--out", out, ...flags])).code).toBe(0);
  return modelAt(out) as LinearClassifier;
}

describe("models of the command in the library", () => {
  const three = file(
    "three.csv",
    named.x
      .map((row, i) =>
        [["a", "b", "c,d"][i % 3 === 0 ? 0 : row[1]! > 0 ? 1 : 2], ...row]
          .map((field) => (String(field).includes(",") ? `"${field}"` : field))
          .join(","),
      )
      .join("\n"),
  );
  const bare = file("bare-three.csv", named.x.map((row) => row.join(",")).join("\n"));

  test.each([
    ["each class against the rest", []],
    ["softmax", ["--loss", "softmax"]],
    ["hinge", ["--loss", "hinge", "--passes", "10000"]],
    ["l1 and l2", ["--loss", "softmax", "--l1", "0.01"]],
  ])("%s: the predictions are those of the greatest score", async (_, flags) => {
    const path = place("three.json");
    expect((await schuss(["train", three, "--l2", "0.01", "--out", path, ...flags])).code).toBe(0);
    const { classes, weights, intercepts } = JSON.parse(readFileSync(path, "utf8"));
    expect(classes).toEqual(["a", "b", "c,d"]);
    const byHand = named.x.map((row) => {
      const scores = weights.map((w: number[], k: number) => row.reduce((sum, x, j) => sum + w[j]! * x, intercepts[k]));
      return classes[scores.indexOf(Math.max(...scores))];
    });
    const { out } = await schuss(["predict", path, bare, "--no-labels"]);
    expect(out.trim().split("\n")).toEqual(byHand);
    expect((modelAt(path) as LinearClassifier).predict(rows)).toEqual(byHand);
    expect(LinearClassifier.fromJSON(JSON.parse(readFileSync(path, "utf8"))).predict(rows)).toEqual(byHand);
  });

  test("probabilities of the softmax, in CSV whose labels may hold commas", async () => {
    const path = place("softmax.json");
    await schuss(["train", three, "--loss", "softmax", "--out", path]);
    const { out } = await schuss(["predict", path, bare, "--no-labels", "--probabilities"]);
    const [header, ...lines] = out.trim().split("\n");
    expect(header).toBe('label,a,b,"c,d"');
    const { weights, intercepts } = JSON.parse(readFileSync(path, "utf8"));
    for (const [i, line] of lines.entries()) {
      const scores = weights.map((w: number[], k: number) =>
        named.x[i]!.reduce((sum, x, j) => sum + w[j]! * x, intercepts[k]),
      );
      const sum = scores.reduce((all: number, score: number) => all + Math.exp(score), 0);
      const probabilities = line.replace('"c,d"', "c").split(",").slice(1).map(Number);
      for (const [k, score] of scores.entries()) expect(probabilities[k]).toBeCloseTo(Math.exp(score) / sum, 12);
    }
  });

  test("numbers", async () => {
    const path = place("numbers.json");
    const source = file("sum.csv", named.x.map((row) => [row[0]! - 2 * row[2]! + 1, ...row].join(",")).join("\n"));
    const flags = ["--loss", "squared", "--l2", "0", "--tolerance", "1e-9", "--out", path];
    expect((await schuss(["train", source, ...flags])).code).toBe(0);
    const model = LinearRegressor.fromJSON(JSON.parse(readFileSync(path, "utf8")));
    for (const [j, weight] of [1, 0, -2, 0].entries()) expect(model.weights[j]).toBeCloseTo(weight, 7);
    expect(model.intercept).toBeCloseTo(1, 7);
    const { out, err } = await schuss(["predict", path, source]);
    expect(out.trim().split("\n").map(Number)).toEqual([...model.predict(rows)]);
    expect(err).toMatch(/^schuss: R\^2 1 on /);
  });
});

describe("defaults are what the help says", () => {
  const source = file("defaults.svm", numeric.libsvm);
  const weightsOf = async (flags: string) => {
    const out = place("defaults.json");
    expect((await schuss(["train", source, "--out", out, ...flags.split(" ").filter(Boolean)])).code).toBe(0);
    return JSON.parse(readFileSync(out, "utf8")).weights;
  };

  test.each([
    ["", `--loss logistic --l2 ${1 / 120} --tolerance 1e-4 --seed 0 --method auto --passes 10000`],
    ["--l1 0.1", "--l2 0"],
    ["--loss huber", "--delta 1.35"],
    ["--loss epsilonInsensitive", "--epsilon 0.1"],
    ["--loss smoothedHinge", "--smoothing 1"],
  ])("%s", async (flags, defaults) => {
    expect(await weightsOf(`${flags} ${defaults}`)).toEqual(await weightsOf(flags));
  });
});

describe("class weights", () => {
  const flags = ["--l2", "0.01", "--tolerance", "1e-9", "--passes", "2000"];
  const line = (label: string) => (row: string) => row.startsWith(`${label} `);

  test("count rows as often as repeating them", async () => {
    const lines = numeric.libsvm.trim().split("\n");
    const weighted = await trained(file("once.svm", numeric.libsvm), ...flags, "--class-weights", "1=3");
    const repeated = [...lines, ...lines.filter(line("1")), ...lines.filter(line("1"))].join("\n");
    const model = await trained(file("thrice.svm", repeated), ...flags);
    for (const [j, weight] of model.weights[0]!.entries()) expect(weighted.weights[0]![j]).toBeCloseTo(weight, 6);
  });

  test('"balanced" are n / (2 rows of the class)', async () => {
    const lines = numeric.libsvm.trim().split("\n").slice(0, 90);
    const ones = lines.filter(line("1")).length;
    const source = file("uneven.svm", lines.join("\n"));
    const balanced = await trained(source, ...flags, "--class-weights", "balanced");
    const byLabel = `-1=${90 / (2 * (90 - ones))},1=${90 / (2 * ones)}`;
    const given = await trained(source, ...flags, "--class-weights", byLabel);
    for (const [j, weight] of given.weights[0]!.entries()) expect(balanced.weights[0]![j]).toBeCloseTo(weight, 8);
    expect(balanced.weights).not.toEqual((await trained(source, ...flags)).weights);
  });
});
