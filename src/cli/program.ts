import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import type { ClassWeights } from "../estimators/class-weights.js";
import type { LossName } from "../finite-sum/index.js";
import { bench } from "./commands/bench.js";
import { path as penaltyPath } from "./commands/path.js";
import { predict } from "./commands/predict.js";
import { train } from "./commands/train.js";
import { type ExitCode, exitCodes } from "./errors.js";
import { formats } from "./input/read.js";
import { isForClasses, losses, methods, samplings } from "./losses.js";

/** The command line; after `parseAsync` it knows how the command ended. */
export class Program extends Command {
  exitCode: ExitCode = exitCodes.done;
}

const FOOTER = `
Data:
  LIBSVM's format, unless --format or the extension says .csv, .tsv or .npy; "-" is standard input.
  Text may be compressed by gzip: data.svm.gz, data.csv.gz.
  Files are read in a stream: at most, memory holds their numbers three times, and never their text.

Exit codes:
  0    done; what was to be solved has converged
  1    something failed: memory or the disk is full, a step so large that numbers overflow
  2    the command line is wrong, or asks for a method that doesn't take the problem; nothing has been solved
  3    data or a model can't be read, or don't fit; the message says where: data.svm:12: ...
  4    done and written, but the tolerance was not reached within the passes or the time
  130  interrupted`;

const forClasses = Object.keys(losses).filter((name) => name !== "softmax" && isForClasses(name as LossName));
const forNumbers = Object.keys(losses).filter((name) => name !== "poisson" && !isForClasses(name as LossName));

const LOSSES = `
Losses:
  of classes  ${forClasses.join(", ")}:
              of more than two each against the rest; softmax: all of them at once
  of numbers  ${forNumbers.join(", ")}
  of counts   poisson, which predicts the logarithm of the expected count`;

const EXAMPLES = `
Examples:
  schuss train data.svm --loss logistic --l2 1e-4 --test held-out.svm --out model.json
  schuss train houses.csv --loss huber --label-column price --scale-columns
  schuss train flowers.csv --loss softmax --label-column species --class-weights balanced
  xzcat data.svm.xz | schuss train - --loss hinge --json`;

export function makeProgram(signal: AbortSignal): Program {
  const program = new Program("schuss")
    .description("Linear models on large data, solved by kernels in WebAssembly")
    .version(version())
    .helpCommand("help [command]", "what a command takes")
    .addHelpText("after", FOOTER);
  const ending =
    <Arguments extends unknown[]>(command: (...given: Arguments) => Promise<ExitCode>) =>
    async (...given: Arguments) => {
      program.exitCode = await command(...given);
    };

  const trainCommand = program
    .command("train")
    .description("learn a linear model from data")
    .argument("<data>", "the rows and their labels")
    .option("--out <file>", "write the model, as JSON, for `schuss predict` and for fromJSON of schuss/estimators")
    .action(ending((data, flags) => train(data, flags, signal)));
  addTestOptions(addDataOptions(addSolverOptions(trainCommand))).addHelpText("after", `${LOSSES}\n${EXAMPLES}`);

  const predictCommand = program
    .command("predict")
    .description(
      "predict the labels of data: a line a row; how right they are, where there are labels, on standard error",
    )
    .argument("<model>", "what `schuss train --out` has written, or toJSON of any estimator")
    .argument(
      "<data>",
      "the rows, with their labels unless --no-labels; where CSV names its columns, they must be the model's",
    )
    .option(
      "--probabilities",
      "CSV with the probability of every class; of models with the loss logistic, softmax or sigmoid",
    )
    .option("--no-labels", "the rows have no labels")
    .option("--out <file>", "write to a file rather than to standard output")
    .action(ending((model, data, flags) => predict(model, data, flags, signal)));
  addDataOptions(predictCommand, { labelColumn: "the name it had in training, else 1" });

  const pathCommand = program
    .command("path")
    .description("solve for a path of penalties, each begun where the one before ended")
    .argument("<data>", "the rows and their labels")
    .addOption(new Option("--penalty <name>", "what is varied").choices(["l2", "l1"]).default("l2"))
    .option(
      "--from <number>",
      "the first penalty (default: for l2 1, for l1 where the first weight leaves 0)",
      positive,
    )
    .option(
      "--to <number>",
      "the last penalty (default: for l2 0.01 / rows, for l1 a thousandth of the first)",
      positive,
    )
    .option("--steps <n>", "how many penalties, in even ratios", wholeFrom(2), 20)
    .option("--plot <file>", "draw weights and scores by penalty, as .svg or .html")
    .option("--out <file>", "write every point, as a JSON array of models for fromJSON of schuss/estimators")
    .action(ending((data, flags) => penaltyPath(data, flags, signal)));
  addTestOptions(addDataOptions(addSolverOptions(pathCommand, { ofPath: true }))).addHelpText("after", LOSSES);

  program
    .command("bench")
    .description("time this machine's kernels against the same loops in plain JavaScript")
    .option("--json", "print JSON")
    .action(ending((flags) => bench(flags, signal)));

  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`(schuss ${command === program ? "" : `${command.name()} `}--help says more)`);
  }
  return program;
}

/** A path varies the penalty itself. */
function addSolverOptions(command: Command, { ofPath } = { ofPath: false }): Command {
  command.addOption(
    new Option("--loss <name>", "what is minimised on average").choices(Object.keys(losses)).default("logistic"),
  );
  command
    .option("--delta <number>", "of the loss huber (default: 1.35)", positive)
    .option("--epsilon <number>", "of the loss epsilonInsensitive (default: 0.1)", nonNegative)
    .option("--smoothing <number>", "of the loss smoothedHinge (default: 1)", positive);
  if (!ofPath) {
    command
      .option("--l2 <number>", "the penalty l2/2 |w|^2 (default: 1 / rows, 0 with --l1)", nonNegative)
      .option("--l1 <number>", "the penalty l1 |w|_1 (default: 0)", nonNegative);
  }
  return command
    .addOption(new Option("--method <name>", "the solver").choices(methods).default("auto"))
    .addOption(new Option("--sampling <name>", "how rows are drawn (default: by the method)").choices(samplings))
    .option("--scale-columns", "divide columns by the root of their mean square, and take that back in the weights")
    .option("--no-intercept", "leave the intercept out")
    .option(
      "--class-weights <weights>",
      'how much rows of each class count: "balanced", or by label as in yes=5,no=1 (default: all alike)',
      classWeights,
    )
    .option(
      "--passes <n>",
      "the most passes over the data (default: by the size of the data, 100 to 10,000)",
      wholeFrom(1),
    )
    .option(
      "--tolerance <number>",
      "stop once the norm of the gradient, or for losses with corners the duality gap, is at most this (default: 1e-4)",
      nonNegative,
    )
    .option("--step-size <number>", "the step of the solver (default: from the data)", positive)
    .option("--seed <n>", "of the order of the rows (default: 0)", whole)
    .option("--maximum-seconds <number>", "stop after so many seconds of solving", nonNegative);
}

function addDataOptions(command: Command, { labelColumn } = { labelColumn: "1" }): Command {
  return command
    .addOption(new Option("--format <name>", "of the data (default: by extension, else libsvm)").choices(formats))
    .option("--float32", "hold the features in single precision: their values take half the memory")
    .option("--zero-based", "LIBSVM: indices count from 0")
    .option(
      "--label-column <column>",
      `CSV: the labels' column, by name or place: 1 is the first, -1 the last (default: ${labelColumn})`,
    )
    .option("--delimiter <text>", "CSV: what is between fields, \\t for tabs (default: found out)", delimiter)
    .option("--header", "CSV: the first row has names (default: found out)")
    .option("--no-header", "CSV: the first row is data")
    .option("--labels <file>", "NumPy: the .npy file with the labels, numbers or text");
}

function addTestOptions(command: Command): Command {
  return command
    .option("--test <file>", "score on this data too, which must have the same columns")
    .option("--test-labels <file>", "NumPy: the .npy file with the labels of --test")
    .option("--json", "print JSON on one line, on standard output; what goes wrong is text on standard error");
}

/** As it is typed: few shells make a tab of "\t". */
function delimiter(text: string): string {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return text === "\\t" ? "\t" : text;
}

/** "balanced", or label=weight, ...; a label may have "=" in it. */
function classWeights(text: string): ClassWeights {
  if (text === "balanced") return text;
  const weights = text.split(",").map((part): [string, number] => {
    const split = part.lastIndexOf("=");
    if (split < 1) throw new InvalidArgumentError("It must be balanced, or weights by label as in yes=5,no=1.");
    return [part.slice(0, split).trim(), nonNegative(part.slice(split + 1))];
  });
  return Object.fromEntries(weights);
}

/** The package's, as it lies two folders above both the source and the bundle. */
function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

function nonNegative(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError("It must not be negative.");
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError("It must be above 0.");
  return value;
}

function whole(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("It must be an integer.");
  return value;
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = whole(text);
    if (value < least) throw new InvalidArgumentError(`It must be at least ${least}.`);
    return value;
  };
}
