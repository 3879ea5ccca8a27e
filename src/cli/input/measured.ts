import { type Classes, classesOf } from "../../estimators/classes.js";
import { InputError } from "../errors.js";
import type { DataFlags } from "../flags.js";
import { showReading } from "../output/progress.js";
import { note } from "../output/text.js";
import type { DataSet, Labels } from "./data-set.js";
import { type ReadOptions, readData } from "./read.js";

/** Data and how long it took to read it. */
export interface MeasuredData extends DataSet {
  readonly seconds: number;
}

/** Reads data and shows how far it is. */
export async function readMeasured(path: string, options: ReadOptions): Promise<MeasuredData> {
  const since = performance.now();
  const { reading, stop } = showReading(path);
  try {
    const data = await readData(path, options, reading);
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
  { columns }: DataSet,
): Promise<MeasuredData | undefined> {
  if (test === undefined) return undefined;
  return readMeasured(test, { ...options, columns, ...(testLabels !== undefined && { labels: testLabels }) });
}

/** The labels of data that has been read with them. */
export function labelsOf({ labels }: DataSet): Labels {
  if (labels === undefined) throw new Error("the data has been read without its labels");
  return labels;
}

/** The classes among the labels, of which there must be two. */
export function classesIn(data: DataSet): Classes {
  try {
    return classesOf(data.name, labelsOf(data));
  } catch (error) {
    throw new InputError(data.name, (error as Error).message.slice(data.name.length + 2));
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
