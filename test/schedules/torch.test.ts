// Against PyTorch 1.13: ../golden/torch-schedules.json, made by ../golden/torch_schedules.py.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Schedule, schedules } from "../../src/index.js";

interface Golden {
  schedules: { torch: string; schedule: keyof typeof schedules; arguments: unknown[]; rates: number[] }[];
  metrics: number[];
  plateau: { options: schedules.PlateauOptions; rates: number[] }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/torch-schedules.json", import.meta.url), "utf8"));
const named = (entry: Golden["schedules"][number]) => `${entry.torch} as ${entry.schedule}`;

// Torch gets most rates from the one before, so they are not the same bits: 1e-15 of the greatest rate is five roundings.
// Where torch subtracts nearly equal rates, at the end of OneCycleLR's lines, few digits of a small rate are left.
test.each(golden.schedules.map((entry) => [named(entry), entry] as const))("%s", (_, entry) => {
  const make = schedules[entry.schedule] as (...given: unknown[]) => Schedule;
  const rate = make(...entry.arguments);
  const unit = Math.max(...entry.rates);
  entry.rates.forEach((expected, step) => {
    const error = Math.abs(rate(step) - expected);
    expect(error).toBeLessThanOrEqual(1e-15 * unit);
    expect(error).toBeLessThanOrEqual(1e-11 * expected);
  });
});

test.each(golden.plateau.map((entry) => [JSON.stringify(entry.options), entry] as const))(
  "ReduceLROnPlateau, %s",
  (_, { options, rates }) => {
    const plateau = schedules.reduceOnPlateau(options);
    expect(golden.metrics.map((metric) => plateau.observe(metric))).toEqual(rates);
  },
);
