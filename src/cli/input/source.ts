import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { InputError } from "../errors.js";

/** Bytes with a name for the errors. */
export interface Source {
  readonly name: string;
  /** How many bytes there are, where that is known. */
  readonly size: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const CHUNK = 2 ** 20;

/** Told after every chunk how many bytes have been read, of how many if that is known. */
export type Reading = (done: number, size: number | undefined) => void;

/** How compressed data begins. Taken for text it would be refused with a row of strange characters. */
const COMPRESSED = [
  { begin: [0x1f, 0x8b], what: "is compressed by gzip: unpack it first, as in `zcat FILE | schuss train -`" },
  { begin: [0x50, 0x4b, 3, 4], what: "is a zip archive, as .npz files are: unpack it first" },
] as const;

/** A file, or standard input for "-". */
export async function open(path: string, reading: Reading = () => {}): Promise<Source> {
  if (path === "-") {
    const name = "standard input";
    return { name, size: undefined, chunks: uncompressed(name, watched(process.stdin, undefined, reading)) };
  }
  try {
    const { size } = await stat(path);
    const stream = createReadStream(path, { highWaterMark: CHUNK });
    return { name: path, size, chunks: uncompressed(path, named(path, watched(stream, size, reading))) };
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

async function* uncompressed(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of chunks) {
    const found = first && COMPRESSED.find(({ begin }) => begin.every((byte, k) => chunk[k] === byte));
    if (found) throw new InputError(name, found.what);
    first = false;
    yield chunk;
  }
}
