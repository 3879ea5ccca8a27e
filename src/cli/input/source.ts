import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { InputError } from "../errors.js";

/** Bytes with a name for the errors. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const CHUNK = 2 ** 20;

/** Told after every chunk how many bytes have been read, of how many if that is known. */
export type Reading = (done: number, size: number | undefined) => void;

/** A file, or standard input for "-"; what gzip has compressed is unpacked on the way. */
export async function open(path: string, reading: Reading = () => {}): Promise<Source> {
  if (path === "-") {
    const name = "standard input";
    return { name, chunks: unpacked(name, watched(process.stdin, undefined, reading)) };
  }
  try {
    const { size } = await stat(path);
    const stream = createReadStream(path, { highWaterMark: CHUNK });
    return { name: path, chunks: unpacked(path, named(path, watched(stream, size, reading))) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Why a file could not be read. */
export function unreadable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EACCES: "may not be read",
    EISDIR: "is a directory",
  };
  return new InputError(path, reasons[code ?? ""] ?? message);
}

async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  size: number | undefined,
  reading: Reading,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of chunks) {
    yield chunk;
    done += chunk.length;
    reading(done, size);
  }
}

async function* named(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw unreadable(path, error);
  }
}

const GZIP = [0x1f, 0x8b];

/** How data begins that is no text. Taken for text it would be refused with a row of strange characters. */
const FOREIGN = [
  { begin: [0x50, 0x4b, 3, 4], what: "is a zip archive, as .npz and .xlsx files are: unzip it first" },
  { begin: [0x42, 0x5a, 0x68], what: "is compressed by bzip2: unpack it first, as in `bzcat FILE | schuss train -`" },
  { begin: [0xfd, 0x37, 0x7a], what: "is compressed by xz: unpack it first, as in `xzcat FILE | schuss train -`" },
  { begin: [0x28, 0xb5, 0x2f, 0xfd], what: "is compressed by zstd: unpack it first" },
  { begin: [0x93, 0x4e, 0x55, 0x4d], what: "is an array of NumPy: say --format npy" },
] as const;

/** Refuses what is no text, by its first bytes. */
export function checkBeginning(name: string, bytes: Uint8Array): void {
  const found = FOREIGN.find(({ begin }) => begins(bytes, begin));
  if (found !== undefined) throw new InputError(name, found.what);
}

/** Whether this is what gzip has compressed. */
export function isGzip(bytes: Uint8Array): boolean {
  return begins(bytes, GZIP);
}

function begins(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, k) => bytes[k] === byte);
}

async function* unpacked(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const all = chunks[Symbol.asyncIterator]();
  const { value: first, done } = await all.next();
  if (done) return;
  const whole = prefixed(first, all);
  if (isGzip(first)) yield* checked(name, gunzipped(name, whole));
  else yield* checked(name, whole);
}

async function* prefixed(first: Uint8Array, others: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => others };
}

async function* checked(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of chunks) {
    if (first) checkBeginning(name, chunk);
    first = false;
    yield chunk;
  }
}

async function* gunzipped(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // What fails here fails in the loop as well.
  pipeline(Readable.from(chunks), gunzip).catch(() => {});
  try {
    yield* gunzip;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith("Z_") ? new InputError(name, `can't be unpacked: ${message}`) : error;
  }
}
