// Every mistake ends with the exit code that the help names, and says where it is.

import { mkdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { file, place, schuss } from "./command.js";
import { npy } from "./data.js";

const good = "1 1:1 2:2\n-1 1:2 2:1\n1 1:0.5 2:2\n-1 2:-1\n";
const data = file("good.svm", good);
const numbers = Float64Array.from({ length: 6 }, (_, k) => k);
const features = file("features.npy", npy("<f8", "(3, 2)", numbers));

async function expectEnding(args: readonly string[], code: number, message: string, input?: string): Promise<void> {
  const ending = await schuss(args, input);
  expect(ending.err).toContain(message);
  expect(ending.err).not.toMatch(/ {4}at /);
  expect(ending.code).toBe(code);
}

describe("the command line: 2", () => {
  const cases: [args: readonly string[], message: string][] = [
    [[], "Usage: schuss"],
    [["learn", data], "error: unknown command 'learn'"],
    [["train"], "error: missing required argument 'data'"],
    [["train", data, "--speed"], "error: unknown option '--speed'"],
    [["train", data, "--loss", "cubic"], "argument 'cubic' is invalid. Allowed choices are logistic, softmax, squared"],
    [["train", data, "--l2", "-1"], "argument '-1' is invalid. It must not be negative."],
    [["train", data, "--l2", "much"], "argument 'much' is invalid. It must be a number."],
    [["train", data, "--passes", "0"], "argument '0' is invalid. It must be at least 1."],
    [["train", data, "--seed", "0.5"], "argument '0.5' is invalid. It must be an integer."],
    [["path", data, "--steps", "1"], "argument '1' is invalid. It must be at least 2."],
    [["path", data, "--plot", place("plot.png")], "--plot: the file must end in .svg or .html"],
    [["path", data, "--loss", "softmax"], "argument 'softmax' is invalid. Allowed choices are logistic, squared"],
    [["train", features], "features.npy has features only: give the labels with --labels FILE.npy\n"],
    [
      ["train", data, "--test", features],
      "features.npy has features only: give the labels with --test-labels FILE.npy\n",
    ],
    [["train", data, "--test", data, "--test-labels", "y.npy"], "--test-labels FILE is for .npy data only"],
    [["train", "-", "--format", "npy", "--labels", "y.npy"], "an array of NumPy can't come from standard input"],
    [["train", data, "--labels", "y.npy"], "--labels FILE is for .npy data only"],
    [["train", file("x.csv", "a,b\n1,2\n"), "--label-column", "c"], 'x.csv has no column "c"; there are a, b'],
    [
      ["train", file("y.csv", "1,2\n1,2\n"), "--label-column", "3"],
      'y.csv has no column "3"; there are 2 and no names',
    ],
  ];

  test.each(cases)("%o", async (args, message) => {
    await expectEnding(args, 2, message);
  });

  test("the version: 0", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await schuss(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  test("help and no mistake: 0", async () => {
    for (const args of [
      ["--help"],
      ["train", "--help"],
      ["predict", "--help"],
      ["path", "--help"],
      ["bench", "--help"],
    ]) {
      const { code, out } = await schuss(args);
      expect(code).toBe(0);
      expect(out).toContain("Usage: schuss");
    }
  });
});

describe("LIBSVM: 3, with the line", () => {
  const cases: [text: string, message: string][] = [
    ["", "standard input: there are no rows"],
    ["# nothing\n\n", "standard input: there are no rows"],
    ["1\n-1\n", "standard input: no row has any entry"],
    ["1 1:1\nyes 1:2\n", 'standard input:2: the label must be a number, got "yes"'],
    ["1:1 2:2\n", 'standard input:1: the label must be a number, got "1:1"'],
    ["1 1:1\n\n# comment\n-1 1:1 2\n", 'standard input:4: expected index:value, got "2"'],
    ["1 a:1\n", 'standard input:1: the index must be an integer, got "a"'],
    ["1 qid:3 1:1\n", 'standard input:1: the index must be an integer, got "qid"'],
    ["1 0:1\n", "standard input:1: the index must be in [1, 2147483647], got 0; with --zero-based it may be 0"],
    ["1 -3:1\n", "standard input:1: the index must be in [1, 2147483647], got -3"],
    ["1 99999999999:1\n", "standard input:1: the index must be in [1, 2147483647], got 99999999999"],
    ["1 2:1 1:1\n", "standard input:1: indices must ascend, got 1 after 2"],
    ["1 2:1 2:1\n", "standard input:1: indices must ascend, got 2 after 2"],
    ["1 1:\n", 'standard input:1: the value of index 1 must be a finite number, got ""'],
    ["1 1:2x\n", 'standard input:1: the value of index 1 must be a finite number, got "2x"'],
    ["1 1:1e\n", 'standard input:1: the value of index 1 must be a finite number, got "1e"'],
    ["1 1:nan\n", 'standard input:1: the value of index 1 must be a finite number, got "nan"'],
    ["1 1:1e999\n", 'standard input:1: the value of index 1 must be a finite number, got "1e999"'],
    [`1 1:1\n${"1 1:1 2:1\n".repeat(300_000)}1 1:oops\n`, "standard input:300002: the value of index 1"],
  ];

  test.each(cases)("%#", async (text, message) => {
    await expectEnding(["train", "-"], 3, message, text);
  });
});

describe("CSV: 3, with the line", () => {
  const cases: [text: string, message: string][] = [
    ["", "standard input: there are no rows"],
    ["y,a\n", "standard input: there are no rows"],
    ["y\n1\n", "standard input:1: there is no column but that of the labels"],
    ["y,a,b\n1,2,3\n0,1\n", "standard input:3: expected 3 fields as in the first row, got 2"],
    [
      "y,a\n1,2\n0,\n",
      'standard input:3: "a" must be a finite number, got ""; the labels are those of "y", unless --label-column says another',
    ],
    [
      "1,2\n0,red\n",
      'standard input:2: field 2 must be a finite number, got "red"; the labels are those of field 1, unless --label-column says another',
    ],
    [
      '"y\n1",a\n1,2\n\n0,nan\n',
      'standard input:5: "a" must be a finite number, got "nan"; the labels are those of "y\n1", unless --label-column says another',
    ],
    ["y,a\n,2\n", "standard input:2: the label is missing"],
    ['y,a\n1,2\n0,"3\n', "standard input:3: quoted field unterminated"],
  ];

  test.each(cases)("%#", async (text, message) => {
    await expectEnding(["train", "-", "--format", "csv"], 3, message, text);
  });

  test("text that is no UTF-8", async () => {
    const path = file("latin.csv", Uint8Array.of(0x79, 0x2c, 0xe4, 0x0a, 0x31, 0x2c, 0x32, 0x0a));
    await expectEnding(["train", path], 3, "latin.csv: the text must be UTF-8");
  });
});

describe("NumPy: 3", () => {
  const labels = file("labels.npy", npy("<f8", "(3,)", numbers.subarray(0, 3)));
  const whole = npy("<f8", "(3, 2)", numbers);
  const cases: [name: string, bytes: Uint8Array, message: string][] = [
    ["empty", new Uint8Array(0), "this is no .npy file"],
    ["text", Buffer.from("1 1:1\n-1 1:2 2:3\n"), "this is no .npy file"],
    ["cut", whole.subarray(0, 60), "the file ends within its header"],
    ["short", whole.subarray(0, whole.length - 8), "the data of f8 of shape (3, 2) must be 48 bytes, got 40"],
    ["flat", npy("<f8", "(6,)", numbers), "the array must have rows and columns, got the shape (6)"],
    ["rows", npy("<f8", "(2, 3)", numbers), "there must be a label for each of the 2 rows, got 3"],
    ["complex", npy("<c16", "(3, 1)", numbers), "the array must be of floats or integers, got c16"],
    ["big", npy(">f8", "(3, 2)", numbers), "Unsupported dtype: >f8"],
    ["holes", npy("<f8", "(3, 2)", Float64Array.of(0, 1, 2, Number.NaN, 4, 5)), "the value in row 1, column 1 is NaN"],
  ];

  test.each(cases)("%s", async (name, bytes, message) => {
    await expectEnding(["train", file(`${name}.npy`, bytes), "--labels", labels], 3, message);
  });
});

describe("compressed data: 3", () => {
  test.each([
    [
      "rows.svm.gz",
      gzipSync(good),
      "rows.svm.gz: is compressed by gzip: unpack it first, as in `zcat FILE | schuss train -`",
    ],
    [
      "both.npz",
      Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0),
      "both.npz: is a zip archive, as .npz files are: unpack it first",
    ],
  ])("%s", async (name, bytes, message) => {
    await expectEnding(["train", file(name, bytes)], 3, message);
  });
});

describe("files and models", () => {
  test("a file that isn't there, or is a folder: 3", async () => {
    await expectEnding(["train", place("nowhere.svm")], 3, "nowhere.svm: there is no such file");
    await expectEnding(["train", place("nowhere.npy"), "--labels", "y"], 3, "nowhere.npy: there is no such file");
    mkdirSync(place("folder"));
    await expectEnding(["train", place("folder")], 3, "folder: is a directory");
    await expectEnding(["predict", place("nowhere.json"), data], 3, "nowhere.json: there is no such file");
  });

  test("a model that is none: 3", async () => {
    await expectEnding(["predict", file("list.json", "[1]"), data], 3, 'format must be "schuss-model"');
    await expectEnding(["predict", file("broken.json", "{"), data], 3, "broken.json: this is no model: ");
    await expectEnding(["predict", data, data], 3, "good.svm: this is no model: ");
  });

  test("other columns than those of the model: 3", async () => {
    const model = place("two.json");
    expect((await schuss(["train", data, "--out", model])).code).toBe(0);
    await expectEnding(
      ["predict", model, file("three.csv", "1,2,3,4\n")],
      3,
      "there must be 2 columns beside the label, got 3",
    );
    await expectEnding(
      ["predict", model, file("bare.csv", "1,2\n")],
      3,
      "there must be 2 columns beside the label, got 1; without labels, say --no-labels",
    );
    await expectEnding(
      ["predict", model, file("full.csv", "1,2,3\n"), "--no-labels"],
      3,
      "there must be 2 columns, got 3",
    );
    await expectEnding(["predict", model, features], 2, "give the labels with --labels FILE.npy, or --no-labels");
    const rows = file("three.npy", npy("<f8", "(2, 3)", numbers));
    await expectEnding(["predict", model, rows, "--no-labels"], 3, "three.npy: there must be 2 columns, got 3");
  });

  test("columns of other names than those of the model: 3", async () => {
    const model = place("names.json");
    const named = file("names.csv", "a,b,label\n1,2,yes\n2,1,no\n");
    const last = ["--label-column", "label"];
    expect((await schuss(["train", named, ...last, "--out", model])).code).toBe(0);
    expect((await schuss(["predict", model, named, ...last])).out).toBe("yes\nno\n");
    const first = file("first.csv", "label,b,c\nyes,1,2\n");
    const message = 'first.csv:1: column 1 must be "a", as in training, got "b"; the labels are those of "label"';
    await expectEnding(["predict", model, first], 3, message);
    await expectEnding(["train", named, ...last, "--test", first], 3, message);
    // Without a header there is nothing to compare.
    const bare = file("names-left-out.csv", "yes,1,2\nno,2,1\n");
    expect((await schuss(["predict", model, bare])).out).toBe("yes\nno\n");
  });

  test("a target that can't be written, found out before the work: 1", async () => {
    await expectEnding(["train", data, "--out", place("no/where.json")], 1, "where.json can't be written");
  });

  test("labels that are of one class, or are text for a loss of numbers: 3", async () => {
    await expectEnding(["train", "-"], 3, "labels must be of at least two classes, all are 1", "1 1:1\n1 1:2\n");
    const text = "red,1\nblue,2\n";
    await expectEnding(["train", "-", "--format", "csv", "--loss", "squared"], 3, 'row 0 has "red"', text);
    const message =
      "labels of more than two classes must be strings or whole numbers, got 2.5 in row 1; for numbers there is --loss squared";
    await expectEnding(["train", "-"], 3, message, "1 1:1\n2.5 1:2\n3 1:3\n");
  });
});
