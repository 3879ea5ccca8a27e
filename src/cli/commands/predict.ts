import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Papa from "papaparse";
import type { Features } from "../../estimators/features.js";
import { type Estimator, fromJSON } from "../../estimators/from-json.js";
import { Regressor } from "../../estimators/regressor.js";
import { type ExitCode, exitCodes, InputError, inFlags } from "../errors.js";
import { defined } from "../flags.js";
import { type MeasuredData, numbersOf, readMeasured } from "../input/measured.js";
import type { ReadOptions } from "../input/read.js";
import { unreadable } from "../input/source.js";
import { labelsAmong, noneAmong } from "../input/task.js";
import { measureOf, scoreOf } from "../model.js";
import { checkWritable, unwritten } from "../output/files.js";
import type { Names } from "../output/saved.js";
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
  await checkWritable("--out", flags.out, [modelPath, path, flags.labels]);
  const { model, columns: names, label: labelName } = await readModel(modelPath);
  const known = { labelsOptional: true, columns: columnsOf(model), ...defined({ names, labelName }) };
  const data = matched(model, await readMeasured(path, flags, signal, known));
  const { predicted, lines } = answer(modelPath, model, data, flags.probabilities ?? false);
  await writeLines(lines, flags.out);
  if (data.labels !== undefined) {
    note(`${measureOf(model)} ${short(scoreOf(model, data, predicted))} on ${data.name}`);
  }
  return exitCodes.done;
}

interface NamedModel extends Names {
  readonly model: Estimator;
}

async function readModel(path: string): Promise<NamedModel> {
  try {
    const json = JSON.parse(await readFile(path, "utf8"));
    return { model: fromJSON(json), ...defined({ columns: json.columns, label: json.label }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw unreadable(path, error);
    const { message } = error as Error;
    throw new InputError(path, error instanceof SyntaxError ? `this is no model: ${message}` : inFlags(message));
  }
}

function columnsOf(model: Estimator): number {
  return model instanceof Regressor ? model.weights.length : model.weights[0]!.length;
}

/** The data, its labels such as the model predicts; without any where they only fill their place, as LIBSVM's format needs. */
function matched(model: Estimator, data: MeasuredData): MeasuredData {
  if (data.labels === undefined) return data;
  if (model instanceof Regressor) return { ...data, labels: numbersOf(data) };
  const labels = labelsAmong(model.classes, data);
  if (labels === undefined) note(`${data.name}: ${noneAmong(model.classes, data)}`);
  return { ...data, labels };
}

interface Answer {
  readonly predicted: ReturnType<Estimator["predict"]>;
  /** A line a row, the first a header where there are several columns. */
  readonly lines: Iterable<string>;
}

function answer(modelPath: string, model: Estimator, { features }: MeasuredData, probabilities: boolean): Answer {
  const predicted = model.predict(features);
  if (!probabilities) return { predicted, lines: map(predicted, (label) => String(label)) };
  if (!("predictProbability" in model)) throw new InputError(modelPath, "this model has no probabilities");
  const all = probabilitiesOf(modelPath, model, features);
  const { length } = model.classes;
  const fields = new Map(model.classes.map((label) => [label, Papa.unparse([[label]])]));
  const row = (label: number | string, i: number) =>
    `${fields.get(label)},${all.subarray(i * length, (i + 1) * length).join(",")}`;
  return { predicted, lines: prefixed(`label,${[...fields.values()].join(",")}`, map(predicted, row)) };
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
    throw new InputError(modelPath, inFlags((error as Error).message));
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

function* blocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < BLOCK) continue;
    yield `${block.join("\n")}\n`;
    block = [];
  }
  if (block.length > 0) yield `${block.join("\n")}\n`;
}

async function writeLines(lines: Iterable<string>, path: string | undefined): Promise<void> {
  const text = Readable.from(blocks(lines));
  if (path === undefined) return pipeline(text, process.stdout, { end: false });
  try {
    await pipeline(text, createWriteStream(path));
  } catch (error) {
    throw unwritten(path, error);
  }
}
