// The same sources give the same bytes: what is in build/ can be built again.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BINARIES, bytesOf, FILES } from "./variants.js";

const script = fileURLToPath(new URL("../../scripts/build-wasm.js", import.meta.url));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "schuss-build-"));
  await promisify(execFile)(process.execPath, [script, ...BINARIES, "--folder", folder]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each(FILES)("another build of %s, %s is the same to the byte as the one in build/", (family, binary) => {
  const again = readFileSync(join(folder, `${family}.${binary}.wasm`));
  expect(sha256(again)).toBe(sha256(bytesOf(family, binary)));
});
