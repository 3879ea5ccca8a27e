import { checkArray, checkInteger } from "../check.js";
import type { Problem } from "../finite-sum/index.js";
import {
  type AnyMinimizeResult,
  checkSendable,
  checkSideBySide,
  nameFailure,
  type SideBySideOptions,
  type ThreadMinimizeOptions,
} from "./minimize-all.js";
import type { ThreadReport } from "./minimize-task.js";
import { withThreads } from "./threads.js";

/** The terms of a problem that change along a path. */
export type PathPenalty = Pick<Problem, "l1" | "l2">;

export interface PathOptions extends SideBySideOptions {
  /**
   * How many penalties in a row start from the solution of the one before; the first of every such chain starts from `start`.
   * Chains are what runs side by side. Longer ones save passes, more of them use more threads. Default 5.
   */
  readonly chain?: number;
}

/** Neighbours, `length` together. */
export function chainsOf<Element>(elements: readonly Element[], length: number): Element[][] {
  return Array.from({ length: Math.ceil(elements.length / length) }, (_, k) =>
    elements.slice(k * length, (k + 1) * length),
  );
}

/**
 * One problem under several penalties, best ordered from strong to weak: chains of neighbours in which every solution is where
 * the next one starts, the chains side by side in worker threads. The results do not depend on the number of threads.
 *
 * @param problem its own `l1` and `l2` stand where a penalty names none
 * @param penalties `l1`, `l2` or both, >= 0
 * @param options as for `minimizeAll`, one for all
 * @param pathOptions chain, threads, reports, abort; see {@link PathOptions}
 * @returns the results in the order of the penalties
 * @throws (rejects) what `minimize` rejects with, the number of the penalty before it
 *
 * @example
 * const features = new Float64Array([0, 1, 2, 3]);
 * const labels = [1, 3, 5, 7];
 * const strengths = [1, 0.1, 0.01, 0.001].map((l1) => ({ l1, l2: 0 }));
 * const solutions = await path({ features, labels, loss: "squared" }, strengths, {}, { threads: 2, chain: 2 });
 * @see Friedman, Hastie, Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent", 2010, 2.5
 */
export async function path(
  problem: Problem,
  penalties: readonly PathPenalty[],
  options: ThreadMinimizeOptions = {},
  pathOptions: PathOptions = {},
): Promise<AnyMinimizeResult[]> {
  const where = "path";
  checkArray(where, "penalties", penalties);
  checkSideBySide(where, pathOptions, ["chain"]);
  checkSendable(where, options);
  const { signal, onPass, threads } = pathOptions;
  const length = checkInteger(where, "chain", pathOptions.chain ?? 5, 1, Number.MAX_SAFE_INTEGER);
  const { engine, ...plain } = options;
  const chains = chainsOf(penalties, length);
  const inputs = chains.map((chain) => () => ({
    problem,
    penalties: chain,
    options: plain,
    reports: onPass !== undefined,
  }));
  const progress = (report: unknown, chain: number) => {
    const { link, ...passed } = report as ThreadReport & { link: number };
    onPass?.(passed, chain * length + link);
  };
  try {
    const results = await withThreads(where, threads, (pool) => pool.run("path", inputs, { engine, signal, progress }));
    return results.flat();
  } catch (error) {
    const name = (chain: number) => {
      const last = Math.min((chain + 1) * length, penalties.length) - 1;
      return length === 1 ? `penalty ${chain}` : `penalties ${chain * length} to ${last}`;
    };
    throw nameFailure(where, name, error);
  }
}
