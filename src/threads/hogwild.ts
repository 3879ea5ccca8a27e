import { checkInteger, checkNumber, checkOneOf, given, positive, unitAboveZero } from "../check.js";
import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import type { Problem } from "../finite-sum/index.js";
import { checkProblem } from "../finite-sum/problem.js";
import { HOGWILD_LOSSES, type HogwildInput, type HogwildLoss } from "./hogwild-task.js";
import { checkSideBySide, nameFailure, type SideBySideOptions } from "./minimize-all.js";
import { mayShare } from "./packing.js";
import { withThreads } from "./threads.js";

export interface HogwildOptions extends Omit<SideBySideOptions, "onPass"> {
  /** Passes over the data, of all workers together, >= 1 and at most 2^30 / rows. Default 20. */
  readonly passes?: number;
  /** > 0. Default 1 / L, with L the greatest smoothness constant of a row. */
  readonly stepSize?: number;
  /** In (0, 1]: what the step is multiplied by after every pass, the paper's beta. Default 0.9. */
  readonly decay?: number;
  /** An integer. Runs of more than one worker differ all the same. Default 0. */
  readonly seed?: number;
}

export interface HogwildResult {
  /** One number a column. */
  readonly weights: Float64Array;
  /** 0 where the problem has none. */
  readonly intercept: number;
  /** From the call on, the start of the workers included. */
  readonly seconds: number;
  /** How many workers there were. */
  readonly workers: number;
}

/** What Hogwild can minimise. */
export type HogwildProblem = Pick<Problem, "labels" | "l2" | "intercept"> & {
  readonly features: CsrMatrix;
  readonly loss: HogwildLoss;
};

/**
 * Hogwild: stochastic gradient descent by several workers on one vector of weights, without a lock.
 *
 *     every worker:  i uniform;  p = x_i.w + b;  w_j <- (w_j - t loss'(p, y_i) x_ij) / (1 + t l2 / share_j)  where x_ij is not 0
 *
 * share_j is the share of rows that have column j, so that l2 is right in the mean. Reads and writes race: updates of a weight
 * that two workers touch at once may be lost, and no run of several workers is like another. An experiment, to be measured, not
 * the way to solve a problem. In one run of bench/hogwild.js, with steps tuned on the uneven rows, two workers made a pass 2.0 times as fast
 * as one where columns are alike, and 1.06 times where they are as uneven as words in texts, since both write the same few
 * cache lines; `minimize` in one thread came to a gap of 0.1 in a quarter and a half of the two workers' time, and to one
 * of 0.03 in less than a fifth where columns are uneven. Its loops are WebAssembly, which has no shared floats to add to, and methods with a table
 * or a dual would be stuck, as a lost update is never made good there. For several processors, solve independent problems:
 * `minimizeAll`, `path`, `crossValidate`. Where memory can't be shared, as in a page that is not cross-origin isolated, the calling
 * thread is the only worker.
 *
 * @param problem rows as a `csr` matrix; loss `"logistic"`, `"squared"` or `"squaredHinge"`; `l2`, default 1/n
 * @param options see {@link HogwildOptions}
 * @returns weights and intercept; without a certificate, which SGD does not have
 * @throws (rejects) TypeError or RangeError for an entry of the problem or an option of the wrong type, size or range; the signal's
 *   reason if aborted
 *
 * @example
 * const features = csr({ values: new Float64Array([1, 1, 1]), indices: [0, 1, 1], offsets: [0, 1, 2, 3], columns: 2 });
 * const { weights } = await hogwild({ features, labels: [1, -1, -1], loss: "logistic", l2: 0.1 }, { threads: 2 });
 * @see Niu, Recht, Re, Wright, "Hogwild!: A Lock-Free Approach to Parallelizing Stochastic Gradient Descent", 2011
 */
export async function hogwild(problem: HogwildProblem, options: HogwildOptions = {}): Promise<HogwildResult> {
  const where = "hogwild";
  checkSideBySide(where, options, ["passes", "stepSize", "decay", "seed"]);
  if (!(problem?.features instanceof CsrMatrix)) {
    throw new TypeError(`${where}: features must be a csr matrix, got ${given(problem?.features)}`);
  }
  checkOneOf(where, "loss", problem.loss, HOGWILD_LOSSES);
  const checked = checkProblem(where, problem);
  const passes = checkInteger(where, "passes", options.passes ?? 20, 1, mostPasses(checked.rows));
  const decay = checkNumber(where, "decay", options.decay ?? 0.9, unitAboveZero);
  const seed = checkInteger(where, "seed", options.seed ?? 0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const { features, labels, columns, l2, intercept, loss } = checked;
  const { values, indices, offsets } = features as CsrMatrix;
  const greatest = greatestSquaredNorm(features as CsrMatrix) + (intercept ? 1 : 0);
  const stepSize = checkNumber(where, "stepSize", options.stepSize ?? 1 / (loss.curvature * greatest + l2), positive);
  const since = performance.now();
  // Without shared memory a worker would have weights of its own.
  return withThreads(where, mayShare() ? options.threads : 0, async (threads) => {
    const buffer = (bytes: number) => (mayShare() ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    const point = new Float64Array(buffer(8 * (columns + 1)));
    const claimed = new Int32Array(buffer(4));
    const shrinkage = shares(features as CsrMatrix).map((share) => l2 / share);
    const model = { values, indices, offsets, labels, loss: problem.loss, intercept, shrinkage };
    const common: Omit<HogwildInput, "seed"> = { ...model, point, claimed, stepSize, decay, passes };
    const inputs = Array.from({ length: threads.count }, (_, k) => (): HogwildInput => ({ ...common, seed: seed + k }));
    const run = threads.run("hogwild", inputs, { signal: options.signal });
    await run.catch((error) => {
      throw nameFailure(where, (index) => `worker ${index}`, error);
    });
    const seconds = (performance.now() - since) / 1000;
    // Fewer than asked for where none could be started.
    const workers = Math.min(inputs.length, threads.count);
    return { weights: point.slice(0, columns), intercept: point[columns]!, seconds, workers };
  });
}

/** Bursts of steps are counted in 32 bits. */
const mostPasses = (rows: number) => Math.floor(2 ** 30 / rows);

/** Of each column, the share of rows that have it; 1 where none has. */
function shares({ indices, rows, columns }: CsrMatrix): Float64Array {
  const counts = new Float64Array(columns);
  for (const j of indices) counts[j]! += 1;
  return counts.map((count) => (count > 0 ? count / rows : 1));
}

function greatestSquaredNorm({ values, offsets, rows }: CsrMatrix): number {
  let greatest = 0;
  for (let i = 0; i < rows; i++) {
    let norm = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) norm += values[k]! ** 2;
    greatest = Math.max(greatest, norm);
  }
  return greatest;
}
