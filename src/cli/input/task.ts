import type { Classes, Label } from "../../estimators/classes.js";
import { InputError } from "../errors.js";
import type { DataFlags } from "../flags.js";
import { isForClasses, type LossFlags } from "../losses.js";
import { note } from "../output/text.js";
import type { DataSet, Labels } from "./data-set.js";
import { classesIn, labelsOf, type MeasuredData, numbersOf, readMeasured, readTest } from "./measured.js";

/** What is to be learnt: all data, with labels such as the loss takes. */
export interface Task {
  readonly data: MeasuredData;
  readonly test?: MeasuredData;
  /** Of losses for classes. */
  readonly classes?: Classes;
}

/** Reads the data to learn from, and that to test on, and refuses labels that can't be learnt before any work is done. */
export async function readTask(path: string, flags: DataFlags & LossFlags, signal: AbortSignal): Promise<Task> {
  const data = await readMeasured(path, flags, signal);
  const test = await readTest(flags, data, signal);
  if (isForClasses(flags.loss)) {
    const classes = classesIn(data);
    if (test === undefined) return { data, classes };
    const labels = labelsAmong(classes.labels, test);
    if (labels === undefined) throw new InputError(test.name, noneAmong(classes.labels, test));
    return { data, classes, test: { ...test, labels } };
  }
  const labels = numbersOf(data);
  if (flags.loss === "poisson") checkCounts(data.name, labels);
  return { data, ...(test && { test: { ...test, labels: numbersOf(test) } }) };
}

/**
 * The labels of further data as a model's classes have them: a text of digits is a number where the classes are numbers. Where none
 * is among the classes there is nothing to score, and they are undefined.
 */
export function labelsAmong(classes: readonly Label[], data: DataSet): Labels | undefined {
  const byText = new Map(classes.map((label) => [String(label), label]));
  const labels = Array.from<Label>(labelsOf(data));
  const unknown = labels.reduce<number>((count, label) => count + (byText.has(String(label)) ? 0 : 1), 0);
  if (unknown === labels.length) return undefined;
  if (unknown > 0) {
    const what = unknown === 1 ? "1 label is" : `${unknown} labels are`;
    note(`${data.name}: ${what} not among the classes ${listOf(classes)}, and can't be predicted`);
  }
  return labels.map((label) => byText.get(String(label)) ?? label) as Labels;
}

/** Says that there is nothing to score. */
export function noneAmong(classes: readonly Label[], data: DataSet): string {
  return `no label is among the classes ${listOf(classes)}; the first is ${JSON.stringify(labelsOf(data)[0])}`;
}

/** So many classes are named in a message. */
const MOST = 10;

function listOf(classes: readonly Label[]): string {
  return classes.length > MOST ? `${classes.slice(0, MOST).join(", ")}, ...` : classes.join(", ");
}

function checkCounts(name: string, labels: Float64Array): void {
  const row = labels.findIndex((label) => label < 0);
  if (row >= 0)
    throw new InputError(name, `labels must be >= 0 for the loss poisson, got ${labels[row]} in row ${row}`);
}
