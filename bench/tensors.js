// Every update rule on many small tensors over one large tensor: what tensors cost by themselves.

import { load } from "schuss";
import { nameOf, ruleCases } from "./cases/rules.js";
import { makeModel, makeStep } from "./rules.js";
import { interleave, LocalCandidate, repeating } from "./runner.js";
import { median, speedup } from "./statistics.js";

const TENSORS = 1000;
const LENGTH = 100;
const BAR = 1.3;

const many = Object.fromEntries(Array.from({ length: TENSORS }, (_, k) => [`t${k}`, LENGTH]));

const factors = (name) => 1 + Number(name.slice(1)) / TENSORS;

/** What is measured of each rule. With factors of their own for all tensors, the kernel goes through a table of them. */
const forms = {
  one: { shapes: { t1: TENSORS * LENGTH }, options: {} },
  many: { shapes: many, options: {} },
  "one with a factor": { shapes: { t1: TENSORS * LENGTH }, options: { learningRateMultiplier: factors } },
  "many with factors": { shapes: many, options: { learningRateMultiplier: factors } },
};

export async function timeTensors(context) {
  const rows = [];
  const variant = context.variants.at(-1);
  const engine = await load({ variant });
  for (const row of ruleCases) {
    const name = nameOf(row);
    const label = `tensors ${name}`;
    if (!context.selected(label)) continue;
    context.progress(label);
    const owners = [];
    const candidates = Object.entries(forms).map(([form, { shapes, options }]) => {
      const model = makeModel(shapes, engine);
      const { optimizer, step } = makeStep(row, model, options);
      owners.push(optimizer, model);
      return new LocalCandidate(form, repeating(step, []));
    });
    const times = await interleave(candidates, context);
    for (const owner of owners) owner.dispose();
    const cost = speedup(times.one, times.many);
    const withFactors = speedup(times["one with a factor"], times["many with factors"]);
    const bars = Object.entries({ alike: cost, "with factors": withFactors }).map(([what, value]) => ({
      what,
      atMost: BAR,
      value,
      reached: value <= BAR,
    }));
    rows.push({ name, variant, microseconds: median(times.one) / 1000, cost, withFactors, bars, times });
  }
  engine.dispose();
  return rows;
}
