// Runs worker.js in workerd, as Cloudflare does: sends it visits, stops it, starts it again from what it saved, and sends more.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { uniformFrom } from "../../bench/random.js";

const VISITS = 400;
const folder = mkdtempSync(join(tmpdir(), "schuss-edge-"));
const truth = [2, -1, 0.5, 0, 1.5, -2, 0, 1];
const next = uniformFrom(1);

await build({
  entryPoints: [fileURLToPath(new URL("worker.js", import.meta.url))],
  outfile: join(folder, "worker.mjs"),
  bundle: true,
  format: "esm",
  conditions: ["workerd"],
  loader: { ".wasm": "copy" },
  external: ["cloudflare:workers"],
});

function start() {
  return new Miniflare({
    modules: true,
    modulesRoot: folder,
    scriptPath: join(folder, "worker.mjs"),
    modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
    compatibilityDate: "2026-04-01",
    durableObjects: { LEARNER: "Learner" },
    durableObjectsPersist: join(folder, "saved"),
  });
}

/** Sends visits; the mean logistic loss of the answers, and how many steps have been made in all. */
async function serve(miniflare, visits) {
  let loss = 0;
  let steps = 0;
  for (let k = 0; k < visits; k++) {
    const features = Array.from({ length: truth.length }, () => 2 * next() - 1);
    const score = truth.reduce((sum, weight, j) => sum + weight * features[j], 0);
    const clicked = next() < 1 / (1 + Math.exp(-2 * score));
    const body = JSON.stringify({ features, clicked });
    const response = await miniflare.dispatchFetch("http://localhost/", { method: "POST", body });
    if (!response.ok) throw new Error(await response.text());
    const { chance, stepCount } = await response.json();
    loss -= Math.log(clicked ? chance : 1 - chance) / visits;
    steps = stepCount;
  }
  return { loss, steps };
}

try {
  const losses = [];
  for (const instance of ["first", "second"]) {
    const miniflare = start();
    for (let part = 0; part < 2; part++) {
      const { loss, steps } = await serve(miniflare, VISITS / 4);
      losses.push(loss);
      console.log(`${instance} instance: loss ${loss.toFixed(3)} over ${VISITS / 4} visits, ${steps} steps in all`);
      if (steps !== (losses.length * VISITS) / 4)
        throw new Error(`expected ${(losses.length * VISITS) / 4} steps, got ${steps}`);
    }
    await miniflare.dispose();
  }
  if (!(losses[2] < losses[0] && losses[3] < 0.9 * Math.LN2)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
