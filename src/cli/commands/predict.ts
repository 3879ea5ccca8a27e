import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Features } from "../../estimators/features.js";
import { type Estimator, fromJSON } from "../../estimators/from-json.js";
import { accuracy, determination } from "../../estimators/metrics.js";
import { Regressor } from "../../estimators/regressor.js";
import { type ExitCode, exitCodes, InputError } from "../errors.js";
import { defined } from "../flags.js";
import { labelsOf, type MeasuredData, numbersOf, readMeasured } from "../input/measured.js";
import type { ReadOptions } from "../input/read.js";
import { unreadable } from "../input/source.js";
import { checkWritable } from "../output/files.js";
import { note, short } from "../output/text.js";

export interface PredictFlags extends ReadOptions {
  readonly probabilities?: boolean;
  readonly out?: string;
}

/** `schuss predict`: a line a row on standard output or in a file; what the labels say of them on standard error. */
export async function predict(
  modelPath: string,
  path: string,
  flags: PredictFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (flags.out !== undefined) await checkWritable(flags.out);
  const { model, names } = await readModel(modelPath);
  const known = { labelsOptional: true, columns: columnsOf(model), ...defined({ names }) };
  const data = await readMeasured(path, flags, signal, known);
  const { predicted, lines } = answer(modelPath, model, data, flags.probabilities ?? false);
  await writeLines(lines, flags.out);
  if (data.labels !== undefined) note(verdict(model, data, predicted));
  return exitCodes.done;
}

interface SavedModel {
  readonly model: Estimator;
  /** Of the columns, where `schuss train` found any. */
  readonly names?: readonly string[];
}

async function readModel(path: string): Promise<SavedModel> {
  try {
    const json = JSON.parse(await readFile(path, "utf8"));
    return { model: fromJSON(json), ...defined({ names: json.columns }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw unreadable(path, error);
    const { message } = error as Error;
    throw new InputError(path, error instanceof SyntaxError ? `this is no model: ${message}` : message);
  }
}

function columnsOf(model: Estimator): number {
  return model instanceof Regressor ? model.weights.length : model.weights[0]!.length;
}

interface Answer {
  readonly predicted: ArrayLike<number | string>;
  /** A line a row, the first a header where there are several columns. */
  readonly lines: Iterable<string>;
}

function answer(modelPath: string, model: Estimator, { features }: MeasuredData, probabilities: boolean): Answer {
  const predicted = model.predict(features);
  if (!probabilities) return { predicted, lines: map(predicted, (label) => String(label)) };
  if (!("predictProbability" in model)) throw new InputError(modelPath, "this model has no probabilities");
  const all = probabilitiesOf(modelPath, model, features);
  const { length } = model.classes;
  const row = (label: number | string, i: number) => `${label},${all.subarray(i * length, (i + 1) * length).join(",")}`;
  return { predicted, lines: prefixed(`label,${model.classes.join(",")}`, map(predicted, row)) };
}

/** The loss decides whether there are any. */
function probabilitiesOf(
  modelPath: string,
  model: { predictProbability(features: Features): Float64Array },
  features: Features,
): Float64Array {
  try {
    return model.predictProbability(features);
  } catch (error) {
    throw new InputError(modelPath, (error as Error).message);
  }
}

function* map<T>(items: ArrayLike<T>, line: (item: T, index: number) => string): Generator<string> {
  for (let i = 0; i < items.length; i++) yield line(items[i]!, i);
}

function* prefixed(first: string, others: Iterable<string>): Generator<string> {
  yield first;
  yield* others;
}

/** How many lines go out at a time. */
const BLOCK = 4096;

async function writeLines(lines: Iterable<string>, path: string | undefined): Promise<void> {
  const target = path === undefined ? process.stdout : createWriteStream(path);
  let block: string[] = [];
  const flush = async () => {
    if (block.length > 0 && !target.write(`${block.join("\n")}\n`)) await once(target, "drain");
    block = [];
  };
  for (const line of lines) {
    block.push(line);
    if (block.length === BLOCK) await flush();
  }
  await flush();
  if (path !== undefined) {
    target.end();
    await once(target, "finish");
  }
}

function verdict(model: Estimator, data: MeasuredData, predicted: ArrayLike<number | string>): string {
  if (model instanceof Regressor) {
    return `R^2 ${short(determination(numbersOf(data), predicted as ArrayLike<number>))} on ${data.name}`;
  }
  return `accuracy ${short(accuracy(labelsOf(data), predicted))} on ${data.name}`;
}
