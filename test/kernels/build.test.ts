// What is in build/ is of these sources, and the same sources give the same bytes.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { digestOfSources, isCurrent } from "../../scripts/sources.js";
import { BINARIES, bytesOf, FILES } from "./variants.js";

const script = fileURLToPath(new URL("../../scripts/build-wasm.js", import.meta.url));
const build = fileURLToPath(new URL("../../build", import.meta.url));

test.each(FILES)("%s, %s in build/ was compiled from these sources", (family, binary) => {
  expect(isCurrent(join(build, `${family}.${binary}`), digestOfSources(family, binary))).toBe(true);
});

/** One family speaks for all: they go through the same compiler, which takes ten seconds or more for each. */
test("another build of core is the same to the byte as the one in build/", { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "schuss-build-"));
  try {
    await promisify(execFile)(process.execPath, [script, ...BINARIES, "--only", "core", "--folder", folder]);
    for (const binary of BINARIES) {
      const bytes = readFileSync(join(folder, `core.${binary}.wasm`));
      expect(bytes.equals(bytesOf("core", binary)), binary).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
