// What the report of threads/program.js must say, in every runtime.

import { beforeAll, describe, expect, it } from "vitest";

interface Results {
  readonly minimizeAll: string;
  readonly reports: readonly number[];
  readonly path: string;
  readonly crossValidate: string;
  readonly classes: string;
  readonly failure: string;
}

/** What `threads/program.js` gives. */
export interface ThreadsReport {
  readonly alone: Results;
  readonly sideBySide: Results;
  readonly hogwild: { readonly workers: number; readonly learnt: boolean };
  /** How many workers there were, and why not two. */
  readonly count: number;
  readonly reason: string | null;
}

export interface ThreadsRuntime {
  readonly name: string;
  /** Why there are no workers, where there are none. */
  readonly without?: RegExp;
  /** Whether memory can be shared with workers; by default it can. */
  readonly shares?: boolean;
  report(): Promise<ThreadsReport>;
}

const FAILURE = /^RangeError: minimizeAll: problem 1: .*l2 must be in \[0, Infinity\), got -1$/;

/** The results of the first runtime that was asked. */
let first: Results | undefined;

/** Runs the program in the runtime, once: the bits must be the same with workers and without, and in every runtime. */
export function describeThreads({ name, without, shares = true, report }: ThreadsRuntime): void {
  describe(`threads in ${name}`, () => {
    let got: ThreadsReport;

    beforeAll(async () => {
      got = await report();
      first ??= got.alone;
    });

    it(without ? "says why there are no workers" : "has two workers", () => {
      expect(got.reason).toEqual(without ? expect.stringMatching(without) : null);
      expect(got.count).toBe(without ? 1 : 2);
    });

    it.each(["minimizeAll", "path", "crossValidate", "classes"] as const)("%s gives the same bits", (task) => {
      expect(got.sideBySide[task]).toBe(got.alone[task]);
      expect(got.alone[task]).toBe(first![task]);
    });

    it("tells of passes, and of what fails", () => {
      expect(got.sideBySide.reports).toEqual([0, 1, 2]);
      expect(got.sideBySide.failure).toMatch(FAILURE);
      expect(got.alone.failure).toMatch(FAILURE);
    });

    it(`hogwild learns${shares ? "" : ", in the calling thread alone"}`, () => {
      expect(got.hogwild).toEqual({ workers: without || !shares ? 1 : 2, learnt: true });
    });
  });
}
