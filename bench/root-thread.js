// node bench/root-thread.js [--seconds N]: steps of Shampoo that make their roots themselves, and with a RootThread that makes
// them: mean and worst, in forward and backward passes of the layer, batch 128, f32, strict.
//
// A period of one is followed by a period of the other, and between them the thread comes to rest, so that it is busy only beside
// steps of its own. Between two steps there is a pass, and a turn of the event loop, in which roots arrive. Of each place in the
// period the median counts.

import { parseArgs } from "node:util";
import Table from "cli-table3";
import { load, shampoo } from "schuss";
import { RootThread } from "schuss/threads";
import { LAYERS, passes, stepper, timed } from "./layers.js";
import { mean, median } from "./statistics.js";

const PERIOD = 20;

const { values: given } = parseArgs({ options: { seconds: { type: "string", default: "6" } } });

const turn = () => new Promise((resolve) => setImmediate(resolve));

const engine = await load({ variant: "strict" });
const rootWorker = new RootThread();
const table = new Table({
  head: ["layer", "blocks", "roots in", "ms a step", "passes", "worst to mean", "steps until a root is there"],
  style: { head: [], border: [], compact: true },
});

/** Steps from that whose statistics a root is of to the one that uses it first. */
class Ages {
  #roots;
  #seen = new Map();
  ages = [];

  constructor(optimizer) {
    this.#roots = () => Object.values(optimizer.stateDict().slots.rootStep).flatMap((steps) => [...steps]);
  }

  look(step) {
    for (const [k, made] of this.#roots().entries()) {
      if (this.#seen.has(k) && made !== this.#seen.get(k)) this.ages.push(step - made);
      this.#seen.set(k, made);
    }
  }
}

for (const layer of LAYERS) {
  for (const blockSize of [64, 128]) {
    const run = passes(layer);
    for (let k = 0; k < 30; k++) run();
    const sides = [
      { name: "the step", ...stepper(engine, layer, (set) => shampoo(set, { blockSize })) },
      { name: "a thread", ...stepper(engine, layer, (set) => shampoo(set, { blockSize, rootWorker })) },
    ].map((side) => ({
      ...side,
      times: Array.from({ length: PERIOD }, () => []),
      passTimes: [],
      ages: new Ages(side.optimizer),
    }));
    let steps = 0;
    const end = performance.now() + 1000 * Number(given.seconds);
    for (let period = 0; period < 5 || performance.now() < end; period++) {
      for (const { draw, step, times, passTimes, ages } of sides) {
        draw();
        for (let k = 0; k < PERIOD; k++) {
          const pass = timed(run);
          await turn();
          const time = timed(step);
          if (period === 1) ages.look(steps + k + 1);
          if (period < 2) continue;
          passTimes.push(pass);
          times[k].push(time);
        }
        await rootWorker.idle();
      }
      steps += PERIOD;
    }
    for (const { name, times, passTimes, ages, dispose } of sides) {
      const phases = times.map(median);
      const step = mean(phases);
      table.push([
        layer.join(" x "),
        blockSize,
        name,
        step.toFixed(2),
        (step / median(passTimes)).toFixed(2),
        (Math.max(...phases) / step).toFixed(2),
        median(ages.ages).toFixed(0),
      ]);
      dispose();
    }
  }
}
rootWorker.dispose();
console.log(`${rootWorker.reason ?? "one worker"}\n${table}`);
