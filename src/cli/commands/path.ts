import { extname } from "node:path";
import { type Classes, classesOf } from "../../estimators/classes.js";
import { Coefficients } from "../../estimators/coefficients.js";
import { accuracy, determination } from "../../estimators/metrics.js";
import { type MinimizeOptions, minimize } from "../../finite-sum/minimize.js";
import type { MinimizeResult } from "../../finite-sum/run.js";
import { type ExitCode, exitCodes, InputError, UsageError } from "../errors.js";
import { type DataFlags, type SolverFlags, solverOptions } from "../flags.js";
import { classesIn, labelsOf, type MeasuredData, numbersOf, readMeasured, readTest } from "../input/measured.js";
import { isForClasses } from "../losses.js";
import { checkWritable, write } from "../output/files.js";
import { page, plot, type Series } from "../output/plot.js";
import { showProgress } from "../output/progress.js";
import { dataSummary, describeData } from "../output/summary.js";
import { tableOf } from "../output/table.js";
import { say, short } from "../output/text.js";

export interface PathFlags extends DataFlags, SolverFlags {
  readonly from?: number;
  readonly to?: number;
  readonly steps: number;
  readonly plot?: string;
  readonly out?: string;
}

/** The solution for one penalty. */
interface Point extends Omit<MinimizeResult, "weights"> {
  readonly l2: number;
  readonly weights: Float64Array;
  readonly score: number;
  readonly testScore?: number;
}

/** `schuss path`: from the strongest penalty to the weakest. */
export async function path(dataPath: string, flags: PathFlags, signal: AbortSignal): Promise<ExitCode> {
  if (flags.plot !== undefined && ![".svg", ".html"].includes(extname(flags.plot))) {
    throw new UsageError(`--plot: the file must end in .svg or .html, got ${flags.plot}`);
  }
  for (const target of [flags.plot, flags.out]) if (target !== undefined) await checkWritable(target);
  const data = await readMeasured(dataPath, flags);
  const test = await readTest(flags, data);
  const target = targetOf(data, flags);
  const points = await solve(data, test, target, flags, signal);
  if (flags.out !== undefined) await write(flags.out, `${JSON.stringify(points.map(plain))}\n`);
  if (flags.plot !== undefined) await write(flags.plot, drawing(flags.plot, data, target, points));
  if (flags.json) {
    const summaries = points.map(({ weights: _, ...point }) => point);
    say(JSON.stringify({ data: dataSummary(data), measure: target.measure, points: summaries }));
  } else {
    say(describeData(data));
    say(table(target, points));
    for (const file of [flags.out, flags.plot]) if (file !== undefined) say(`${file} written`);
  }
  return points.every(({ converged }) => converged) ? exitCodes.done : exitCodes.unconverged;
}

/** What is to be met, and how well a solution meets it. */
interface Target {
  readonly measure: "accuracy" | "R^2";
  readonly labels: ArrayLike<number>;
  score(data: MeasuredData, scores: Float64Array): number;
}

function targetOf(data: MeasuredData, { loss }: SolverFlags): Target {
  if (!isForClasses(loss)) {
    return {
      measure: "R^2",
      labels: numbersOf(data),
      score: (rows, scores) => determination(numbersOf(rows), scores),
    };
  }
  const classes = classesIn(data);
  if (classes.count > 2) throw new InputError(data.name, `a path is of two classes, got ${classes.count}`);
  return {
    measure: "accuracy",
    labels: classes.encode(labelsOf(data)),
    score: (rows, scores) =>
      accuracy(
        classes.encode(labelsOf(rows)),
        scores.map((score) => (score > 0 ? 1 : 0)),
      ),
  };
}

/** From the first to the last, each the same factor from the one before. */
function penalties({ from = 1, to, steps }: PathFlags, rows: number): number[] {
  const last = to ?? 0.01 / rows;
  return Array.from({ length: steps }, (_, k) => from * (last / from) ** (k / (steps - 1)));
}

async function solve(
  data: MeasuredData,
  test: MeasuredData | undefined,
  target: Target,
  flags: PathFlags,
  signal: AbortSignal,
): Promise<Point[]> {
  const options: MinimizeOptions = { ...solverOptions(flags), signal };
  const progress = showProgress("solving", flags.steps);
  const points: Point[] = [];
  let left = flags.maximumSeconds ?? Number.POSITIVE_INFINITY;
  try {
    for (const l2 of penalties(flags, data.rows)) {
      const { features, rows, columns } = data;
      const { loss, intercept } = flags;
      const problem = { features, rows, columns, labels: target.labels, loss, intercept, l2 };
      const result = await minimize(problem, { ...options, ...(Number.isFinite(left) && { maximumSeconds: left }) });
      left = Math.max(0, left - result.seconds);
      const scoreOn = (on: MeasuredData) =>
        target.score(on, new Coefficients([result.weights], Float64Array.of(result.intercept)).scores(on));
      points.push({ l2, ...result, score: scoreOn(data), ...(test && { testScore: scoreOn(test) }) });
      progress.update(points.length, `l2 ${short(l2)}`);
    }
  } finally {
    progress.stop();
  }
  return points;
}

function plain(point: Point) {
  return { ...point, weights: [...point.weights] };
}

function table({ measure }: Target, points: readonly Point[]): string {
  const tested = points[0]!.testScore !== undefined;
  const head = ["l2", "objective", "|w|", "passes", "converged", measure, ...(tested ? [`test ${measure}`] : [])];
  const rows = points.map((point) => [
    short(point.l2),
    short(point.objective),
    short(norm(point.weights)),
    String(point.passes),
    point.converged ? "yes" : "no",
    short(point.score),
    ...(point.testScore === undefined ? [] : [short(point.testScore)]),
  ]);
  return tableOf(head, rows);
}

function norm(weights: Float64Array): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}

/** How many columns have a curve of their own: those that become largest. */
const CURVES = 8;

function drawing(file: string, data: MeasuredData, { measure }: Target, points: readonly Point[]): string {
  const across = "l2, the penalty";
  const largest = (j: number) => points.reduce((most, { weights }) => Math.max(most, Math.abs(weights[j]!)), 0);
  const columns = Array.from({ length: data.columns }, (_, j) => ({ j, size: largest(j) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, CURVES);
  const curve = (name: string, value: (point: Point) => number): Series => ({
    name,
    points: points.map((point) => [point.l2, value(point)]),
  });
  const title = columns.length < data.columns ? `The ${CURVES} largest of ${data.columns} weights` : "Weights";
  const svg = plot([
    {
      title,
      across,
      up: "weight",
      series: columns.map(({ j }) => curve(`column ${j + 1}`, ({ weights }) => weights[j]!)),
    },
    {
      title: `Score on ${data.name}`,
      across,
      up: measure,
      series: [
        curve("training", ({ score }) => score),
        ...(points[0]!.testScore === undefined ? [] : [curve("test", ({ testScore }) => testScore!)]),
      ],
    },
  ]);
  return extname(file) === ".html" ? page(`Path of penalties of ${data.name}`, svg) : svg;
}
