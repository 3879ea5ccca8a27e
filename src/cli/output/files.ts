import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Refuses a path that could not be written to, before the work rather than after it. */
export async function checkWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw new Error("is a directory");
  } catch (error) {
    throw new Error(`${path} can't be written: ${(error as Error).message}`);
  }
}

export async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Error(`${path} can't be written: ${(error as Error).message}`);
  }
}
