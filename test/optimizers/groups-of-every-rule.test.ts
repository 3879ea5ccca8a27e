// Every rule with a group that comes while it is trained, and one that goes: to the bit what an optimizer for it alone does.

import { describe, expect, test } from "vitest";
import { type Dtype, parameters } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { flatten, gradientOfStep, shapes, startValues, stepWith } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const [ADDED, REMOVED, LAST] = [5, 12, 20];

const parts = { first: ["a", "b"], second: ["c", "d"] } as const;
type Part = keyof typeof parts;

function makeSet(part: Part, dtype: Dtype) {
  const chosen = Object.fromEntries(parts[part].map((name) => [name, shapes[name]]));
  const set = parameters(chosen, { dtype, engine });
  for (const name of parts[part]) set.values[name]!.set(startValues(dtype)[name]);
  return set;
}

type Set = ReturnType<typeof makeSet>;

function fill(set: Set, step: number): void {
  for (const [name, gradient] of Object.entries(set.gradients)) {
    gradient.set(gradientOfStep(set.dtype, step)[name as keyof typeof shapes]);
  }
}

const cases = optimizerInfos.flatMap((info) =>
  info.samples
    // The norm that is clipped is that of all groups.
    .filter(({ clipNorm }) => clipNorm === undefined)
    .flatMap((options) =>
      (["float32", "float64"] as const).map((dtype) => ({ info, name: info.name, options, dtype })),
    ),
);

describe.each(cases)("$name $options $dtype", ({ info, options, dtype }) => {
  const all = { learningRate: 0.01, ...options, engine };

  function alone(part: Part, from: number, to: number): number[] {
    using set = makeSet(part, dtype);
    using optimizer = info.create(set, all);
    for (let step = from; step < to; step++) {
      stepWith(optimizer, () => {
        fill(set, step);
        return undefined;
      });
    }
    return flatten(set.values);
  }

  test("a group that is added, and another that is removed", () => {
    using first = makeSet("first", dtype);
    using second = makeSet("second", dtype);
    using optimizer = info.create(first, all);
    const walk = (from: number, to: number) => {
      for (let step = from; step < to; step++) {
        stepWith(optimizer, () => {
          fill(first, step);
          fill(second, step);
          return undefined;
        });
      }
    };
    walk(0, ADDED);
    const group = optimizer.addGroup(second);
    walk(ADDED, REMOVED);
    optimizer.removeGroup(optimizer.groups.find((other) => other !== group)!);
    expect(flatten(first.values)).toEqual(alone("first", 0, REMOVED));
    walk(REMOVED, LAST);
    expect(flatten(first.values)).toEqual(alone("first", 0, REMOVED));
    expect(flatten(second.values)).toEqual(alone("second", ADDED, LAST));
    expect(optimizer.groups.map(({ names }) => names)).toEqual([["c", "d"]]);
  });
});
