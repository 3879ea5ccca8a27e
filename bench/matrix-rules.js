import { load, muon, shampoo, soap } from "schuss";
import { LAYERS, passes, stepper, timed } from "./layers.js";
import { mean, median } from "./statistics.js";

/** Steps after which every root has been made once. */
const PERIOD = 20;

const METHODS = [
  { name: "shampoo, blocks of 64", create: (set) => shampoo(set), most: 1 },
  { name: "shampoo, blocks of 128", create: (set) => shampoo(set, { blockSize: 128 }), most: 1.5 },
  { name: "soap, blocks of 64", create: (set) => soap(set) },
  { name: "muon", create: (set) => muon(set), most: 0.9, wanted: ([m, n]) => Math.max(m, n) >= 1.5 * Math.min(m, n) },
];

/** The greatest part of the mean that a single step may take. */
const MOST_OF_MEAN = 1.3;

/**
 * A step of each rule, in forward and backward passes of the layer it belongs to, batch 128, f32, strict. The steps of a period
 * are timed one by one, interleaved with passes, over several periods: of each place in the period the median counts.
 */
export async function timeMatrixRules(context) {
  const engine = await load({ variant: "strict" });
  const rows = [];
  for (const layer of LAYERS) {
    const run = passes(layer);
    for (let k = 0; k < 30; k++) run();
    for (const { name, create, most, wanted = () => true } of METHODS) {
      const label = `matrix rules ${layer.join(" x ")} ${name}`;
      if (!context.selected(label)) continue;
      context.progress(label);
      const { step, draw, dispose } = stepper(engine, layer, create);
      for (let k = 0; k < 2 * PERIOD; k++) step();
      const [passTimes, stepTimes] = [[], Array.from({ length: PERIOD }, () => [])];
      const end = performance.now() + 1000 * (context.quick ? 1 : 4);
      for (let t = 0; performance.now() < end || t < 3 * PERIOD; t++) {
        if (t % PERIOD === 0) draw();
        passTimes.push(timed(run));
        stepTimes[t % PERIOD].push(timed(step));
      }
      dispose();
      const phases = stepTimes.map(median);
      const pass = median(passTimes);
      const ratio = mean(phases) / pass;
      const worst = Math.max(...phases) / mean(phases);
      const isWanted = most !== undefined && wanted(layer);
      rows.push({
        name: label,
        layer,
        method: name,
        milliseconds: mean(phases),
        pass,
        ratio,
        worst,
        bars: isWanted
          ? [
              { what: "passes", atMost: most, value: ratio, reached: ratio <= most },
              { what: "worst to mean", atMost: MOST_OF_MEAN, value: worst, reached: worst <= MOST_OF_MEAN },
            ]
          : [],
      });
    }
  }
  return rows;
}
