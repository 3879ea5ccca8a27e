// What a column owes under an l1 penalty, in closed form, against the steps one after another: v <- shrink(v - a s, a l1).

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { below, seeded } from "./numbers.js";
import { BINARIES, kernelsOf } from "./variants.js";

const COLUMNS = 20_000;
const STEPS = 300;

const shrink = (v: number, threshold: number) => Math.sign(v) * Math.max(Math.abs(v) - threshold, 0);

interface Column {
  readonly v: number;
  readonly g: number;
  /** How many steps had been made when the column was last caught up. */
  readonly since: number;
  readonly l1: number;
}

/** Parts of a lag of very different sizes, as under line search or a scale that falls. */
function drawHistory(random: () => number): number[] {
  const lags: number[] = [];
  for (let k = 0, lag = 0; k < STEPS; k++) lags.push((lag += 10 ** (-3 * random()) * (1 + k / 50)));
  return lags;
}

/** Slopes around the strength of the penalty, and weights that are 0, cross 0 within the lag, or stay on their side. */
function drawColumn(random: () => number, total: number): Column {
  const l1 = random() < 0.1 ? 0 : 10 ** (-2 * random());
  const slope = random() < 0.1 ? 0 : (4 * random() - 2) * (l1 + 0.01);
  const reach = (Math.abs(slope) + l1) * total;
  const v = random() < 0.2 ? 0 : (3 * random() - 1.5) * reach;
  return { v, g: slope, since: below(random, STEPS + 1), l1 };
}

describe.each(BINARIES)("%s", (variant) => {
  const random = seeded(23);
  const history = drawHistory(random);
  const columns = Array.from({ length: COLUMNS }, () => drawColumn(random, history.at(-1)!));
  const seen = 8;

  test("20,000 random columns owe what the steps come to", () => {
    const arena = new Arena(12);
    const lagAt = (since: number) => (since === 0 ? 0 : history[since - 1]!);
    const features = arena.place(
      "f64",
      columns.flatMap(({ v, g }) => [v, seen * g]),
    );
    const place = (of: (column: Column) => number) => arena.place("f64", columns.map(of));
    const lags = place(({ since }) => lagAt(since));
    const strengths = place(({ l1 }) => l1);
    const state = arena.place("f64", [0, 0, seen, 1, history.at(-1)!, 0]);
    new Int32Array(arena.memory.buffer, state + 44, 1)[0] = STEPS;
    kernelsOf(variant, arena.memory).settleCsr(
      COLUMNS,
      features,
      state,
      lags,
      Number.NaN,
      strengths,
      arena.place("f64", history),
    );
    const records = arena.floats("f64", features, 2 * COLUMNS);
    let furthest = 0;
    let crossed = 0;
    columns.forEach(({ v, g, since, l1 }, j) => {
      let expected = v;
      for (let k = since; k < STEPS; k++) {
        const part = history[k]! - lagAt(k);
        expected = shrink(expected - part * g, part * l1);
      }
      if (v * expected < 0) crossed++;
      const size = Math.abs(v) + (Math.abs(g) + l1) * (history.at(-1)! - lagAt(since));
      furthest = Math.max(furthest, Math.abs(records[2 * j]! - expected) / (size + 1e-300));
    });
    expect(furthest).toBeLessThan(2e-14);
    expect(crossed).toBeGreaterThan(1000);
    expect(arena.firstOverwritten()).toBeUndefined();
  });
});
