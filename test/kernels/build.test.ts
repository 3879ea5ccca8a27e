// What is in build/ is of these sources, and the same sources give the same bytes.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { digestOfSources, isCurrent } from "../../scripts/sources.js";
import { BINARIES, bytesOf, FAMILIES, FILES } from "./variants.js";

const script = fileURLToPath(new URL("../../scripts/build-wasm.js", import.meta.url));
const build = fileURLToPath(new URL("../../build", import.meta.url));

test.each(FILES)("%s, %s in build/ was compiled from these sources", (family, binary) => {
  expect(isCurrent(join(build, `${family}.${binary}`), digestOfSources(family, binary))).toBe(true);
});

/** A family takes ten seconds. All are built again where nobody waits. */
const again = process.env.CI ? FAMILIES : (["core"] as const);

test.each(again)(
  "another build of %s is the same to the byte as the one in build/",
  { timeout: 300_000 },
  async (family) => {
    const folder = mkdtempSync(join(tmpdir(), "schuss-build-"));
    try {
      await promisify(execFile)(process.execPath, [script, ...BINARIES, "--only", family, "--folder", folder]);
      for (const binary of BINARIES) {
        const bytes = readFileSync(join(folder, `${family}.${binary}.wasm`));
        expect(bytes.equals(bytesOf(family, binary)), binary).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
