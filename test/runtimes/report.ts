// What a runtime's report must say.

import { beforeAll, describe, expect, it } from "vitest";
import golden from "./golden.json" with { type: "json" };

type Result = keyof typeof golden;
type Results = Readonly<Record<Result, string>>;
type Variant = "relaxed" | "strict" | "reference";

/** What `entries/report.js` gives. */
export type Report = Readonly<Record<Variant, Results | { readonly refusal: string }>> & {
  readonly chosen: { readonly variant: Variant; readonly reason: string; readonly results: Results };
  readonly uses: { readonly atImport: number; readonly later: number };
};

export interface Runtime {
  readonly name: string;
  /** The variants that it takes; the first is the one it chooses. */
  readonly takes: readonly Variant[];
  /** What `engine.reason` says. */
  readonly reason: RegExp;
  report(): Promise<Report>;
}

const elements: Partial<Record<Result, typeof Float32Array | typeof Float64Array>> = {
  adamwRun: Float64Array,
  sag: Float64Array,
  sagInTurns: Float64Array,
};

/**
 * How far from the golden values a result may be, relative to the greatest of them. 0: not by a bit. The references of
 * products of matrices and of the finite sums round in another order.
 */
const bounds: Record<Variant, Partial<Record<Result, number>> & { readonly others: number }> = {
  strict: { others: 0 },
  reference: { sag: 1e-12, sagInTurns: 1e-12, "rule muon": 1e-6, "rule soap": 1e-6, others: 0 },
  relaxed: { others: 1e-6 },
};

const results = Object.keys(golden) as Result[];

function decoded(result: Result, hexadecimal: string): number[] {
  const { buffer } = Uint8Array.from(hexadecimal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return [...new (elements[result] ?? Float32Array)(buffer)];
}

function distance(result: Result, hexadecimal: string): number {
  const expected = decoded(result, golden[result]);
  const actual = decoded(result, hexadecimal);
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, k) => Math.abs(value - actual[k]!))) / scale;
}

function expectGolden(variant: Variant, actual: Results): void {
  for (const result of results) {
    const bound = bounds[variant][result] ?? bounds[variant].others;
    if (bound === 0) expect(actual[result], result).toBe(golden[result]);
    else expect(distance(result, actual[result]), result).toBeLessThanOrEqual(bound);
  }
}

/** Runs the program in the runtime, once, and holds the report against the golden values. */
export function describeRuntime({ name, takes, reason, report }: Runtime): void {
  describe(name, () => {
    let got: Report;

    beforeAll(async () => {
      got = await report();
    });

    it("does no work at import", () => {
      expect(got.uses.atImport).toBe(0);
      expect(got.uses.later).toBeGreaterThan(0);
    });

    it(`chooses ${takes[0]} and says why`, () => {
      expect(got.chosen).toMatchObject({ variant: takes[0], reason: expect.stringMatching(reason) });
      expectGolden(takes[0]!, got.chosen.results);
    });

    it.each(["strict", "reference", "relaxed"] as const)("takes or refuses %s when asked for it", (variant) => {
      const outcome = got[variant];
      if (takes.includes(variant)) {
        expect(outcome).not.toHaveProperty("refusal");
        expectGolden(variant, outcome as Results);
      } else {
        expect(outcome).toEqual({ refusal: expect.stringContaining(`variant "${variant}" can't be used here`) });
      }
    });
  });
}
