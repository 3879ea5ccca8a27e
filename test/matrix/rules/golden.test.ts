// Muon, Shampoo and SOAP against trajectories that NumPy made: test/golden/numpy_matrix_rules.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { muon, parameters, shampoo, soap } from "../../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../../memory/engines.js";

expectMemoryReturned();

type Numbers = Readonly<Record<string, readonly number[]>>;

interface Golden {
  readonly shapes: Numbers;
  readonly start: Numbers;
  readonly gradients: readonly Numbers[];
  readonly cases: readonly {
    readonly rule: "muon" | "shampoo" | "soap";
    readonly options: object;
    readonly trajectory: readonly (Numbers & { readonly step: number })[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../golden/numpy-matrix-rules.json", import.meta.url), "utf8"),
);

const rules = { muon, shampoo, soap };

const cases = golden.cases.map((entry) => ({ ...entry, name: entry.rule }));

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  describe.each([
    ["float64", 1e-11],
    ["float32", 2e-5],
  ] as const)("%s", (dtype, bound) => {
    test.each(cases)("$name $options", ({ rule, options, trajectory }) => {
      using set = parameters(golden.shapes, { dtype, engine });
      for (const [name, start] of Object.entries(golden.start)) set.values[name]!.set(start);
      using optimizer = rules[rule](set, options);
      golden.gradients.forEach((gradients, k) => {
        for (const [name, gradient] of Object.entries(gradients)) set.gradients[name]!.set(gradient);
        optimizer.step();
        const seen = trajectory.find(({ step }) => step === k + 1);
        if (seen === undefined) return;
        for (const name of Object.keys(golden.shapes)) {
          set.values[name]!.forEach((value, i) => {
            expect(Math.abs(value - seen[name]![i]!), `step ${k + 1}, ${name}[${i}]`).toBeLessThan(bound);
          });
        }
      });
    });
  });
});
