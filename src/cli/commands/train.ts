import { LinearClassifier } from "../../estimators/linear-classifier.js";
import { standardPasses } from "../../finite-sum/passes.js";
import { type ExitCode, exitCodes } from "../errors.js";
import { type DataFlags, defined, type SolverFlags } from "../flags.js";
import { readTask, type Task } from "../input/task.js";
import { fit, type Model, makeModel, measureOf, runsOf, scoreOf } from "../model.js";
import { checkWritable, write } from "../output/files.js";
import { showPasses } from "../output/progress.js";
import { saved } from "../output/saved.js";
import { dataSummary, describeData, describeRun, describeWeights } from "../output/summary.js";
import { say, short } from "../output/text.js";
import { rehearse } from "../rehearse.js";

export interface TrainFlags extends DataFlags, SolverFlags {
  readonly l1?: number;
  readonly l2?: number;
  readonly out?: string;
}

/** `schuss train`: reads, fits, scores, writes. */
export async function train(path: string, flags: TrainFlags, signal: AbortSignal): Promise<ExitCode> {
  const { out, l1, l2 } = flags;
  await checkWritable("--out", out, [path, flags.labels, flags.test, flags.testLabels]);
  const task = await readTask(path, flags, signal);
  const penalties = defined({ l1, l2 });
  rehearse(flags, penalties, task);
  const { data, test } = task;
  if (!flags.json) say(describeData(data));
  const model = makeModel(flags, penalties);
  await fitShown(model, task, flags, signal);
  if (out !== undefined) await write(out, `${JSON.stringify(saved(model, data))}\n`);
  const fitted = { model, score: scoreOf(model, data), testScore: test && scoreOf(model, test) };
  if (flags.json) reportJson(task, fitted, out);
  else report(task, fitted, out);
  return runsOf(model).every((run) => run.converged) ? exitCodes.done : exitCodes.unconverged;
}

async function fitShown(model: Model, { data }: Task, flags: TrainFlags, signal: AbortSignal): Promise<void> {
  const { maximumSeconds } = flags;
  const { onPass, stop } = showPasses(flags.passes ?? standardPasses(data));
  try {
    await fit(model, data, { signal, onPass, ...defined({ maximumSeconds }) });
  } finally {
    stop();
  }
}

interface Fitted {
  readonly model: Model;
  readonly score: number;
  readonly testScore: number | undefined;
}

function report({ data, test }: Task, { model, score, testScore }: Fitted, out: string | undefined): void {
  const runs = runsOf(model);
  for (const [k, run] of runs.entries()) {
    const title = runs.length > 1 && model instanceof LinearClassifier ? `class ${model.classes[k]}: ` : "";
    say(`${title}${describeRun(run)}`);
  }
  const weights = describeWeights(model.coefficients);
  if (weights !== undefined) say(weights);
  say(`${measureOf(model)} ${short(score)} on ${data.name}`);
  if (test !== undefined) say(`${measureOf(model)} ${short(testScore!)} on ${test.name}`);
  if (out !== undefined) say(`${out} written`);
}

function reportJson({ data, test }: Task, { model, score, testScore }: Fitted, out: string | undefined): void {
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
