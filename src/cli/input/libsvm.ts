import { CsrMatrix } from "../../finite-sum/csr-matrix.js";
import { InputError, quoted } from "../errors.js";
import { arrays, type DataSet, type Expectation } from "./data-set.js";
import { decimal, integer, text } from "./decimal.js";
import { Growing } from "./growing.js";
import { forEachLine } from "./lines.js";
import { isTooLarge, tooLarge } from "./single.js";
import type { Source } from "./source.js";

const SPACE = 32;
const TAB = 9;
const RETURN = 13;
const COLON = 58;
const HASH = 35;
/** What some editors begin UTF-8 with. */
const MARK = [0xef, 0xbb, 0xbf] as const;

export interface LibsvmOptions extends Expectation {
  /** Whether indices count from 0. Default: from 1, as LIBSVM's do. */
  readonly zeroBased: boolean;
}

/**
 * The format of LIBSVM, LIBLINEAR and SVMlight: a row a line, `label index:value index:value ...`, the indices
 * ascending, what is left out being 0. From a `#` on the line is a comment.
 */
export async function readLibsvm(source: Source, options: LibsvmOptions): Promise<DataSet> {
  const rows = new Rows(source.name, options);
  await forEachLine(source, (bytes, start, end, line) => rows.add(bytes, start, end, line));
  return rows.finish();
}

class Rows {
  readonly #name: string;
  readonly #labelled: boolean;
  readonly #labelsOptional: boolean;
  readonly #dtype: Expectation["dtype"];
  readonly #first: number;
  readonly #known: number | undefined;
  readonly #labels = new Growing(Float64Array);
  readonly #values: Growing<Float32Array> | Growing<Float64Array>;
  readonly #indices = new Growing(Int32Array);
  readonly #offsets = new Growing(Int32Array);
  #columns = 0;
  #leftOut = 0;

  constructor(name: string, { dtype, labelled, labelsOptional, columns, zeroBased }: LibsvmOptions) {
    this.#name = name;
    this.#labelled = labelled;
    this.#labelsOptional = labelsOptional;
    this.#dtype = dtype;
    this.#first = zeroBased ? 0 : 1;
    this.#known = columns;
    this.#values = dtype === "float32" ? new Growing(arrays.float32) : new Growing(arrays.float64);
    this.#offsets.push(0);
  }

  add(bytes: Uint8Array, start: number, end: number, line: number): void {
    let k = skipSpace(bytes, line === 1 ? afterMark(bytes, start) : start, end);
    if (k === end || bytes[k] === HASH) return;
    if (this.#labelled) {
      const stop = tokenEnd(bytes, k, end);
      const label = decimal(bytes, k, stop);
      if (Number.isNaN(label)) throw this.#noLabel(text(bytes, k, stop), line);
      this.#labels.push(label);
      k = skipSpace(bytes, stop, end);
    }
    for (let before = -1; k < end && bytes[k] !== HASH; ) {
      const stop = tokenEnd(bytes, k, end);
      before = this.#entry(bytes, k, stop, line, before);
      k = skipSpace(bytes, stop, end);
    }
    this.#offsets.push(this.#values.length);
  }

  finish(): DataSet {
    const rows = this.#offsets.length - 1;
    if (rows === 0) throw new InputError(this.#name, "there are no rows");
    const columns = this.#known ?? this.#columns;
    if (columns === 0) throw new InputError(this.#name, "no row has any entry");
    const features = new CsrMatrix({
      values: this.#values.finish(),
      indices: this.#indices.finish(),
      offsets: this.#offsets.finish(),
      columns,
    });
    const labels = this.#labelled ? this.#labels.finish() : undefined;
    return { name: this.#name, features, rows, columns, labels, leftOut: this.#leftOut };
  }

  /** Takes `index:value`; the index must be above the one `before`, and is returned. */
  #entry(bytes: Uint8Array, start: number, end: number, line: number, before: number): number {
    let split = start;
    while (split < end && bytes[split] !== COLON) split++;
    if (split === end) throw this.#error(line, `expected index:value, got ${quoted(text(bytes, start, end))}`);
    const index = integer(bytes, start, split);
    if (Number.isNaN(index)) {
      throw this.#error(line, `the index must be an integer, got ${quoted(text(bytes, start, split))}`);
    }
    const column = index - this.#first;
    if (column < 0 || column >= 2 ** 31 - 1) {
      const hint = index === 0 ? "; with --zero-based it may be 0" : "";
      throw this.#error(
        line,
        `the index must be in [${this.#first}, ${2 ** 31 - 2 + this.#first}], got ${index}${hint}`,
      );
    }
    if (column <= before) {
      throw this.#error(line, `indices must ascend, got ${index} after ${before + this.#first}`);
    }
    const value = decimal(bytes, split + 1, end);
    if (!Number.isFinite(value)) {
      throw this.#error(
        line,
        `the value of index ${index} must be a finite number, got ${quoted(text(bytes, split + 1, end))}`,
      );
    }
    if (isTooLarge(value, this.#dtype)) throw this.#error(line, tooLarge(value));
    if (this.#known !== undefined && column >= this.#known) this.#leftOut++;
    else {
      this.#values.push(value);
      this.#indices.push(column);
      this.#columns = Math.max(this.#columns, column + 1);
    }
    return column;
  }

  /** What is no label may be an entry, or a line of CSV. */
  #noLabel(label: string, line: number): InputError {
    const bare = this.#labelsOptional && label.includes(":");
    const hint = bare ? "; without labels, say --no-labels" : /[,;|]/.test(label) ? "; of CSV, say --format csv" : "";
    return this.#error(line, `the label must be a number, got ${quoted(label)}${hint}`);
  }

  #error(line: number, problem: string): InputError {
    return new InputError(this.#name, problem, line);
  }
}

function afterMark(bytes: Uint8Array, start: number): number {
  return MARK.every((byte, k) => bytes[start + k] === byte) ? start + MARK.length : start;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let k = start;
  while (k < end && isSpace(bytes[k]!)) k++;
  return k;
}

function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let k = start;
  while (k < end && !isSpace(bytes[k]!)) k++;
  return k;
}
