// The command as users run it: on files in each format, on standard input, and from the model it leaves.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fromJSON, LinearClassifier, LinearRegressor } from "../../src/estimators/index.js";
import { file, place, schuss } from "./command.js";
import { npy, textData } from "./data.js";

const numeric = textData(120, 4, 1, ["-1", "1"]);
const named = textData(120, 4, 1, ["no", "yes"]);
const rows = Float64Array.from(numeric.x.flat());
const numbers = Float64Array.from(numeric.labels, Number);

/** What the library learns from the same rows; the command may have chosen the other binary, which rounds otherwise. */
const expected = await new LinearClassifier({ l2: 0.01, passes: 1000, tolerance: 1e-8 }).fit(rows, numbers);
const solving = ["--l2", "0.01", "--passes", "1000", "--tolerance", "1e-8"];

const near = 1e-9;

function expectNear(weights: readonly Float64Array[], others: readonly Float64Array[]): void {
  expect(weights).toHaveLength(1);
  expect(Math.max(...weights[0]!.map((weight, j) => Math.abs(weight - others[0]![j]!)))).toBeLessThan(near);
}

const modelAt = (path: string) => fromJSON(JSON.parse(readFileSync(path, "utf8")));

async function trained(data: string, ...flags: string[]): Promise<LinearClassifier> {
  const out = place("trained.json");
  const { code, err } = await schuss(["train", data, ...solving, "--out", out, ...flags]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return modelAt(out) as LinearClassifier;
}

describe("the formats lead to one model", () => {
  const csv = file("data.csv", named.csv);

  test("LIBSVM", async () => {
    const model = await trained(file("data.svm", numeric.libsvm));
    expect(model.classes).toEqual([-1, 1]);
    // Sparse rows converge on another way.
    for (const [j, weight] of expected.weights[0]!.entries()) expect(model.weights[0]![j]).toBeCloseTo(weight, 6);
  });

  test("LIBSVM counted from 0, with comments, blank lines and Windows line ends", async () => {
    const text = numeric.libsvm
      .replaceAll(/(\d+):/g, (_, index) => `${Number(index) - 1}:`)
      .replaceAll("\n", " # a remark 1:2\r\n\r\n");
    const model = await trained(file("zero.svm", `# a comment\n${text}`), "--zero-based");
    expect(model.weights).toEqual((await trained(file("data.svm", numeric.libsvm))).weights);
  });

  test("LIBSVM and CSV compressed by gzip, in a file and on standard input, in several parts too", async () => {
    const model = await trained(file("data.svm", numeric.libsvm));
    const half = numeric.libsvm.indexOf("\n", numeric.libsvm.length / 2) + 1;
    const parts = [numeric.libsvm.slice(0, half), numeric.libsvm.slice(half)].map((part) => gzipSync(part));
    expect((await trained(file("data.svm.gz", Buffer.concat(parts)))).weights).toEqual(model.weights);
    expectNear((await trained(file("data.csv.gz", gzipSync(named.csv)))).weights, expected.weights);
    const out = place("gzip.json");
    const { code } = await schuss(["train", "-", ...solving, "--out", out], gzipSync(numeric.libsvm));
    expect(code).toBe(0);
    expect((modelAt(out) as LinearClassifier).weights).toEqual(model.weights);
  });

  test("LIBSVM with a byte-order mark", async () => {
    const model = await trained(file("mark.svm", `\ufeff${numeric.libsvm}`));
    expect(model.weights).toEqual((await trained(file("data.svm", numeric.libsvm))).weights);
  });

  test("CSV with a header and labels that are text", async () => {
    const model = await trained(csv);
    expect(model.classes).toEqual(["no", "yes"]);
    expectNear(model.weights, expected.weights);
  });

  test.each([
    ["the labels named", ["--label-column", "label"], named.csv],
    ["no header", [], named.csv.split("\n").slice(1).join("\n")],
    ["tabs", ["--delimiter", "\\t"], named.csv.replaceAll(",", "\t")],
    ["a semicolon", ["--delimiter", ";"], named.csv.replaceAll(",", ";")],
    ["a byte-order mark, quotes and a line end in a name", [], `\ufeff${named.csv.replace("label", '"la\nbel"')}`],
    ["spaces around fields and names", ["--label-column", "label"], named.csv.replaceAll(",", " , ")],
    ["the labels last", ["--label-column", "-1"], named.csv.replaceAll(/^([^,]*),(.*)$/gm, "$2,$1")],
  ])("CSV, %s", async (_, flags, text) => {
    expectNear((await trained(file("variant.csv", text), ...flags)).weights, expected.weights);
  });

  test.each([
    ["<f8", npy("<f8", "(120, 4)", rows)],
    ["<f8 in column order", npy("<f8", "(120, 4)", columnMajor(rows, 120, 4), true)],
  ])("NumPy %s", async (_, bytes) => {
    const labels = file("labels.npy", npy("<i8", "(120,)", BigInt64Array.from(numeric.labels, BigInt)));
    expectNear((await trained(file("data.npy", bytes), "--labels", labels)).weights, expected.weights);
  });

  test("NumPy with labels that are text", async () => {
    const labels = file("words.npy", npy("<U3", "(120,)", padded(named.labels, 3)));
    const model = await trained(file("data.npy", npy("<f8", "(120, 4)", rows)), "--labels", labels);
    expect(model.classes).toEqual(["no", "yes"]);
    expectNear(model.weights, expected.weights);
  });

  test("NumPy <f4 stays in single precision, as --float32 has it", async () => {
    const labels = file("labels.npy", npy("<f8", "(120, 1)", numbers));
    const single = file("single.npy", npy("<f4", "(120, 4)", Float32Array.from(rows)));
    const options = ["--labels", labels, "--tolerance", "1e-4"];
    const model = await trained(single, ...options, "--float32");
    expect(model.weights).toEqual((await trained(csv, "--float32", "--tolerance", "1e-4")).weights);
    expect(model.weights).not.toEqual((await trained(csv, "--tolerance", "1e-4")).weights);
  });

  test("standard input", async () => {
    const out = place("piped.json");
    const { code } = await schuss(["train", "-", "--format", "csv", ...solving, "--out", out], named.csv);
    expect(code).toBe(0);
    expectNear((modelAt(out) as LinearClassifier).weights, expected.weights);
  });
});

/** Text as NumPy holds it: so many characters each, of four bytes, the rest 0. */
function padded(texts: readonly string[], length: number): Uint32Array {
  const codes = new Uint32Array(texts.length * length);
  for (const [i, text] of texts.entries())
    codes.set(
      [...text].map((letter) => letter.codePointAt(0)!),
      i * length,
    );
  return codes;
}

function columnMajor(data: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!);
}

test("numbers come from text as JavaScript reads them", async () => {
  const hard = ["0.1", "-1e-7", "123456789012345678", "2.2250738585072014e-308", "1e22", "7.00e+2", ".5", "5.", "+3"];
  const text = hard.map((value, j) => `${value} 1:${j}\n`).join("");
  const { code } = await schuss(["train", "-", "--loss", "squared", "--l2", "1", "--passes", "1", "--json"], text);
  expect(code).toBe(4);
  const path = file("hard.svm", hard.map((value) => `0 1:${value}\n`).join(""));
  const model = file(
    "identity.json",
    JSON.stringify({
      format: "schuss-model",
      version: 1,
      estimator: "LinearRegressor",
      options: {},
      weights: [[1]],
      intercepts: [0],
      runs: [],
    }),
  );
  const predicted = await schuss(["predict", model, path]);
  expect(predicted.out.trim().split("\n")).toEqual(hard.map((value) => String(Number(value))));
});

test("labels that are numbers are one class however they are written, among words too", async () => {
  const text = "1,1\n1.0,2\nnone,3\n1.00,1\n1e0,2\nnone ,4\n";
  const { err } = await schuss(["train", "-", "--format", "csv", "--out", place("mixed.json")], text);
  expect(err).toBe("");
  expect((modelAt(place("mixed.json")) as LinearClassifier).classes).toEqual(["1", "none"]);
});

describe("what it says", () => {
  const data = file("said.svm", numeric.libsvm);

  test("for people", async () => {
    const { out } = await schuss(["train", data, ...solving, "--test", data, "--out", place("said.json")]);
    const [read, solved, score, test, written] = out.split("\n");
    expect(read).toMatch(/^\S+said\.svm: 120 rows, 4 columns, 4\d\d entries, read in [\d.]+ s$/);
    expect(solved).toMatch(
      /^objective 0\.\d+ after \d+ passes of lbfgs \(.*\) in [\d.]+ s; converged: gradient norm \d\.\de-/,
    );
    expect(score).toMatch(/^accuracy 0\.\d+ on \S+said\.svm$/);
    expect(test).toBe(score);
    expect(written).toMatch(/said\.json written$/);
  });

  test("of CSV, which column the labels are", async () => {
    const { out } = await schuss(["train", file("named.csv", "a,b,label\n1,2,yes\n2,1,no\n"), "--label-column", "-1"]);
    expect(out).toMatch(/named\.csv: 2 rows, 2 columns, labels from "label", read in /);
    const bare = await schuss(["train", file("bare.csv", "1,2\n0,1\n")]);
    expect(bare.out).toMatch(/bare\.csv: 2 rows, 1 column, labels from field 1, read in /);
  });

  test("for programs", async () => {
    const { out, code } = await schuss(["train", data, ...solving, "--test", data, "--json"]);
    expect(code).toBe(0);
    const { data: summary, test, converged, runs, measure } = JSON.parse(out);
    expect(summary).toMatchObject({ rows: 120, columns: 4 });
    expect(summary.score).toBe(expected.score(rows, numbers));
    expect(test.score).toBe(summary.score);
    expect({ converged, measure }).toEqual({ converged: true, measure: "accuracy" });
    expect(runs[0].objective).toBeCloseTo(expected.runs[0]!.objective, 9);
  });

  test("R^2 of numbers", async () => {
    const { out, code } = await schuss(["train", data, "--loss", "squared", "--passes", "1000", "--json"]);
    expect(code).toBe(0);
    const model = await new LinearRegressor({ passes: 1000 }).fit(rows, numbers);
    expect(JSON.parse(out).data.score).toBeCloseTo(model.score(rows, numbers), 4);
  });

  test("R^2 of counts, whose logarithms are predicted", async () => {
    const counts = named.x.map((row) => Math.round(Math.exp(row[0]! + 0.5)));
    const source = file("counts.csv", named.x.map((row, i) => [counts[i], ...row].join(",")).join("\n"));
    const path = place("counts.json");
    const { out, code } = await schuss(["train", source, "--loss", "poisson", "--out", path]);
    expect(code).toBe(0);
    const logarithms = (modelAt(path) as LinearRegressor).predict(rows);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const squares = (differences: number[]) => differences.reduce((sum, difference) => sum + difference ** 2, 0);
    const unexplained = squares(counts.map((count, i) => count - Math.exp(logarithms[i]!)));
    const score = 1 - unexplained / squares(counts.map((count) => count - mean));
    expect(score).toBeGreaterThan(0.9);
    const said = `R^2 of counts ${Number(score.toPrecision(6))} on ${source}\n`;
    expect(out).toContain(said);
    const predicted = await schuss(["predict", path, source]);
    expect(predicted.err).toBe(`schuss: ${said}`);
    expect(predicted.out.trim().split("\n").map(Number)).toEqual([...logarithms]);
  });

  test("how many weights are not 0, where some are", async () => {
    const { out } = await schuss(["train", data, "--l1", "0.1"]);
    const { out: json } = await schuss(["train", data, "--l1", "0.1", "--json", "--out", place("few.json")]);
    expect(json).toContain('"converged":true');
    const { weights } = JSON.parse(readFileSync(place("few.json"), "utf8"));
    const count = weights[0].filter((weight: number) => weight !== 0).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(4);
    expect(out).toContain(`\n${count} of 4 weights are not 0\n`);
    expect((await schuss(["train", data, "--l1", "10"])).out).toContain("\nall weights are 0\n");
    expect((await schuss(["train", data])).out).not.toContain("not 0");
  });

  test("that it has not converged, by its exit code; the model is written all the same", async () => {
    const path = place("early.json");
    const { code, out } = await schuss(["train", data, "--passes", "1", "--tolerance", "1e-9", "--out", path]);
    expect(code).toBe(4);
    expect(out).toMatch(/NOT converged: .*; more --passes, or more time, may help\n/);
    expect(modelAt(path)).toBeInstanceOf(LinearClassifier);
  });
});

describe("predict", () => {
  const data = file("held.csv", named.csv);

  test("a label a row, and how many are right", async () => {
    const path = place("predicting.json");
    await schuss(["train", data, ...solving, "--out", path]);
    const { out, err, code } = await schuss(["predict", path, data]);
    const classifier = modelAt(path) as LinearClassifier;
    expect(code).toBe(0);
    expect(out.trim().split("\n")).toEqual(classifier.predict(rows));
    const accuracy = classifier.score(rows, named.labels);
    expect(err).toBe(`schuss: accuracy ${Number(accuracy.toPrecision(6))} on ${data}\n`);
  });

  test("probabilities of every class, as CSV", async () => {
    const path = place("probable.json");
    await schuss(["train", data, ...solving, "--out", path]);
    const target = place("probabilities.csv");
    const { out, code } = await schuss(["predict", path, data, "--probabilities", "--out", target]);
    expect({ out, code }).toEqual({ out: "", code: 0 });
    const [header, ...lines] = readFileSync(target, "utf8").trim().split("\n");
    const classifier = modelAt(path) as LinearClassifier;
    const probabilities = classifier.predictProbability(rows);
    expect(header).toBe("label,no,yes");
    expect(lines).toEqual(
      classifier.predict(rows).map((label, i) => `${label},${probabilities[2 * i]},${probabilities[2 * i + 1]}`),
    );
  });

  test("rows without labels", async () => {
    const path = place("unlabelled.json");
    await schuss(["train", data, ...solving, "--out", path]);
    const bare = named.csv.replaceAll(/^[^,]*,/gm, "");
    const { out, err } = await schuss(["predict", path, "-", "--format", "csv", "--no-labels"], bare);
    expect(err).toBe("");
    expect(out.trim().split("\n")).toEqual((modelAt(path) as LinearClassifier).predict(rows));
  });

  test("the labels' column is found by the name it had in training", async () => {
    const [head, ...lines] = named.csv.split("\n");
    const last = [head!, ...lines].map((row) => row.replace(/^([^,]*),(.*)$/, "$2,$1")).join("\n");
    const path = place("by-name.json");
    await schuss(["train", file("last.csv", last), "--label-column", "label", ...solving, "--out", path]);
    const first = await schuss(["predict", path, data]);
    expect(first).toEqual({ ...(await schuss(["predict", path, data, "--label-column", "1"])), code: 0 });
    expect((await schuss(["predict", path, place("last.csv")])).out).toBe(first.out);
    const tested = await schuss(["train", data, "--test", place("last.csv")]);
    expect(tested.out.match(/accuracy 0\.\d+/g)).toEqual(Array(2).fill(expect.stringMatching(/accuracy 0/)));
    const missing = await schuss(["predict", path, file("missing.csv", last.replaceAll(/,[^,\n]*$/gm, ""))]);
    expect(missing.code).toBe(3);
    expect(missing.err).toContain("without labels, say --no-labels\n");
  });

  test("labels that only fill their place are no reason not to predict", async () => {
    const path = place("filled.json");
    const svm = file("filled.svm", numeric.libsvm);
    await schuss(["train", svm, ...solving, "--out", path]);
    const { out } = await schuss(["predict", path, svm]);
    const zeros = file("zeros.svm", numeric.libsvm.replaceAll(/^-?1 /gm, "0 "));
    const message = `schuss: ${zeros}: no label is among the classes -1, 1; the first is 0\n`;
    expect(await schuss(["predict", path, zeros])).toEqual({ code: 0, out, err: message });
    const some = file("some.svm", numeric.libsvm.replace(/^-?1 /, "7 "));
    const { err } = await schuss(["predict", path, some]);
    expect(err).toContain("some.svm: 1 label is not among the classes -1, 1, and can't be predicted\n");
    expect(err).toMatch(/schuss: accuracy 0\.\d+ on /);
  });

  test("columns that the model doesn't know are left out, and it says so", async () => {
    const path = place("narrow.json");
    const svm = file("narrow.svm", numeric.libsvm);
    await schuss(["train", svm, ...solving, "--out", path]);
    const wide = file("wide.svm", numeric.libsvm.replaceAll("\n", " 9:1\n"));
    const { out, err } = await schuss(["predict", path, wide]);
    expect(out).toBe((await schuss(["predict", path, svm])).out);
    expect(err).toContain("wide.svm: 120 numbers left out, in columns above the 4 known ones\n");
  });

  test("more lines than are written at a time; a reader that has had enough is no failure", async () => {
    const path = place("long.json");
    await schuss(["train", data, ...solving, "--out", path]);
    const many = file("long.svm", numeric.libsvm.repeat(100));
    const { out } = await schuss(["predict", path, many]);
    expect(out.trim().split("\n")).toHaveLength(12_000);
    const shell = `"${process.execPath}" build/cli/main.js predict "${path}" "${many}" | head -1; echo "\${PIPESTATUS[0]}"`;
    const piped = execFileSync("bash", ["-c", shell], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    expect(piped.trim().split("\n")[1]).toBe("0");
  });
});
