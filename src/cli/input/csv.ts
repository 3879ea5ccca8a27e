import { Readable } from "node:stream";
import Papa from "papaparse";
import { InputError, quoted, UsageError } from "../errors.js";
import { arrays, type DataSet, type Expectation } from "./data-set.js";
import { Growing } from "./growing.js";
import { numberOf, TextLabels } from "./labels.js";
import { isTooLarge, tooLarge } from "./single.js";
import type { Source } from "./source.js";

export interface CsvOptions extends Expectation {
  /** Between the fields. Default: found out from the first rows. */
  readonly delimiter?: string;
  /** Whether the first row has names. Default: whether any of its features is no number. */
  readonly header?: boolean;
  /** The name of the column with the labels, or its place: 1 is the first, -1 the last. Default: `labelName`, else 1. */
  readonly labelColumn?: string;
}

/** Comma-separated values: numbers but for the labels, which may be any text. Blank lines are passed over. */
export async function readCsv(source: Source, options: CsvOptions): Promise<DataSet> {
  const table = new Table(source.name, options);
  const text = Readable.from(decoded(source), { objectMode: true });
  try {
    await new Promise<void>((resolve, reject) => {
      Papa.parse<string[]>(text as never, {
        delimiter: options.delimiter ?? "",
        chunk: ({ data, errors }) => table.add(data, errors),
        complete: () => resolve(),
        error: reject,
      });
    });
  } finally {
    text.destroy();
  }
  return table.finish();
}

async function* decoded({ name, chunks }: Source): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of chunks) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== "") yield text;
    }
    decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new InputError(name, "the text must be UTF-8") : error;
  }
}

class Table {
  readonly #name: string;
  readonly #options: CsvOptions;
  readonly #labels = new TextLabels();
  readonly #values: Growing<Float32Array> | Growing<Float64Array>;
  /** Where the next record begins. */
  #line = 1;
  #fields = 0;
  /** The place of the labels among the fields; -1 where there are none. */
  #labelField = -1;
  #names: readonly string[] | undefined;
  #rows = 0;

  constructor(name: string, options: CsvOptions) {
    this.#name = name;
    this.#options = options;
    this.#values = options.dtype === "float32" ? new Growing(arrays.float32) : new Growing(arrays.float64);
  }

  add(records: readonly string[][], errors: readonly Papa.ParseError[]): void {
    const broken = errors.find(({ type }) => type === "Quotes");
    for (const [k, record] of records.entries()) {
      if (broken?.row === k) throw this.#error(broken.message.toLowerCase());
      if (record.length > 1 || record[0]!.trim() !== "") this.#record(record);
      this.#line += 1 + linesWithin(record);
    }
  }

  finish(): DataSet {
    if (this.#rows === 0) throw new InputError(this.#name, "there are no rows");
    const names = this.#featureNames;
    return {
      name: this.#name,
      features: this.#values.finish(),
      rows: this.#rows,
      columns: this.#columns,
      ...(names && { names }),
      labels: this.#options.labelled ? this.#labels.finish() : undefined,
      ...(this.#labelField >= 0 && { labelColumn: this.#names?.[this.#labelField] ?? this.#labelField + 1 }),
      leftOut: 0,
    };
  }

  get #columns(): number {
    return this.#fields - (this.#labelField < 0 ? 0 : 1);
  }

  #record(record: readonly string[]): void {
    if (this.#fields === 0) {
      const first = this.#begin(record);
      if (!first) return;
    }
    if (record.length !== this.#fields) {
      throw this.#error(`expected ${this.#fields} fields as in the first row, got ${record.length}`);
    }
    for (let k = 0; k < record.length; k++) {
      const field = record[k]!;
      if (k === this.#labelField) {
        if (field.trim() === "") throw this.#error("the label is missing");
        this.#labels.push(field);
        continue;
      }
      const value = numberOf(field);
      if (Number.isNaN(value)) {
        const hint = DECIMAL_COMMA.test(field.trim()) ? "; decimals must have a point" : this.#whereLabelsAre();
        throw this.#error(`${this.#title(k)} must be a finite number, got ${quoted(field)}${hint}`);
      }
      if (isTooLarge(value, this.#options.dtype)) throw this.#error(tooLarge(value));
      this.#values.push(value);
    }
    this.#rows++;
  }

  /** Learns the shape from the first record; returns whether that is a row already. */
  #begin(record: readonly string[]): boolean {
    const { header, labelled, labelName } = this.#options;
    const names = record.map((field) => field.trim());
    const known = labelName !== undefined && names.includes(labelName) ? labelName : "1";
    const { labelColumn = known } = this.#options;
    this.#fields = record.length;
    const place = Number(labelColumn);
    const named = !Number.isInteger(place) || labelColumn.trim() === "";
    if (labelled) {
      this.#labelField = named ? names.indexOf(labelColumn) : place < 0 ? record.length + place : place - 1;
    }
    const isHeader = header ?? ((named && labelled) || names.some((name, k) => k !== this.#labelField && isName(name)));
    if (isHeader) this.#names = names;
    if (labelled && (this.#labelField < 0 || this.#labelField >= record.length || (named && !isHeader))) {
      const choice = isHeader ? `; there are ${names.join(", ")}` : `; there are ${record.length} and no names`;
      throw new UsageError(`--label-column: ${this.#name} has no column ${JSON.stringify(labelColumn)}${choice}`);
    }
    if (this.#columns === 0) {
      const other = /[\s,;|]/.test(names[0] ?? "") ? "; what is between fields can be said by --delimiter" : "";
      throw this.#error(`there is no column but that of the labels${other}`);
    }
    this.#checkColumns();
    return !isHeader;
  }

  /** The columns must be those that are known, else every weight would meet another's numbers. */
  #checkColumns(): void {
    const { labelled, labelsOptional, columns, names } = this.#options;
    if (columns !== undefined && this.#columns !== columns) {
      const beside = labelled ? " beside the label" : "";
      const hint = labelled && labelsOptional && this.#fields === columns ? "; without labels, say --no-labels" : "";
      throw this.#error(`there must be ${columns} columns${beside}, got ${this.#columns}${hint}`);
    }
    const found = this.#featureNames;
    const k = names === undefined || found === undefined ? -1 : found.findIndex((name, j) => name !== names[j]);
    if (k < 0) return;
    const [wanted, got] = [JSON.stringify(names![k]), JSON.stringify(found![k])];
    throw this.#error(`column ${k + 1} must be ${wanted}, as in training, got ${got}${this.#whereLabelsAre()}`);
  }

  get #featureNames(): readonly string[] | undefined {
    return this.#names?.filter((_, field) => field !== this.#labelField);
  }

  /** What was no number may have been meant for the label. */
  #whereLabelsAre(): string {
    if (this.#labelField < 0) return "";
    return `; the labels are those of ${this.#title(this.#labelField)}, unless --label-column says another`;
  }

  #title(field: number): string {
    const name = this.#names?.[field];
    return name === undefined ? `field ${field + 1}` : `"${name}"`;
  }

  #error(problem: string): InputError {
    return new InputError(this.#name, problem, this.#line);
  }
}

const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;

/** How files say that a number is missing. */
const MISSING = ["", "?", "-", "na", "n/a", "nan", "null", "none"];

/** Whether a field of the first row tells that it has names: what is missing, or has a decimal comma, does not. */
function isName(field: string): boolean {
  return Number.isNaN(numberOf(field)) && !MISSING.includes(field.toLowerCase()) && !DECIMAL_COMMA.test(field);
}

/** The line ends inside quoted fields. */
function linesWithin(record: readonly string[]): number {
  let count = 0;
  for (const field of record) {
    for (let k = field.indexOf("\n"); k >= 0; k = field.indexOf("\n", k + 1)) count++;
  }
  return count;
}
