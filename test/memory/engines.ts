import { afterEach, beforeEach, expect } from "vitest";
import { defaultEngine, type Engine, load, type Variant } from "../../src/index.js";

/** One engine a variant, shared by the tests of a file. */
export const engines: Readonly<Record<Variant, Engine>> = {
  strict: await load({ variant: "strict" }),
  relaxed: await load({ variant: "relaxed" }),
  reference: await load({ variant: "reference" }),
};

export const variants: readonly Variant[] = ["strict", "relaxed", "reference"];

/**
 * Called once at the top of a test file: from then on a test fails if it leaves memory in use, be it in the engines above
 * or in the default one.
 */
export function expectMemoryReturned(): void {
  const watched = [...Object.values(engines), defaultEngine()];
  const bytesInUse = () => watched.map((engine) => engine.bytesInUse);
  let before: number[] = [];
  beforeEach(() => {
    before = bytesInUse();
  });
  afterEach(() => {
    expect(bytesInUse(), "bytes in use after the test").toEqual(before);
  });
}
