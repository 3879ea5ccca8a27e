// Every mistake ends with the exit code that the help names, and says where it is.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/cli/errors.js";
import { readCsv } from "../../src/cli/input/csv.js";
import { readLibsvm } from "../../src/cli/input/libsvm.js";
import { readNpy } from "../../src/cli/input/npy.js";
import { file, place, program, schuss } from "./command.js";
import { npy } from "./data.js";

const three = file("three.svm", "1 1:1\n2 1:2 2:1\n3 2:3\n1 1:2\n");
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

/** Of text in one piece, without starting the command for it. */
const source = (text: string) => ({ name: "standard input", chunks: Readable.from([Buffer.from(text)]) });
const expectation = { dtype: "float64", labelled: true, labelsFlag: "--labels", labelsOptional: false } as const;

async function expectRefusal(reading: Promise<unknown>, message: string): Promise<void> {
  const error = await reading.catch((reason) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect(`${(error as InputError).message}\n`).toContain(message);
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
    [["train", "-", "--test", "-"], "--test: standard input can't be read twice"],
    [["train", data, "--delimiter", ""], "argument '' is invalid. It must not be empty."],
    [["train", data, "--class-weights", "heavy"], "It must be balanced, or weights by label as in yes=5,no=1."],
    [["train", data, "--class-weights", "1=-2"], "argument '1=-2' is invalid. It must not be negative."],
    [["help", "learn"], "Usage: schuss"],
    [["train", data, "--label-column", "2"], "--label-column is for csv, and "],
    [["train", data, "--delimiter", ","], "good.svm is read as libsvm, unless --format says another"],
    [["train", data, "--no-header"], "--no-header is for csv"],
    [["train", file("z.csv", "1,2\n0,1\n"), "--zero-based"], "--zero-based is for libsvm, and "],
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

  describe("a method or what goes with it that doesn't fit the problem", () => {
    const dense = file("dense.csv", "1,1,2\n0,2,1\n1,3,3\n");
    const misfits: [flags: string, message: string][] = [
      ["--method sag --l1 0.1", "schuss: sag does not take l1: apg does"],
      ["--method sdca --l2 0", "schuss: sdca works on the dual, for which l2 must be > 0"],
      ["--method saga --loss hinge", "schuss: saga needs a loss without corners, and hinge has one: sdca takes it"],
      ["--loss hinge --l1 0.1", "schuss: for the hinge loss sdca works on the dual, for which l2 must be > 0"],
      ["--method sag --sampling permuted", 'schuss: sag draws rows by "uniform", "lipschitz", not "permuted"'],
      ["--loss hinge --sampling lipschitz", ', not "lipschitz"'],
      ["--method saga --step-size 1e9 --l2 0.1", "schuss: --step-size must be below 1 / l2 = 10, got 1000000000"],
      ["--step-size 11 --l2 0.1", "schuss: --step-size must be below 1 / l2 = 10, got 11"],
      ["--method svrg --passes 1", "schuss: --passes must be an integer in [2, "],
      ["--method sdca --loss sigmoid", "schuss: sdca needs a convex loss whose dual is known: not sigmoid"],
      ["--method saga --loss poisson", "schuss: saga needs a bound on the loss's curvature"],
      ["--class-weights 2=3,0=1", 'schuss: --class-weights has "'],
      ["--class-weights 1=0,-1=0", "schuss: --class-weights must leave a class that counts, got 0 for all of -1, 1\n"],
      ["--loss squared --class-weights balanced", "--class-weights are for losses of classes, and --loss is squared"],
    ];

    test.each(misfits)("train %s", async (flags, message) => {
      // Poisson's labels are counts.
      await expectEnding(["train", flags.includes("poisson") ? dense : data, ...flags.split(" ")], 2, message);
    });

    test("with several classes", async () => {
      const softmax = ["train", three, "--loss", "softmax", "--method"];
      await expectEnding([...softmax, "newton"], 2, "schuss: newton takes one output: lbfgs takes 3");
      await expectEnding([...softmax, "saga", "--l1", "0.1"], 2, "saga takes an l1 of several outputs on dense rows");
      // Which is another thing on dense rows.
      const flags = ["--loss", "softmax", "--method", "saga", "--l1", "0.1", "--passes", "1"];
      expect((await schuss(["train", dense, ...flags])).code).toBe(4);
    });

    test("path", async () => {
      await expectEnding(["path", data, "--penalty", "l1", "--method", "sag"], 2, "schuss: sag does not take l1");
      await expectEnding(
        ["path", dense, "--penalty", "l1", "--loss", "huber"],
        2,
        "--from must be given, except for the losses logistic, softmax and squared",
      );
    });
  });

  test("a target that can't be written, found out before the work", async () => {
    mkdirSync(place("target"));
    const train = (out: string) => ["train", place("nowhere.svm"), "--out", out];
    await expectEnding(train(place("no/where.json")), 2, "no/where.json can't be written: there is no folder ");
    await expectEnding(train(place("target")), 2, "target can't be written: a file must be named");
    await expectEnding(train(""), 2, '--out: "" can\'t be written: a file must be named');
    await expectEnding(["train", data, "--out", data], 2, "good.svm can't be written: it is read as well");
    await expectEnding(
      ["train", data, "--test", three, "--out", three],
      2,
      "three.svm can't be written: it is read as",
    );
    await expectEnding(["path", data, "--plot", place("no/where.svg")], 2, "--plot: ");
    expect(readFileSync(data, "utf8")).toBe(good);
  });

  test("two targets that are one file, there or not, by whatever name", async () => {
    const there = file("there.svg", "kept");
    symlinkSync(there, place("link.svg"));
    mkdirSync(place("drawings"));
    symlinkSync(place("drawings"), place("linked"));
    for (const [plot, out] of [
      ["new.svg", "new.svg"],
      ["drawings/new.svg", "linked/new.svg"],
      ["there.svg", "there.svg"],
      ["there.svg", "link.svg"],
    ] as const) {
      const flags = ["--plot", place(plot), "--out", `${place(".")}/./${out}`];
      const message = `schuss: --out: ${flags[3]} can't be written: --plot is the same file\n`;
      await expectEnding(["path", place("nowhere.svm"), ...flags], 2, message);
    }
    expect(readFileSync(there, "utf8")).toBe("kept");
    const apart = ["--plot", place("new.svg"), "--out", place("drawings/new.svg")];
    await expectEnding(["path", place("nowhere.svm"), ...apart], 3, "there is no such file");
  });

  test.runIf(process.getuid?.() === 0)("nor one that others may not write; /dev/null can be", async () => {
    const asNobody = (out: string) =>
      spawnSync(process.execPath, [program, "train", "-", "--out", out], { uid: 65534, input: good, encoding: "utf8" });
    const { status, stderr } = asNobody("/etc/schuss.json");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "schuss: --out: /etc/schuss.json can't be written: that is not allowed\n",
    });
    expect(asNobody("/dev/null").status).toBe(0);
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
    ["y,a,b\n1,2,3\n", 'standard input:1: the label must be a number, got "y,a,b"; of CSV, say --format csv'],
    [`${"x".repeat(500)} 1:2\n`, `standard input:1: the label must be a number, got "${"x".repeat(40)}..."\n`],
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
    await expectRefusal(readLibsvm(source(text), { ...expectation, zeroBased: false }), message);
  });

  test("by its exit code", async () => {
    await expectEnding(["train", "-"], 3, "schuss: standard input:2: the label must be", "1 1:1\nyes 1:2\n");
  });
});

describe("CSV: 3, with the line", () => {
  const cases: [text: string, message: string][] = [
    ["", "standard input: there are no rows"],
    ["y,a\n", "standard input: there are no rows"],
    ["y\n1\n", "standard input:1: there is no column but that of the labels\n"],
    ["1 2 3\n0 1 2\n", "that of the labels; what is between fields can be said by --delimiter\n"],
    ["1,2,\n0,3,4\n", 'standard input:1: field 3 must be a finite number, got ""; the labels are those of field 1'],
    ["1,NA,2\n0,3,4\n", 'standard input:1: field 2 must be a finite number, got "NA"'],
    ["1;2,5;3\n0;3,1;1\n", 'standard input:1: field 2 must be a finite number, got "2,5"; decimals must have a point'],
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
    await expectRefusal(readCsv(source(text), expectation), message);
  });

  test("by its exit code", async () => {
    const message = "schuss: standard input:2: the label is missing\n";
    await expectEnding(["train", "-", "--format", "csv"], 3, message, "y,a\n,2\n");
  });

  test("text that is no UTF-8", async () => {
    const path = file("latin.csv", Uint8Array.of(0x79, 0x2c, 0xe4, 0x0a, 0x31, 0x2c, 0x32, 0x0a));
    await expectEnding(["train", path], 3, "latin.csv: the text must be UTF-8");
  });
});

const whole = npy("<f8", "(3, 2)", numbers);

describe("NumPy: 3", () => {
  const labels = file("labels.npy", npy("<f8", "(3,)", numbers.subarray(0, 3)));
  const cases: [name: string, bytes: Uint8Array, message: string][] = [
    ["empty", new Uint8Array(0), "this is no .npy file"],
    ["text", Buffer.from("1 1:1\n-1 1:2 2:3\n"), "this is no .npy file"],
    ["cut", whole.subarray(0, 60), "the file ends within its header"],
    ["short", whole.subarray(0, whole.length - 8), "the data of f8 of shape (3, 2) must be 48 bytes, got 40"],
    ["flat", npy("<f8", "(6,)", numbers), "the array must have rows and columns, got the shape (6)"],
    ["rows", npy("<f8", "(2, 3)", numbers), "there must be a label for each of the 2 rows, got 3"],
    ["complex", npy("<c16", "(3, 1)", numbers), "the array must be of float32, float64, integers or booleans, got c16"],
    ["half", npy("<f2", "(3, 2)", new Uint16Array(6)), "float32, float64, integers or booleans, got f2"],
    ["words", npy("<U1", "(3, 2)", new Uint32Array(6)), "float32, float64, integers or booleans, got U1"],
    ["big", npy(">f8", "(3, 2)", numbers), "Unsupported dtype: >f8; save it as numbers in the machine's byte order"],
    ["gz", gzipSync(whole), "gz.npy: is compressed by gzip: arrays of NumPy must be unpacked first"],
    ["holes", npy("<f8", "(3, 2)", Float64Array.of(0, 1, 2, Number.NaN, 4, 5)), "the value in row 1, column 1 is NaN"],
  ];

  test.each(cases)("%s", async (name, bytes, message) => {
    await expectRefusal(
      readNpy(file(`${name}.npy`, bytes), { ...expectation, labels }, () => {}),
      message,
    );
  });

  test("by its exit code", async () => {
    await expectEnding(["train", file("none.npy", ""), "--labels", labels], 3, "none.npy: this is no .npy file\n");
  });
});

describe("data that is no text: 3", () => {
  test.each([
    ["cut.svm.gz", gzipSync(good).subarray(0, 40), "cut.svm.gz: can't be unpacked: unexpected end of file"],
    ["rows.npy.svm", whole, "rows.npy.svm: is an array of NumPy: say --format npy"],
    ["both.npz", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), "both.npz: is a zip archive, as .npz and .xlsx files are"],
    ["rows.bz2", Buffer.from("BZh91AY&SY"), "rows.bz2: is compressed by bzip2: unpack it first, as in `bzcat FILE |"],
    ["rows.xz", Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), "rows.xz: is compressed by xz: unpack it first"],
    ["rows.zst", Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4), "rows.zst: is compressed by zstd: unpack it first"],
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

  test("numbers that single precision does not hold: 3", async () => {
    const flags = ["--float32", "--labels", file("pair.npy", npy("<f8", "(2,)", numbers.subarray(0, 2)))];
    const large = file("large.npy", npy("<f8", "(2, 1)", Float64Array.of(1, 1e39)));
    await expectEnding(["train", large, ...flags], 3, "row 1, column 0, 1e+39 is too large for --float32");
    await expectEnding(["train", "-", "--float32"], 3, "standard input:2: 1e+39 is too large", "1 1:1\n-1 1:1e39\n");
    const csv = ["train", "-", "--format", "csv", "--float32"];
    await expectEnding(csv, 3, "standard input:1: -1e+39 is too large for --float32", "1,-1e39\n0,2\n");
  });

  test("labels to test on that are none of the classes: 3", async () => {
    const others = file("others.csv", "red,1,2\nblue,2,1\n");
    const message = 'others.csv: no label is among the classes -1, 1; the first is "red"';
    await expectEnding(["train", data, "--test", others], 3, message);
  });

  test("labels that are below 0, for counts: 3", async () => {
    const message = "standard input: labels must be >= 0 for the loss poisson, got -1 in row 1";
    await expectEnding(["train", "-", "--loss", "poisson"], 3, message, "2 1:1\n-1 1:2\n");
  });

  test("rows without labels where a label must be, in LIBSVM's format: 3", async () => {
    const model = place("labelled.json");
    expect((await schuss(["train", data, "--out", model])).code).toBe(0);
    await expectEnding(["predict", model, "-"], 3, 'got "1:1"; without labels, say --no-labels', "1:1 2:2\n");
  });

  test("a step that makes numbers overflow, or a disk that is full: 1", async () => {
    const flags = ["--loss", "squared", "--method", "saga", "--step-size", "1e6", "--l2", "0"];
    await expectEnding(["train", data, ...flags], 1, "schuss: the gradient became ");
    await expectEnding(["train", data, ...flags], 1, "a smaller --step-size may help, or --scale-columns\n");
    if (!existsSync("/dev/full")) return;
    await expectEnding(["train", data, "--out", "/dev/full"], 1, "schuss: /dev/full can't be written: ENOSPC");
    const model = place("full.json");
    expect((await schuss(["train", data, "--out", model])).code).toBe(0);
    await expectEnding(["predict", model, data, "--out", "/dev/full"], 1, "schuss: /dev/full can't be written: ENOSPC");
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
