import { constants, type Stats } from "node:fs";
import { access, realpath, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../errors.js";

/**
 * Refuses a path that could not be written to, or that is one of the files to be read, before the work rather than after it. There
 * may be no path.
 */
export async function checkWritable(
  flag: string,
  path: string | undefined,
  inputs: readonly (string | boolean | undefined)[],
): Promise<void> {
  if (path === undefined) return;
  const refuse = (problem: string) =>
    new UsageError(`${flag}: ${path === "" ? '""' : path} can't be written: ${problem}`);
  const found = await statOf(path);
  if (path === "" || found?.isDirectory()) throw refuse("a file must be named");
  const folder = dirname(path);
  if (found === undefined && (await statOf(folder)) === undefined) throw refuse(`there is no folder ${folder}`);
  try {
    await access(found === undefined ? folder : path, constants.W_OK);
  } catch {
    throw refuse("that is not allowed");
  }
  for (const input of inputs) {
    const read = typeof input === "string" ? await statOf(input) : undefined;
    if (found?.isFile() && read?.ino === found.ino && read.dev === found.dev) throw refuse("it is read as well");
  }
}

/** Refuses targets, by flag, of which two are one file: what is written first would be lost. They can be written to, each. */
export async function checkDistinct(targets: Readonly<Record<string, string | undefined>>): Promise<void> {
  const flags = new Map<string, string>();
  for (const [flag, path] of Object.entries(targets)) {
    const file = path === undefined ? undefined : await identityOf(path);
    if (file === undefined) continue;
    const other = flags.get(file);
    if (other !== undefined) throw new UsageError(`${flag}: ${path} can't be written: ${other} is the same file`);
    flags.set(file, flag);
  }
}

/** The same for all paths of a file, whether it is there yet or not; undefined for what is no file, as /dev/null. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await statOf(path);
  if (found === undefined) return join(await realpath(dirname(path)), basename(path));
  return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
}

function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

export async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** What went wrong in writing; where it should be possible, that is nobody's mistake. */
export function unwritten(path: string, error: unknown): Error {
  return new Error(`${path} can't be written: ${(error as Error).message}`);
}
