// What console.log prints of parameters and optimizers, by the formatter that it uses.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import { adamw, kfac, parameters, schedules } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;

test("a set: its dtype and its shapes", () => {
  using set = parameters({ w: [3, 2], b: 1 }, { dtype: "float64", engine });
  expect(inspect(set)).toBe("ParameterSet { dtype: 'float64', shapes: { w: [ 3, 2 ], b: [ 1 ] } }");
});

test("an optimizer: its rule, where it stands, and what it is of; after its end too", () => {
  const set = parameters({ w: 2, b: 1 }, { engine });
  const optimizer = adamw(set, { learningRate: schedules.linear(0.5, 2) });
  const text = (stepCount: number, rate: number) =>
    `adamw { stepCount: ${stepCount}, learningRate: ${rate}, parameters: [ 'w', 'b' ] }`;
  expect(inspect(optimizer)).toBe(text(0, 0.5));
  optimizer.step();
  expect(inspect(optimizer)).toBe(text(1, 0.25));
  optimizer.dispose();
  set.dispose();
  expect(inspect(optimizer)).toBe(text(1, 0.25));
});

test("the curvature of a layer: its shape, and how many batches it has seen", () => {
  using layer = kfac({ inputs: 2, outputs: 1, engine });
  layer.accumulate(new Float32Array([1, 0]), new Float32Array([1]));
  expect(inspect(layer)).toBe("Kfac { inputs: 2, outputs: 1, batches: 1 }");
});

test("its options can't be changed by mistake", () => {
  using optimizer = adamw({ w: new Float32Array(1) }, { engine });
  const options = optimizer.options as { weightDecay: number };
  expect(() => {
    options.weightDecay = 0.5;
  }).toThrow(TypeError);
});
