// schuss/tfjs in Chromium: a model that is trained on each of TensorFlow.js's backends there, threaded WebAssembly among
// them, beside TensorFlow.js's own Adam.

import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleWithEsbuild } from "./bundles.js";
import { flagsWithGpu } from "./chromium.js";
import { launch, visit } from "./pages.js";

interface Training {
  readonly losses: readonly number[];
  readonly leaked: number;
  readonly reason?: string;
}

interface Report {
  readonly error?: string;
  readonly backend: string;
  readonly theirs: Training;
  readonly ours: Training;
  readonly decayed: Training;
  readonly apart: Readonly<Record<string, number>>;
}

const source = fileURLToPath(new URL("tfjs/", import.meta.url));
const binaries = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
let folder: string;
let browser: Browser;

beforeAll(async () => {
  browser = await launch(flagsWithGpu);
  folder = await mkdtemp(join(tmpdir(), "schuss-tfjs-"));
  await bundleWithEsbuild(folder, {
    entryPoints: ["page.html", "page.js"].map((name) => join(source, name)),
  });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await browser?.close();
});

const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const outOfReach = (backend: string) =>
  `steps are made of TensorFlow.js's operations: the memory of TensorFlow.js's backend "${backend}" is out of reach`;

/** Software makes the graphics cards' backends slow: fewer epochs. */
const epochsOn: Record<string, number> = { wasm: 6, cpu: 6, webgl: 2, webgpu: 1 };

const cases: [string, string, Record<string, string>, string][] = [
  ["wasm", "wasm", {}, "kernels in the wasm backend's own memory, without copies"],
  [
    "threaded wasm",
    "wasm",
    isolated,
    "parameters and gradients are copied: the memory of TensorFlow.js's wasm backend can't be worked in: it is threaded, and the kernels are not compiled for shared memory",
  ],
  ["cpu", "cpu", {}, "kernels in a memory of their own, of which the cpu backend's variables are views"],
  ["webgl", "webgl", {}, outOfReach("webgl")],
  ["webgpu", "webgpu", {}, outOfReach("webgpu")],
];

test.each(cases)("Chromium, %s: trains like TensorFlow.js", async (_name, backend, headers, reason) => {
  const options = { headers, timeout: 110_000 };
  const epochs = epochsOn[backend]!;
  const page = `page.html?backend=${backend}&epochs=${epochs}`;
  const report = await visit<Report>(browser, page, [folder, binaries], options);
  expect(report.error).toBeUndefined();
  const { theirs, ours, decayed } = report;
  expect(report.backend).toBe(backend);
  expect(ours.reason).toBe(reason);
  expect(decayed.reason).toBe(reason);
  ours.losses.forEach((loss, epoch) => {
    expect(Math.abs(loss - theirs.losses[epoch]!)).toBeLessThan(1e-4);
  });
  expect(Object.keys(report.apart)).toHaveLength(16);
  for (const [rule, distance] of Object.entries(report.apart)) expect(distance, rule).toBeLessThan(1e-5);
  for (const { losses, leaked } of [ours, decayed]) {
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.92 ** (2 * epochs - 1));
    expect(leaked).toBe(0);
  }
});
