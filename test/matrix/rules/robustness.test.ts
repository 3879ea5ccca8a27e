// What Shampoo, SOAP and Muon must bear: no gradients, gradients that are no numbers, roots that fail, limits in time, stops.

import { describe, expect, test } from "vitest";
import {
  type Grafting,
  muon,
  type Optimizer,
  type ParameterSet,
  parameters,
  shampoo,
  soap,
} from "../../../src/index.js";
import { seeded } from "../../kernels/numbers.js";
import { engines, expectMemoryReturned } from "../../memory/engines.js";
import { type Create, draw, shapes } from "./shapes.js";

expectMemoryReturned();

const engine = engines.strict;

describe("what they must bear", () => {
  const graftings: readonly Grafting[] = [{ kind: "adam" }, { kind: "sgd" }, { kind: "none" }];
  const rules: readonly (readonly [name: string, create: Create])[] = [
    ...graftings.map((grafting): readonly [string, Create] => [
      `shampoo, ${grafting.kind}`,
      (set) => shampoo(set, { learningRate: 0.01, frequency: 4, grafting }),
    ]),
    ["soap", (set) => soap(set, { learningRate: 0.01, frequency: 4, weightDecay: 0 })],
    ["muon", (set) => muon(set, { learningRate: 0.01, weightDecay: 0 })],
  ];

  test.each(rules)("%s: a layer without a gradient stays where it is, for 1,000 steps and on", (_, create) => {
    using set = parameters({ dead: [12, 5], live: [6, 4], late: [5, 5] }, { engine });
    for (const values of Object.values(set.values)) values.forEach((_, i) => void (values[i] = Math.sin(i + 1)));
    const before = [...set.values.dead];
    using optimizer = create(set);
    for (let step = 0; step < 1000; step++) {
      draw(set, 10 + (step % 7), "gradients");
      set.gradients.dead.fill(0);
      // Dies, and its statistics with it.
      if (step > 50) set.gradients.late.fill(0);
      optimizer.step();
    }
    expect([...set.values.dead]).toEqual(before);
    for (const values of Object.values(set.values)) expect(values.every(Number.isFinite)).toBe(true);
    expect(optimizer.groups[0]!.memory.failedRoots ?? 0).toBe(0);
    draw(set, 5, "gradients");
    for (let step = 0; step < 9; step++) optimizer.step();
    expect([...set.values.dead].every(Number.isFinite)).toBe(true);
    expect([...set.values.dead]).not.toEqual(before);
  });

  test("shampoo: a direction too short to be made as long as the grafted one gives way to it", () => {
    using set = parameters({ w: [4, 4] }, { engine });
    using optimizer = shampoo(set, { exponent: 1, beta1: 0, frequency: 1, grafting: { kind: "sgd" } });
    for (let step = 0; step < 2; step++) {
      set.gradients.w.forEach((_, j, gradient) => void (gradient[j] = j === 5 ? 0 : 1e11 * Math.sin(j * j + 1)));
      optimizer.step();
      expect(set.values.w.every(Number.isFinite)).toBe(true);
    }
    expect(optimizer.groups[0]!.memory.failedRoots).toBe(0);
  });

  test.each(rules)("%s: NaN in one tensor leaves it out, the others go on, and the step says which", (_, create) => {
    const sizes = { sick: [9, 4], sound: [6, 5] };
    using set = parameters(sizes, { engine });
    using other = parameters({ sound: sizes.sound }, { engine });
    using optimizer = create(set);
    using alone = create(other);
    for (let step = 0; step < 10; step++) {
      draw(set, 20 + step, "gradients");
      other.gradients.sound.set(set.gradients.sound);
      const before = [...set.values.sick];
      if (step % 3 === 1) set.gradients.sick[7] = step === 1 ? Number.NaN : Number.POSITIVE_INFINITY;
      optimizer.step();
      alone.step();
      const left = step % 3 === 1;
      expect(optimizer.groups[0]!.skippedTensors).toEqual(left ? ["sick"] : []);
      expect(optimizer.nonFiniteCount).toBe(left ? 1 : 0);
      if (left) expect([...set.values.sick]).toEqual(before);
    }
    expect(set.values.sick.every(Number.isFinite)).toBe(true);
  });

  test("a root that fails stays as it was and is counted; after too many the step names tensor and block, and changes nothing", () => {
    using set = parameters({ good: [4, 4], bad: [4, 12] }, { engine });
    using optimizer = shampoo(set, { learningRate: 1e-3, frequency: 1, blockSize: 4, toleratedFailures: 2 });
    const failed = () => optimizer.groups[0]!.memory.failedRoots;
    draw(set, 1, "gradients");
    optimizer.step();
    expect(failed()).toBe(0);
    const root = () => [...optimizer.stateDict().slots.roots!.bad!];
    const before = root();
    // Squares of 1e25 are infinite in float32, in the statistics of the second block and, across, in no other.
    set.gradients.bad[5] = 1e25;
    optimizer.step();
    expect(failed()).toBe(2);
    expect(root().slice(32, 64)).toEqual(before.slice(32, 64));
    set.gradients.bad[5] = 1;
    optimizer.step();
    optimizer.step();
    expect(failed()).toBe(6);
    const state = optimizer.stateDict();
    const values = [...set.values.good, ...set.values.bad];
    expect(() => optimizer.step()).toThrow(
      new Error('shampoo: a root of block 1 of "bad" has failed 3 times in a row, 2 are allowed'),
    );
    expect(optimizer.stateDict()).toEqual(state);
    expect([...set.values.good, ...set.values.bad]).toEqual(values);
  });

  test("a basis that fails is counted and named too", () => {
    using set = parameters({ bad: [4, 12] }, { engine });
    using optimizer = soap(set, { frequency: 1, blockSize: 4, toleratedFailures: 0 });
    draw(set, 1, "gradients");
    optimizer.step();
    set.gradients.bad[5] = 1e25;
    optimizer.step();
    expect(optimizer.groups[0]!.memory.failedRoots).toBe(2);
    expect(() => optimizer.step()).toThrow(
      new Error('soap: a basis of block 1 of "bad" has failed 1 times in a row, 0 are allowed'),
    );
  });

  // One sample a step, of inputs the later the rarer: with the second moment left in the old basis draw 3 has one 1,691 long.
  test.each([1, 2, 3])("soap: inputs that are rare make no step longer than Adam's greatest: draw %d", (seed) => {
    const [rows, columns] = [24, 6];
    using set = parameters({ w: [rows, columns] }, { engine });
    using optimizer = soap(set, { learningRate: 1, weightDecay: 0 });
    // |m| <= (1 - beta1) sum_k beta1^k |g_k| and v >= (1 - beta2) beta2^k g_k^2, for each k: what a coordinate can move by.
    const greatest = (1 - 0.95) / (1 - Math.sqrt(0.95)) / Math.sqrt(1 - 0.95);
    const random = seeded(seed);
    let before = [...set.values.w];
    for (let step = 1; step <= 200; step++) {
      const errors = Array.from({ length: columns }, () => random() - 0.5);
      for (let r = 0; r < rows; r++) {
        const input = random() < 1 / (r + 1) ? random() : 0;
        errors.forEach((error, c) => void (set.gradients.w[r * columns + c] = input * error));
      }
      optimizer.step();
      const moved = Math.hypot(...[...set.values.w].map((x, k) => x - before[k]!));
      expect(moved).toBeLessThanOrEqual(greatest * Math.sqrt(rows * columns));
      before = [...set.values.w];
    }
  });

  test("a root that fails in float32 is made in float64, and does not count as failed", () => {
    using set = parameters({ w: [4, 4] }, { engine });
    using optimizer = shampoo(set, { frequency: 1 });
    // G G^T is 1e38 everywhere, which float32 holds, and its one eigenvalue, 4e38, is not: its average has 1e35 and 4e35.
    set.gradients.w.fill(5e18);
    optimizer.step();
    expect(optimizer.groups[0]!.memory.failedRoots).toBe(0);
    const { roots, rootStep } = optimizer.stateDict().slots;
    expect([...rootStep!.w!]).toEqual([1, 1]);
    // Along (1, 1, 1, 1) / 2 and across it.
    const [along, across] = [(4e38 * (1 + 1e-6)) ** -0.25, (4e38 * 1e-6) ** -0.25];
    roots!.w!.forEach((x, k) => {
      const expected = (along - across) / 4 + ((k % 16) % 5 === 0 ? across : 0);
      expect(Math.abs(x - expected)).toBeLessThan(1e-3 * across);
    });
  });

  test("within a budget roots are made oldest first, one at least, and none more than time allows", () => {
    using set = parameters({ w: [16, 16] }, { engine });
    let time = 0;
    // A reading takes 1 ms, so a root does: one reading before each. Three more find no time left and begin and end the rest.
    const now = () => time++;
    using optimizer = shampoo(set, { blockSize: 4, frequency: 5, maximumMillisecondsPerStep: 6, now });
    const made = () => [...optimizer.stateDict().slots.rootStep!.w!];
    let before = made();
    const counts: number[] = [];
    for (let step = 1; step <= 60; step++) {
      draw(set, step, "gradients");
      const start = time;
      optimizer.step();
      const after = made();
      const changed = after.flatMap((t, k) => (t === step ? [k] : []));
      counts.push(changed.length);
      // Whatever was made had waited as long as anything that was not.
      const oldestLeft = Math.min(...before.filter((_, k) => !changed.includes(k)));
      for (const k of changed) expect(before[k]).toBeLessThanOrEqual(oldestLeft);
      expect(time - start).toBeLessThanOrEqual(6 + 3);
      before = after;
    }
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...counts)).toBeLessThan(32);
    expect(before.every((t) => t > 0)).toBe(true);
  });

  test.each([
    [
      "shampoo",
      (set: ParameterSet) =>
        shampoo(set, { frequency: 6, maximumMillisecondsPerStep: 3, now: counter(), momentum: 0.5 }),
    ],
    ["soap", (set: ParameterSet) => soap(set, { frequency: 6, maximumMillisecondsPerStep: 3, now: counter() })],
  ] as const)("%s: a state that is restored goes on as if it had not stopped, within a budget too", (_, create) => {
    using set = parameters(shapes, { engine });
    using optimizer = create(set);
    const train = (target: ParameterSet, on: Optimizer, from: number, to: number) => {
      for (let step = from; step < to; step++) {
        draw(target, step, "gradients");
        on.step();
      }
    };
    train(set, optimizer, 0, 23);
    const { header, slots } = optimizer.stateDict();
    using other = parameters(shapes, { engine });
    for (const name of Object.keys(shapes) as (keyof typeof shapes)[]) other.values[name].set(set.values[name]);
    using resumed = create(other);
    resumed.loadStateDict({ header: JSON.parse(JSON.stringify(header)), slots: structuredClone(slots) });
    // The clock of the first is past its readings; the one of the second starts anew: only differences count.
    train(set, optimizer, 23, 60);
    train(other, resumed, 23, 60);
    expect(resumed.stateDict()).toEqual(optimizer.stateDict());
    for (const name of Object.keys(shapes) as (keyof typeof shapes)[]) {
      expect([...other.values[name]]).toEqual([...set.values[name]]);
    }
  });
});

/** A clock by which every reading takes a millisecond. */
function counter(): () => number {
  let time = 1;
  return () => time++;
}
