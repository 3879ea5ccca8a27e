// schuss/brain in Chromium, where a FeedForward of brain.js computes on the graphics card: its textures are read and given
// back.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundleWithEsbuild } from "./bundles.js";
import { flagsWithGpu } from "./chromium.js";
import { launch, visit } from "./pages.js";

interface Training {
  readonly errors: readonly number[];
  /** How many more there are after three more iterations. */
  readonly textures: number;
  readonly kernel: string;
  readonly outputs: readonly number[];
}

const source = fileURLToPath(new URL("brain/", import.meta.url));

test("Chromium: a FeedForward trains as brain.js's own on WebGL, to five digits, and keeps no textures", async () => {
  const folder = await mkdtemp(join(tmpdir(), "schuss-brain-"));
  const browser = await launch(flagsWithGpu);
  try {
    await bundleWithEsbuild(folder, {
      entryPoints: ["page.html", "page.js"].map((name) => join(source, name)),
      define: { global: "globalThis" },
    });
    const report = await visit<Record<"theirs" | "ours" | "fixed", Training>>(browser, "page.html", [folder], {
      timeout: 110_000,
    });
    const { theirs, ours, fixed } = report;
    for (const { kernel } of [theirs, ours, fixed]) expect(kernel).toMatch(/WebGL/);
    expect(theirs.errors).toHaveLength(8);
    theirs.errors.forEach((error, k) => {
      expect(Math.abs(ours.errors[k]! / error - 1), `iteration ${k}`).toBeLessThan(5e-6);
    });
    theirs.outputs.forEach((output, k) => {
      expect(ours.outputs[k]).toBeCloseTo(output, 4);
    });
    expect(ours.textures).toBeLessThanOrEqual(theirs.textures);
    expect(fixed.textures).toBeLessThanOrEqual(theirs.textures);
    expect(fixed.errors.at(-1)).toBeLessThan(fixed.errors[0]!);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});
