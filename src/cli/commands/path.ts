import { extname } from "node:path";
import type { Coefficients } from "../../estimators/coefficients.js";
import { type ExitCode, exitCodes, UsageError } from "../errors.js";
import { type DataFlags, defined, type SolverFlags } from "../flags.js";
import { greatestL1 } from "../greatest-l1.js";
import { readTask, type Task } from "../input/task.js";
import { fit, type Model, makeModel, measureOf, type Penalties, runsOf, scoreOf } from "../model.js";
import { checkDistinct, checkWritable, write } from "../output/files.js";
import { drawing, type Point } from "../output/path-plot.js";
import { showProgress } from "../output/progress.js";
import { saved } from "../output/saved.js";
import { countWeights, dataSummary, describeData } from "../output/summary.js";
import { tableOf } from "../output/table.js";
import { say, score, short } from "../output/text.js";
import { rehearse } from "../rehearse.js";

export interface PathFlags extends DataFlags, SolverFlags {
  readonly penalty: "l2" | "l1";
  readonly from?: number;
  readonly to?: number;
  readonly steps: number;
  readonly plot?: string;
  readonly out?: string;
}

/** `schuss path`: from one penalty to another, each begun where the one before ended. */
export async function path(dataPath: string, flags: PathFlags, signal: AbortSignal): Promise<ExitCode> {
  const { out, plot, json } = flags;
  if (plot !== undefined && ![".svg", ".html"].includes(extname(plot))) {
    throw new UsageError(`--plot: the file must end in .svg or .html, got ${plot}`);
  }
  const inputs = [dataPath, flags.labels, flags.test, flags.testLabels];
  await checkWritable("--plot", plot, inputs);
  await checkWritable("--out", out, inputs);
  await checkDistinct({ "--plot": plot, "--out": out });
  const task = await readTask(dataPath, flags, signal);
  const strengths = penaltiesOf(flags, task);
  rehearse(flags, termsOf(flags, Math.max(...strengths)), task);
  const { data } = task;
  if (!json) say(describeData(data));
  const points = await solve(task, strengths, flags, signal);
  if (out !== undefined) await write(out, `${JSON.stringify(points.map((point) => savedPoint(point, task)))}\n`);
  if (plot !== undefined) await write(plot, drawing(plot, data, flags.penalty, points));
  if (json) say(JSON.stringify(summaryOf(flags, task, points)));
  else {
    say(table(flags, points));
    for (const file of [out, plot]) if (file !== undefined) say(`${file} written`);
  }
  return points.every(converged) ? exitCodes.done : exitCodes.unconverged;
}

/** From the first to the last, each the same factor from the one before. */
function penaltiesOf(flags: PathFlags, task: Task): number[] {
  const from = flags.from ?? (flags.penalty === "l2" ? 1 : greatestL1(task, flags));
  const to = flags.to ?? (flags.penalty === "l2" ? 0.01 / task.data.rows : from / 1000);
  return Array.from({ length: flags.steps }, (_, k) => from * (to / from) ** (k / (flags.steps - 1)));
}

function termsOf({ penalty }: PathFlags, strength: number): Penalties {
  return penalty === "l2" ? { l2: strength } : { l1: strength, l2: 0 };
}

async function solve(
  { data, test }: Task,
  strengths: readonly number[],
  flags: PathFlags,
  signal: AbortSignal,
): Promise<Point[]> {
  const progress = showProgress("solving", strengths.length);
  const points: Point[] = [];
  let left = flags.maximumSeconds;
  let before: Coefficients | undefined;
  try {
    for (const strength of strengths) {
      const model = makeModel(flags, termsOf(flags, strength));
      await fit(model, data, { signal, ...defined({ maximumSeconds: left }) }, before);
      before = model.coefficients;
      if (left !== undefined) left = Math.max(0, left - total(model, (run) => run.seconds));
      const testScore = test && scoreOf(model, test);
      points.push({ penalty: strength, model, score: scoreOf(model, data), ...defined({ testScore }) });
      progress.update(points.length, `${flags.penalty} ${short(strength)}`);
    }
  } finally {
    progress.stop();
  }
  return points;
}

/** Over the problems that a model was solved in. */
function total(model: Model, of: (run: ReturnType<typeof runsOf>[number]) => number): number {
  return runsOf(model).reduce((sum, run) => sum + of(run), 0);
}

function converged({ model }: Point): boolean {
  return runsOf(model).every((run) => run.converged);
}

/** A model that `fromJSON` takes, and what is known of it. */
function savedPoint({ penalty, model, score, testScore }: Point, { data }: Task) {
  return { penalty, score, ...defined({ testScore }), ...saved(model, data) };
}

function summaryOf({ penalty }: PathFlags, { data, test, classes }: Task, points: readonly Point[]) {
  return {
    data: dataSummary(data),
    ...(test && { test: dataSummary(test) }),
    ...(classes && { classes: classes.labels }),
    penalty,
    measure: measureOf(points[0]!.model),
    points: points.map((point) => ({
      penalty: point.penalty,
      score: point.score,
      ...defined({ testScore: point.testScore }),
      weightsNotZero: countWeights(point.model.coefficients),
      intercepts: [...point.model.coefficients.intercepts],
      converged: converged(point),
      runs: runsOf(point.model),
    })),
  };
}

function table({ penalty }: PathFlags, points: readonly Point[]): string {
  const measure = measureOf(points[0]!.model);
  const tested = points[0]!.testScore !== undefined;
  const head = [penalty, "objective", "|w|", "not 0", "passes", "converged", measure, ...(tested ? ["test"] : [])];
  const rows = points.map((point) => [
    short(point.penalty),
    short(total(point.model, (run) => run.objective)),
    short(norm(point.model.coefficients)),
    String(countWeights(point.model.coefficients)),
    String(total(point.model, (run) => run.passes)),
    converged(point) ? "yes" : "no",
    score(point.score),
    ...(point.testScore === undefined ? [] : [score(point.testScore)]),
  ]);
  return tableOf(head, rows);
}

function norm({ weights }: Coefficients): number {
  return Math.hypot(...weights.map((row) => Math.sqrt(row.reduce((sum, weight) => sum + weight * weight, 0))));
}
