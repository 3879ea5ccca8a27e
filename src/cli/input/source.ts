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

/** A file, or standard input for "-". */
export async function open(path: string, reading: Reading = () => {}): Promise<Source> {
  if (path === "-") {
    return { name: "standard input", size: undefined, chunks: watched(process.stdin, undefined, reading) };
  }
  try {
    const { size } = await stat(path);
    const stream = createReadStream(path, { highWaterMark: CHUNK });
    return { name: path, size, chunks: named(path, watched(stream, size, reading)) };
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
