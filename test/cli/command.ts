import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const program = fileURLToPath(new URL("../../build/cli/main.js", import.meta.url));

export interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as it was built. */
export function schuss(args: readonly string[], input?: string | Uint8Array): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args]);
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
    child.on("error", reject).on("close", (code) => resolve({ code, out, err }));
    // It may end before it has read everything.
    child.stdin.on("error", () => {}).end(input);
  });
}

const folder = mkdtempSync(join(tmpdir(), "schuss-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A place for a file of the test. */
export function place(name: string): string {
  return join(folder, name);
}

/** A file of the test. */
export function file(name: string, content: string | Uint8Array): string {
  writeFileSync(place(name), content);
  return place(name);
}
