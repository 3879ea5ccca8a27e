import { LinearClassifier } from "../../estimators/linear-classifier.js";
import { LinearRegressor } from "../../estimators/linear-regressor.js";
import { standardPasses } from "../../finite-sum/passes.js";
import { type ExitCode, exitCodes } from "../errors.js";
import { type DataFlags, defined, type SolverFlags, solverOptions } from "../flags.js";
import { classesIn, labelsOf, type MeasuredData, numbersOf, readMeasured, readTest } from "../input/measured.js";
import { isForClasses, lossOf } from "../losses.js";
import { checkWritable, write } from "../output/files.js";
import { showPasses } from "../output/progress.js";
import { dataSummary, describeData, describeRun } from "../output/summary.js";
import { say, short } from "../output/text.js";

export interface TrainFlags extends DataFlags, SolverFlags {
  readonly l1?: number;
  readonly l2?: number;
  readonly out?: string;
}

type Model = LinearClassifier | LinearRegressor;

/** `schuss train`: reads, fits, scores, writes. */
export async function train(path: string, flags: TrainFlags, signal: AbortSignal): Promise<ExitCode> {
  const { out } = flags;
  if (out !== undefined) await checkWritable(out);
  const data = await readMeasured(path, flags, signal);
  const test = await readTest(flags, data, signal);
  if (!flags.json) say(describeData(data));
  if (isForClasses(flags.loss)) classesIn(data);
  const model = await fit(data, flags, signal);
  const named = { ...model.toJSON(), ...defined({ columns: data.names }) };
  if (out !== undefined) await write(out, `${JSON.stringify(named)}\n`);
  const fitted = { model, score: scoreOf(model, data), testScore: test && scoreOf(model, test) };
  if (flags.json) reportJson(data, test, fitted, out);
  else report(data, test, fitted, out);
  return runsOf(model).every((run) => run.converged) ? exitCodes.done : exitCodes.unconverged;
}

async function fit(data: MeasuredData, flags: TrainFlags, signal: AbortSignal): Promise<Model> {
  const { l1, l2, scaleColumns, intercept, maximumSeconds } = flags;
  const options = { loss: lossOf(flags), intercept, ...defined({ l1, l2, scaleColumns }), ...solverOptions(flags) };
  const { onPass, stop } = showPasses(flags.passes ?? standardPasses(data));
  const fitOptions = { signal, onPass, ...defined({ maximumSeconds }) };
  try {
    if (isForClasses(flags.loss)) {
      return await new LinearClassifier(options).fit(data.features, labelsOf(data), fitOptions);
    }
    return await new LinearRegressor(options).fit(data.features, numbersOf(data), fitOptions);
  } finally {
    stop();
  }
}

function runsOf(model: Model) {
  return model instanceof LinearClassifier ? model.runs : [model.run!];
}

function scoreOf(model: Model, data: MeasuredData): number {
  return model instanceof LinearClassifier
    ? model.score(data.features, labelsOf(data))
    : model.score(data.features, numbersOf(data));
}

function measureOf(model: Model): string {
  return model instanceof LinearClassifier ? "accuracy" : "R^2";
}

interface Fitted {
  readonly model: Model;
  readonly score: number;
  readonly testScore: number | undefined;
}

function report(data: MeasuredData, test: MeasuredData | undefined, fitted: Fitted, out: string | undefined): void {
  const { model, score, testScore } = fitted;
  const runs = runsOf(model);
  for (const [k, run] of runs.entries()) {
    const title = runs.length > 1 && model instanceof LinearClassifier ? `class ${model.classes[k]}: ` : "";
    say(`${title}${describeRun(run)}`);
  }
  say(`${measureOf(model)} ${short(score)} on ${data.name}`);
  if (test !== undefined) say(`${measureOf(model)} ${short(testScore!)} on ${test.name}`);
  if (out !== undefined) say(`${out} written`);
}

function reportJson(data: MeasuredData, test: MeasuredData | undefined, fitted: Fitted, out: string | undefined): void {
  const { model, score, testScore } = fitted;
  const runs = runsOf(model);
  const summary = {
    data: { ...dataSummary(data), score },
    ...(test && { test: { ...dataSummary(test), score: testScore } }),
    measure: measureOf(model),
    converged: runs.every((run) => run.converged),
    runs,
    ...(out !== undefined && { model: out }),
  };
  say(JSON.stringify(summary));
}
