import { checkArray, checkFunction, checkNames, given } from "../check.js";
import type { MinimizeOptions, MinimizeResult, Problem, Signal } from "../finite-sum/index.js";
import type { ThreadReport } from "./minimize-task.js";
import { JobError, type Threads, withThreads } from "./threads.js";

/** Options of `minimize` that are data, and the engine. */
export type ThreadMinimizeOptions = Omit<MinimizeOptions, "order" | "onPass" | "signal">;

export interface SideBySideOptions {
  /** How many workers, which end afterwards, or {@link Threads} that stay. Default: as many as the machine runs at once. */
  readonly threads?: number | Threads;
  /** Called after every pass of every problem. */
  readonly onPass?: (report: ThreadReport, index: number) => void;
  /** An `AbortSignal`. Once it is aborted all problems are given up, and the promise rejects with its reason. */
  readonly signal?: Signal;
}

export type AnyMinimizeResult = MinimizeResult<number | Float64Array>;

/** Options that can't go to another thread: functions. */
const LOCAL = ["order", "onPass", "signal"] as const;

export function checkSideBySide(where: string, options: SideBySideOptions, others: readonly string[] = []): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(options)}`);
  }
  checkNames(where, "option", options, ["threads", "onPass", "signal", ...others]);
  checkFunction(where, "onPass", options.onPass);
  checkFunction(where, "signal.throwIfAborted", options.signal && (options.signal.throwIfAborted ?? null));
}

/** An input of the task `minimize`, checked for what can't be sent. */
export function checkSendable(where: string, options: MinimizeOptions): void {
  const local = LOCAL.find((name) => options[name] !== undefined);
  if (local === undefined) return;
  const instead = local === "order" ? "give seed and sampling instead" : `give ${local} once for all, beside threads`;
  throw new RangeError(`${where}: ${local} can't go to another thread; ${instead}`);
}

/** What failed, with the name and the number of the problem. */
export function nameFailure(where: string, what: (index: number) => string, error: unknown): unknown {
  if (!(error instanceof JobError)) return error;
  const { cause, index } = error;
  const kinds: Record<string, ErrorConstructor> = { TypeError, RangeError };
  const { name, message } = cause instanceof Error ? cause : { name: "Error", message: String(cause) };
  return new (kinds[name] ?? Error)(`${where}: ${what(index)}: ${message}`, { cause });
}

/**
 * `minimize` for several problems, side by side in worker threads. The results are those of one after another, to the bit, as
 * long as no time limit cuts in.
 *
 * @param problems see `Problem`; those that share their features, of one class against the rest say, share them in memory too
 * @param options one for all problems, or one for each: those of `minimize` without functions
 * @param sideBySide threads, reports, abort; see {@link SideBySideOptions}
 * @returns the results in the order of the problems
 * @throws (rejects) what `minimize` rejects with, the number of the problem before it; the others are given up then
 *
 * @example
 * const features = new Float64Array([0, 1, 2, 3, 4, 5]);
 * const labels = [0, 0, 1, 1, 2, 2];
 * const classes = [0, 1, 2].map((k) => ({ features, labels: labels.map((y) => (y === k ? 1 : 0)), loss: "logistic" }));
 * const results = await minimizeAll(classes, { tolerance: 1e-6 }, { threads: 2 });
 */
export async function minimizeAll(
  problems: readonly Problem[],
  options: ThreadMinimizeOptions | readonly ThreadMinimizeOptions[] = {},
  sideBySide: SideBySideOptions = {},
): Promise<AnyMinimizeResult[]> {
  const where = "minimizeAll";
  checkArray(where, "problems", problems);
  checkSideBySide(where, sideBySide);
  const each = Array.isArray(options) ? (options as readonly MinimizeOptions[]) : undefined;
  checkArray(where, "options", each ?? [], each && problems.length, "one a problem");
  const { signal, onPass } = sideBySide;
  const first = each?.[0] ?? (options as MinimizeOptions);
  const inputs = problems.map((problem, index) => {
    const { engine: _, ...plain } = each?.[index] ?? (options as MinimizeOptions);
    checkSendable(where, plain);
    return () => ({ problem, options: plain, reports: onPass !== undefined });
  });
  try {
    return await withThreads(where, sideBySide.threads, (threads) =>
      threads.run("minimize", inputs, {
        engine: first?.engine,
        signal,
        progress: (report, index) => onPass?.(report as ThreadReport, index),
      }),
    );
  } catch (error) {
    throw nameFailure(where, (index) => `problem ${index}`, error);
  }
}
