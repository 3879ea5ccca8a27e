import type { Source } from "./source.js";

const NEWLINE = 10;

/** Takes bytes[start], ..., bytes[end - 1], the line's number counted from 1. */
export type TakeLine = (bytes: Uint8Array, start: number, end: number, number: number) => void;

/** Goes through the lines of a source in the chunks they come in; only a line across chunks is copied. */
export async function forEachLine({ chunks }: Source, take: TakeLine): Promise<void> {
  let number = 1;
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (rest.length === 0) take(chunk, start, end, number);
      else {
        const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
        rest = [];
        take(line, 0, line.length, number);
      }
      number++;
      start = end + 1;
    }
    // A stream may use the memory of its chunk again.
    if (start < chunk.length) rest.push(chunk.slice(start));
  }
  if (rest.length > 0) {
    const line = Buffer.concat(rest);
    take(line, 0, line.length, number);
  }
}
