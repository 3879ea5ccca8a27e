// The same sources give the same bytes, and the bytes in build/ are those of the sources.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesOf } from "./variants.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const compiler = join(root, "node_modules/assemblyscript/bin/asc.js");

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "schuss-build-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Compiles a target into the directory and returns the file. */
function compile(target: "strict" | "relaxed", name: string): Promise<string> {
  const outFile = join(directory, `${target}-${name}.wasm`);
  const files = ["--outFile", outFile, "--textFile", join(directory, `${target}-${name}.wat`)];
  const child = spawn(process.execPath, [compiler, "--target", target, ...files], { cwd: root });
  let output = "";
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(outFile) : reject(new Error(`asc ended with ${code}: ${output}`)),
    );
  });
}

test.each(["strict", "relaxed"] as const)(
  "two builds of %s are the same to the byte, and the one in build/",
  async (target) => {
    const builds = await Promise.all([compile(target, "first"), compile(target, "second")]);
    const [first, second] = builds.map((file) => sha256(readFileSync(file)));
    expect(first).toBe(second);
    expect(sha256(bytesOf(target))).toBe(first);
  },
);
