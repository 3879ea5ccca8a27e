import { extname } from "node:path";
import { LinearClassifier } from "../../estimators/linear-classifier.js";
import type { DataSet } from "../input/data-set.js";
import { type Model, measureOf } from "../model.js";
import { type Panel, page, plot, type Series } from "./plot.js";

/** The solution for one penalty. */
export interface Point {
  readonly penalty: number;
  readonly model: Model;
  readonly score: number;
  readonly testScore?: number;
}

/** How many curves a panel has at most: the largest. */
const CURVES = 8;

/** Weights and scores along a path, as SVG or, where the file says so, as a page with it. */
export function drawing(file: string, data: DataSet, penalty: "l2" | "l1", points: readonly Point[]): string {
  const across = `${penalty}, the penalty`;
  const { outputs } = points[0]!.model.coefficients;
  const weights = outputs === 1 ? ofColumns(data, points) : ofClasses(penalty, points);
  const svg = plot([
    { across, ...weights },
    {
      title: `Score on ${data.name}`,
      across,
      up: measureOf(points[0]!.model),
      series: [
        curve("training", points, ({ score }) => score),
        ...(points[0]!.testScore === undefined ? [] : [curve("test", points, ({ testScore }) => testScore!)]),
      ],
    },
  ]);
  return extname(file) === ".html" ? page(`Path of penalties of ${data.name}`, svg) : svg;
}

type Curves = Omit<Panel, "across">;

/** A curve a column. */
function ofColumns({ columns, names }: DataSet, points: readonly Point[]): Curves {
  return {
    title: columns > CURVES ? `The ${CURVES} largest of ${columns} weights` : "Weights",
    up: "weight",
    series: largest(columns, ({ model }, j) => model.coefficients.weights[0]![j]!, points).map(({ k: j, of }) =>
      curve(names?.[j] ?? `column ${j + 1}`, points, of),
    ),
  };
}

/** A curve a class: how many of its weights are not 0 where l1 makes them so, else how long they are. */
function ofClasses(penalty: "l2" | "l1", points: readonly Point[]): Curves {
  const { model } = points[0]!;
  const classes = model instanceof LinearClassifier ? model.classes : [];
  const measure = penalty === "l1" ? notZero : length;
  const what = penalty === "l1" ? "Weights that are not 0" : "Norm of the weights";
  const which = classes.length > CURVES ? `the ${CURVES} largest of ${classes.length} classes` : "by class";
  return {
    title: `${what}, ${which}`,
    up: penalty === "l1" ? "not 0" : "|w|",
    series: largest(classes.length, ({ model }, k) => measure(model.coefficients.weights[k]!), points).map(
      ({ k, of }) => curve(String(classes[k]), points, of),
    ),
  };
}

function curve(name: string, points: readonly Point[], value: (point: Point) => number): Series {
  return { name, points: points.map((point) => [point.penalty, value(point)]) };
}

/** Of `count` values along the path those that go farthest from 0, the farthest first. */
function largest(count: number, value: (point: Point, k: number) => number, points: readonly Point[]) {
  const size = (k: number) => points.reduce((most, point) => Math.max(most, Math.abs(value(point, k))), 0);
  return Array.from({ length: count }, (_, k) => ({ k, size: size(k) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, CURVES)
    .map(({ k }) => ({ k, of: (point: Point) => value(point, k) }));
}

function notZero(weights: Float64Array): number {
  return weights.reduce((all, weight) => all + (weight === 0 ? 0 : 1), 0);
}

function length(weights: Float64Array): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}
