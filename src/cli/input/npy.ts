import { type FileHandle, open } from "node:fs/promises";
import { type NpyArray, parse } from "npyjs";
import type { FloatArray } from "../../memory/dtype.js";
import { InputError, UsageError } from "../errors.js";
import { arrays, type DataSet, type Expectation, type Labels } from "./data-set.js";
import { checkCount, TextLabels } from "./labels.js";
import { isTooLarge, tooLarge } from "./single.js";
import { checkBeginning, isGzip, type Reading, unreadable } from "./source.js";

export interface NpyOptions extends Expectation {
  /** The file with the labels, one number or text a row. */
  readonly labels: string | undefined;
}

/** Bytes read at a time. */
const SLICE = 2 ** 24;

/** A matrix in NumPy's format, its labels in another file of the kind. */
export async function readNpy(path: string, options: NpyOptions, reading: Reading): Promise<DataSet> {
  const { labelled, labelsFlag, labelsOptional, labels: labelPath, columns: known, dtype } = options;
  if (labelled && labelPath === undefined) {
    const none = labelsOptional ? ", or --no-labels" : "";
    throw new UsageError(`${path} has features only: give the labels with ${labelsFlag} FILE.npy${none}`);
  }
  const { data, shape } = await inFile(path, (file, header) => readNumbers(path, file, header, reading));
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || rows === 0 || columns === 0) {
    throw new InputError(path, `the array must have rows and columns, got the shape (${shape.join(", ")})`);
  }
  if (known !== undefined && columns !== known) {
    throw new InputError(path, `there must be ${known} columns, got ${columns}`);
  }
  const features = data instanceof arrays[dtype] ? data : arrays[dtype].from(data);
  const bad = features.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const value = data[bad]!;
    const place = `the value in row ${Math.floor(bad / columns)}, column ${bad % columns}`;
    throw new InputError(path, isTooLarge(value, dtype) ? `${place}, ${tooLarge(value)}` : `${place} is ${value}`);
  }
  const labels = labelled ? await readLabels(labelPath!, rows) : undefined;
  return { name: path, features, rows, columns, labels, leftOut: 0 };
}

async function readLabels(path: string, rows: number): Promise<Labels> {
  return inFile(path, async (file, header) => {
    checkLabelShape(path, header, rows);
    return header.dtype.startsWith("U")
      ? readTexts(path, file, header)
      : numericLabels(path, (await readNumbers(path, file, header, () => {})).data);
  });
}

function checkLabelShape(path: string, { shape }: Header, rows: number): void {
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
    throw new InputError(path, `labels must be one number a row, got the shape (${shape.join(", ")})`);
  }
  checkCount(path, shape[0]!, rows);
}

function numericLabels(path: string, data: FloatArray): Float64Array {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InputError(path, `the label of row ${bad} is ${data[bad]}`);
  return Float64Array.from(data);
}

/** Text of at most so many characters, four bytes each and the rest 0; "1" is a number, as in other formats. */
async function readTexts(path: string, file: FileHandle, header: Header): Promise<Labels> {
  const bytes = await read(file, header.begin, checkedSize(path, header, 4));
  const { dtype, shape } = header;
  const length = Number(dtype.slice(1));
  const codes = new Uint32Array(bytes.buffer);
  const labels = new TextLabels();
  for (let i = 0; i < shape[0]!; i++) {
    const text = String.fromCodePoint(...codes.subarray(i * length, (i + 1) * length).filter((code) => code !== 0));
    if (text.trim() === "") throw new InputError(path, `the label of row ${i} is missing`);
    labels.push(text);
  }
  return labels.finish();
}

interface Numbers {
  readonly data: FloatArray;
  readonly shape: readonly number[];
}

/** Opens a file, learns its header, and reads what there is. */
async function inFile<T>(path: string, take: (file: FileHandle, header: Header) => Promise<T>): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const { size } = await file.stat();
    return await take(file, await readHeader(path, file, size));
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/** The array in row-major order, as float32 if it is that and as float64 otherwise. */
async function readNumbers(path: string, file: FileHandle, header: Header, reading: Reading): Promise<Numbers> {
  const { begin, shape, dtype, fortranOrder } = header;
  if (!(dtype in floats) && !(dtype in integers)) {
    throw new InputError(path, `the array must be of float32, float64, integers or booleans, got ${dtype}`);
  }
  const bytes = checkedSize(path, header, 1);
  const data = await body(path, file, begin, bytes, dtype, reading);
  return { data: fortranOrder ? transposed(data, shape) : data, shape };
}

/** How many bytes the data has, which the file must have after its header; `unit` is what the number in the dtype counts. */
function checkedSize(path: string, { dtype, shape, found }: Header, unit: number): number {
  const count = shape.reduce((product, length) => product * length, 1);
  const bytes = count * unit * Number(dtype.slice(1));
  if (found === bytes) return bytes;
  throw new InputError(
    path,
    `the data of ${dtype} of shape (${shape.join(", ")}) must be ${bytes} bytes, got ${found}`,
  );
}

interface Header extends Pick<NpyArray, "shape" | "fortranOrder"> {
  readonly begin: number;
  /** How many bytes there are after the header. */
  readonly found: number;
  /** As NumPy has it, without the byte order. */
  readonly dtype: string;
}

/** Magic, version, the length of the header in 2 bytes or 4, the header. The parser gets no more than that. */
async function readHeader(path: string, file: FileHandle, size: number): Promise<Header> {
  const start = await read(file, 0, Math.min(12, size));
  const long = start[6]! > 1;
  const view = new DataView(start.buffer);
  if (isGzip(start)) throw new InputError(path, "is compressed by gzip: arrays of NumPy must be unpacked first");
  const isArray = size >= 12 && String.fromCharCode(...start.subarray(1, 6)) === "NUMPY";
  if (!isArray) {
    checkBeginning(path, start);
    throw new InputError(path, "this is no .npy file");
  }
  const begin = long ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  if (begin > size) throw new InputError(path, "the file ends within its header");
  const { buffer } = await read(file, 0, begin);
  let parsed: NpyArray;
  try {
    parsed = parse(buffer as ArrayBuffer);
  } catch (error) {
    const advice = "save it as numbers in the machine's byte order, or labels as text by astype(str)";
    throw new InputError(path, `${(error as Error).message}; ${advice}`);
  }
  return { begin, found: size - begin, shape: parsed.shape, dtype: parsed.dtype, fortranOrder: parsed.fortranOrder };
}

const floats = { f4: Float32Array, f8: Float64Array } as const;

type Convert = (bytes: ArrayBuffer) => ArrayLike<number>;

const integers: Readonly<Record<string, Convert>> = {
  b1: (bytes) => new Uint8Array(bytes),
  u1: (bytes) => new Uint8Array(bytes),
  i1: (bytes) => new Int8Array(bytes),
  u2: (bytes) => new Uint16Array(bytes),
  i2: (bytes) => new Int16Array(bytes),
  u4: (bytes) => new Uint32Array(bytes),
  i4: (bytes) => new Int32Array(bytes),
  u8: (bytes) => Float64Array.from(new BigUint64Array(bytes), Number),
  i8: (bytes) => Float64Array.from(new BigInt64Array(bytes), Number),
};

async function body(
  path: string,
  file: FileHandle,
  begin: number,
  bytes: number,
  dtype: string,
  reading: Reading,
): Promise<FloatArray> {
  if (dtype === "f4" || dtype === "f8") {
    const data = new floats[dtype](bytes / floats[dtype].BYTES_PER_ELEMENT);
    for (let done = 0; done < bytes; ) {
      const target = new Uint8Array(data.buffer, done, Math.min(SLICE, bytes - done));
      const { bytesRead } = await file.read(target, 0, target.length, begin + done);
      if (bytesRead === 0) throw new InputError(path, "the file became shorter while it was read");
      done += bytesRead;
      reading(done, bytes);
    }
    return data;
  }
  const convert = integers[dtype]!;
  const size = Number(dtype.slice(1));
  const data = new Float64Array(bytes / size);
  for (let done = 0; done < bytes; done += SLICE) {
    const slice = await read(file, begin + done, Math.min(SLICE, bytes - done));
    data.set(convert(slice.buffer as ArrayBuffer), done / size);
    reading(done + slice.length, bytes);
  }
  return data;
}

async function read(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error("the file became shorter while it was read");
    done += bytesRead;
  }
  return bytes;
}

/** Column-major data in row-major order. */
function transposed(data: FloatArray, shape: readonly number[]): FloatArray {
  const [rows = 1, columns = 1] = shape;
  const turned = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[i * columns + j] = data[j * rows + i]!;
  }
  return turned;
}
