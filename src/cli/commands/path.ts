import { extname } from "node:path";
import { Coefficients } from "../../estimators/coefficients.js";
import { accuracy, determination } from "../../estimators/metrics.js";
import { type MinimizeResult, minimize, type Start } from "../../finite-sum/index.js";
import { type ExitCode, exitCodes, InputError, UsageError } from "../errors.js";
import { type DataFlags, defined, type SolverFlags, solverOptions } from "../flags.js";
import { greatestL1 } from "../greatest-l1.js";
import { classesIn, labelsOf, type MeasuredData, numbersOf, readMeasured, readTest } from "../input/measured.js";
import { isForClasses, lossOf } from "../losses.js";
import { checkWritable, write } from "../output/files.js";
import { page, plot, type Series } from "../output/plot.js";
import { showProgress } from "../output/progress.js";
import { dataSummary, describeData } from "../output/summary.js";
import { tableOf } from "../output/table.js";
import { say, score, short } from "../output/text.js";

export interface PathFlags extends DataFlags, SolverFlags {
  readonly penalty: "l2" | "l1";
  readonly from?: number;
  readonly to?: number;
  readonly steps: number;
  readonly plot?: string;
  readonly out?: string;
}

/** The solution for one penalty. */
interface Point extends Omit<MinimizeResult, "intercept" | "state"> {
  readonly penalty: number;
  readonly intercept: number;
  readonly score: number;
  readonly testScore?: number;
}

/** `schuss path`: from the strongest penalty to the weakest. */
export async function path(dataPath: string, flags: PathFlags, signal: AbortSignal): Promise<ExitCode> {
  if (flags.plot !== undefined && ![".svg", ".html"].includes(extname(flags.plot))) {
    throw new UsageError(`--plot: the file must end in .svg or .html, got ${flags.plot}`);
  }
  for (const target of [flags.plot, flags.out]) if (target !== undefined) await checkWritable(target);
  const data = await readMeasured(dataPath, flags, signal);
  const test = await readTest(flags, data, signal);
  const target = targetOf(data, flags);
  const points = await solve(data, test, target, flags, signal);
  if (flags.out !== undefined) await write(flags.out, `${JSON.stringify(points.map(plain))}\n`);
  if (flags.plot !== undefined) await write(flags.plot, drawing(flags.plot, data, flags, target, points));
  if (flags.json) {
    const summaries = points.map(({ weights: _, ...point }) => point);
    say(
      JSON.stringify({ data: dataSummary(data), penalty: flags.penalty, measure: target.measure, points: summaries }),
    );
  } else {
    say(describeData(data));
    say(table(flags, target, points));
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
function penalties(flags: PathFlags, data: MeasuredData, target: Target): number[] {
  const from = flags.from ?? (flags.penalty === "l2" ? 1 : greatestL1(data, target.labels, flags));
  const to = flags.to ?? (flags.penalty === "l2" ? 0.01 / data.rows : from / 1000);
  return Array.from({ length: flags.steps }, (_, k) => from * (to / from) ** (k / (flags.steps - 1)));
}

async function solve(
  data: MeasuredData,
  test: MeasuredData | undefined,
  target: Target,
  flags: PathFlags,
  signal: AbortSignal,
): Promise<Point[]> {
  const { features, rows, columns } = data;
  const { intercept, scaleColumns, penalty } = flags;
  const { labels } = target;
  const problem = { features, rows, columns, labels, loss: lossOf(flags), intercept, ...defined({ scaleColumns }) };
  const progress = showProgress("solving", flags.steps);
  const points: Point[] = [];
  let left = flags.maximumSeconds;
  let start: Start | undefined;
  try {
    for (const strength of penalties(flags, data, target)) {
      const terms = penalty === "l2" ? { l2: strength } : { l1: strength, l2: 0 };
      const options = { ...solverOptions(flags), signal, ...defined({ start, maximumSeconds: left }) };
      const { state: _, ...result } = await minimize({ ...problem, ...terms }, options);
      const b = result.intercept as number;
      start = { weights: result.weights, intercept: b };
      if (left !== undefined) left = Math.max(0, left - result.seconds);
      const coefficients = new Coefficients([result.weights], Float64Array.of(b));
      const testScore = test && target.score(test, coefficients.scores("path", test));
      const score = target.score(data, coefficients.scores("path", data));
      points.push({ penalty: strength, ...result, intercept: b, score, ...defined({ testScore }) });
      progress.update(points.length, `${penalty} ${short(strength)}`);
    }
  } finally {
    progress.stop();
  }
  return points;
}

function plain(point: Point) {
  return { ...point, weights: [...point.weights] };
}

function table({ penalty }: PathFlags, { measure }: Target, points: readonly Point[]): string {
  const tested = points[0]!.testScore !== undefined;
  const head = [
    penalty,
    "objective",
    "|w|",
    "not 0",
    "passes",
    "converged",
    measure,
    ...(tested ? [`test ${measure}`] : []),
  ];
  const rows = points.map((point) => [
    short(point.penalty),
    short(point.objective),
    short(norm(point.weights)),
    String(point.weights.reduce((all, weight) => all + (weight === 0 ? 0 : 1), 0)),
    String(point.passes),
    point.converged ? "yes" : "no",
    score(point.score),
    ...(point.testScore === undefined ? [] : [score(point.testScore)]),
  ]);
  return tableOf(head, rows);
}

function norm(weights: Float64Array): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}

/** How many columns have a curve of their own: those that become largest. */
const CURVES = 8;

function drawing(
  file: string,
  data: MeasuredData,
  { penalty }: PathFlags,
  { measure }: Target,
  points: readonly Point[],
): string {
  const across = `${penalty}, the penalty`;
  const largest = (j: number) => points.reduce((most, { weights }) => Math.max(most, Math.abs(weights[j]!)), 0);
  const columns = Array.from({ length: data.columns }, (_, j) => ({ j, size: largest(j) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, CURVES);
  const curve = (name: string, value: (point: Point) => number): Series => ({
    name,
    points: points.map((point) => [point.penalty, value(point)]),
  });
  const title = columns.length < data.columns ? `The ${CURVES} largest of ${data.columns} weights` : "Weights";
  const svg = plot([
    {
      title,
      across,
      up: "weight",
      series: columns.map(({ j }) => curve(data.names?.[j] ?? `column ${j + 1}`, ({ weights }) => weights[j]!)),
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
