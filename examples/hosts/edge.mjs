// An edge function that learns from the requests it serves: what is the chance of a click? A request brings what is known of
// a visit, `{ features, clicked }`; the answer is the chance as seen before `clicked` is learned from. What has been learned is
// in a Durable Object, saved with the optimizer after every step, so that the next instance goes on where this one stopped.
//
// `node edge.mjs` bundles this file and runs it in workerd, as Cloudflare does: it sends visits, stops the
// worker, starts it again from what it saved, and sends more.

import { adamw, parameters } from "schuss";

const FEATURES = 8;

class Learner {
  #storage;
  #model = parameters({ weights: FEATURES, bias: 1 }, { dtype: "float64" });
  #optimizer;

  constructor(state, makeOptimizer) {
    this.#storage = state.storage;
    this.#optimizer = makeOptimizer(this.#model);
    state.blockConcurrencyWhile(async () => {
      const saved = await state.storage.get("learned");
      if (saved === undefined) return;
      this.#model.values.weights.set(saved.weights);
      this.#model.values.bias.set(saved.bias);
      this.#optimizer.loadStateDict(saved.optimizer);
    });
  }

  async fetch(request) {
    const { features, clicked } = await request.json();
    const { weights, bias } = this.#model.values;
    const score = weights.reduce((sum, weight, j) => sum + weight * features[j], bias[0]);
    const chance = 1 / (1 + Math.exp(-score));
    if (clicked !== undefined) {
      this.#learn(features, chance - Number(clicked));
      await this.#storage.put("learned", { weights, bias, optimizer: this.#optimizer.stateDict() });
    }
    return Response.json({ chance, stepCount: this.#optimizer.stepCount });
  }

  /** A step along the gradient of the logistic loss of one visit. */
  #learn(features, slope) {
    const { weights, bias } = this.#model.gradients;
    for (let j = 0; j < FEATURES; j++) weights[j] = slope * features[j];
    bias[0] = slope;
    this.#optimizer.step();
  }
}

/** What one writes without a library. */
class HandWritten {
  stepCount = 0;

  constructor(model, { learningRate }) {
    this.model = model;
    this.learningRate = learningRate;
  }

  step() {
    const { values, gradients } = this.model;
    for (let j = 0; j < FEATURES; j++) values.weights[j] -= this.learningRate * gradients.weights[j];
    values.bias[0] -= this.learningRate * gradients.bias[0];
    this.stepCount++;
  }

  stateDict = () => ({ stepCount: this.stepCount });

  loadStateDict({ stepCount }) {
    this.stepCount = stepCount;
  }
}

export class Before extends Learner {
  constructor(state) {
    super(state, (model) => new HandWritten(model, { learningRate: 0.03 }));
  }
}

export class After extends Learner {
  constructor(state) {
    super(state, (model) => adamw(model, { learningRate: 0.03 })); // the line that is changed
  }
}

export default {
  fetch(request, { BEFORE, AFTER }) {
    const learners = new URL(request.url).pathname === "/before" ? BEFORE : AFTER;
    return learners.get(learners.idFromName("clicks")).fetch(request);
  },
};

async function runInWorkerd() {
  const { build } = await import("esbuild");
  const { Miniflare } = await import("miniflare");
  const { mkdtemp, rm } = await import("node:fs/promises");
  const folder = await mkdtemp(`${process.env.TMPDIR ?? "/tmp"}/schuss-edge-`);
  await build({
    entryPoints: [process.argv[1]],
    outfile: `${folder}/worker.mjs`,
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    loader: { ".wasm": "copy" },
    define: { process: "undefined" }, // so that this function stays out of the worker
    external: ["esbuild", "miniflare", "node:*"],
  });

  const start = () =>
    new Miniflare({
      modules: true,
      modulesRoot: folder,
      scriptPath: `${folder}/worker.mjs`,
      modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
      compatibilityDate: "2026-04-01",
      durableObjects: { BEFORE: "Before", AFTER: "After" },
      durableObjectsPersist: `${folder}/saved`,
    });

  const truth = [2, -1, 0.5, 0, 1.5, -2, 0, 1];
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const visit = () => {
    const features = truth.map(() => 2 * random() - 1);
    const score = truth.reduce((sum, weight, j) => sum + weight * features[j], 0);
    return { features, clicked: random() < 1 / (1 + Math.exp(-4 * score)) };
  };
  const visits = Array.from({ length: 240 }, visit);
  const probe = { features: visit().features };

  try {
    for (const name of ["before", "after"]) {
      let worker = start();
      const ask = async (body) => {
        const request = { method: "POST", body: JSON.stringify(body) };
        const response = await worker.dispatchFetch(`http://localhost/${name}`, request);
        if (!response.ok) throw new Error(await response.text());
        return response.json();
      };
      const right = [];
      const learnFrom = async (some) => {
        for (const seen of some) right.push((await ask(seen)).chance > 0.5 === seen.clicked);
      };
      const share = (some) => `${((100 * some.filter(Boolean).length) / some.length).toFixed(0)} %`;

      await learnFrom(visits.slice(0, 120));
      const stopped = await ask(probe);
      await worker.dispose();
      worker = start();
      const resumed = await ask(probe);
      await learnFrom(visits.slice(120));
      const { stepCount } = await ask(probe);
      await worker.dispose();

      console.log(
        `${name}: ${share(right.slice(0, 80))} right in the first 80 visits, ${share(right.slice(-120))} in the last 120; ` +
          `stopped after ${stopped.stepCount} steps at a chance of ${stopped.chance}, ` +
          `resumed after ${resumed.stepCount} at ${resumed.chance}, ${stepCount} steps in all`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (typeof process === "object") await runInWorkerd();
