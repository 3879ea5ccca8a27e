// dispose() is the way to free memory; garbage collection is the net below it.

import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { adam, type Engine, type FloatArray, load, type Optimizer, parameters } from "../../src/index.js";

/** Collects until the engine has no more than so many bytes in use; gives up after two seconds. */
async function collectDownTo(engine: Engine, bytes: number): Promise<number> {
  for (let round = 0; round < 100 && engine.bytesInUse > bytes; round++) await collect();
  return engine.bytesInUse;
}

async function collect(): Promise<void> {
  globalThis.gc!();
  await wait(20);
}

// The makers are functions of their own, so that no register or stack slot of a test keeps what they made.

function abandonSets(engine: Engine): void {
  for (let k = 0; k < 50; k++) parameters({ w: 1000 }, { engine }).values.w.fill(k);
}

function abandonOptimizers(engine: Engine): void {
  for (let k = 0; k < 20; k++) {
    adam(parameters({ w: 100 }, { engine })).step();
    adam([new Float32Array(100)], { engine }).step([new Float32Array(100)]);
  }
}

const viewOf = (engine: Engine): FloatArray => parameters({ w: 1000 }, { engine }).gradients.w.fill(5);
const recordOf = (engine: Engine) => parameters({ w: 1000 }, { engine }).values;
const optimizerOf = (engine: Engine): Optimizer => adam(parameters({ w: 1000 }, { engine }));

const SET = 2 * 4032;

test("what is collected gives back its memory some time", async () => {
  const engine = await load({ variant: "strict" });
  abandonSets(engine);
  abandonOptimizers(engine);
  expect(engine.bytesInUse).toBeGreaterThan(0);
  expect(await collectDownTo(engine, 0)).toBe(0);
});

test("a view keeps the memory that it looks at", async () => {
  const engine = await load({ variant: "strict" });
  abandonSets(engine);
  const view = viewOf(engine);
  expect(await collectDownTo(engine, SET)).toBe(SET);
  for (let round = 0; round < 5; round++) await collect();
  expect(engine.bytesInUse).toBe(SET);
  using other = parameters({ w: 1000 }, { engine });
  other.values.w.fill(9);
  other.gradients.w.fill(9);
  expect(view.every((value) => value === 5)).toBe(true);
});

test("the record of views keeps it too, also through a growth", async () => {
  const engine = await load({ variant: "strict" });
  const values = recordOf(engine);
  engine.allocate({}, engine.memory.buffer.byteLength).dispose();
  for (let round = 0; round < 5; round++) await collect();
  expect(engine.bytesInUse).toBe(SET);
  expect(values.w.length).toBe(1000);
});

test("an optimizer keeps its parameter set", async () => {
  const engine = await load({ variant: "strict" });
  const optimizer = optimizerOf(engine);
  const held = engine.bytesInUse;
  // The set, a slot as large, and a line for the options of a step.
  expect(held).toBe(2 * SET + 64);
  for (let round = 0; round < 5; round++) await collect();
  expect(engine.bytesInUse).toBe(held);
  optimizer.step();
});

test("what was disposed of is not freed again when it is collected", async () => {
  const engine = await load({ variant: "strict" });
  (() => {
    for (let k = 0; k < 50; k++) parameters({ w: 1000 }, { engine }).dispose();
  })();
  using set = parameters({ w: 1000 }, { engine });
  for (let round = 0; round < 5; round++) await collect();
  expect(engine.bytesInUse).toBe(SET);
  expect(set.values.w.length).toBe(1000);
});
