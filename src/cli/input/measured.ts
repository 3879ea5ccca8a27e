import { type Classes, classesOf } from "../../estimators/classes.js";
import { InputError } from "../errors.js";
import { type DataFlags, defined } from "../flags.js";
import { showReading } from "../output/progress.js";
import { note } from "../output/text.js";
import type { DataSet, Labels } from "./data-set.js";
import { type Known, type ReadOptions, readData } from "./read.js";
import type { Reading } from "./source.js";

/** Data and how long it took to read it. */
export interface MeasuredData extends DataSet {
  readonly seconds: number;
}

/** Reads data, shows how far it is, and lets it be interrupted. */
export async function readMeasured(
  path: string,
  options: ReadOptions,
  signal: AbortSignal,
  known: Known = {},
): Promise<MeasuredData> {
  const since = performance.now();
  const { show, stop } = showReading(path);
  const reading: Reading = (done, size) => {
    signal.throwIfAborted();
    show(done, size);
  };
  try {
    const data = await interruptible(readData(path, options, known, reading), signal);
    if (data.leftOut > 0) {
      note(`${data.name}: ${data.leftOut} numbers left out, in columns above the ${data.columns} known ones`);
    }
    return { ...data, seconds: (performance.now() - since) / 1000 };
  } finally {
    stop();
  }
}

/** The data to test on, if there is any; it must have the columns of the other. */
export async function readTest(
  { test, testLabels, labels: _, ...options }: DataFlags,
  { columns, names, labelColumn }: DataSet,
  signal: AbortSignal,
): Promise<MeasuredData | undefined> {
  if (test === undefined) return undefined;
  const labelName = typeof labelColumn === "string" ? labelColumn : undefined;
  const known = { labelsFlag: "--test-labels", columns, ...defined({ names, labelName }) } as const;
  return readMeasured(test, { ...options, ...defined({ labels: testLabels }) }, signal, known);
}

/** Ends once the signal is aborted, though standard input may not have more to say for long. */
function interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** The labels of data that has been read with them. */
export function labelsOf({ labels }: DataSet): Labels {
  if (labels === undefined) throw new Error("the data has been read without its labels");
  return labels;
}

/** The classes among the labels. */
export function classesIn(data: DataSet): Classes {
  const labels = labelsOf(data);
  try {
    return classesOf(data.name, labels);
  } catch (error) {
    const text = (error as Error).message.slice(data.name.length + 2);
    const fractions = labels instanceof Float64Array && !labels.every(Number.isInteger);
    throw new InputError(data.name, fractions ? `${text}; for numbers there is --loss squared` : text);
  }
}

/** Labels that must be numbers. */
export function numbersOf(data: DataSet): Float64Array {
  const labels = labelsOf(data);
  if (labels instanceof Float64Array) return labels;
  const row = labels.findIndex((label) => Number.isNaN(Number(label)));
  throw new InputError(
    data.name,
    `labels must be numbers for this loss, row ${row} has ${JSON.stringify(labels[row])}`,
  );
}
