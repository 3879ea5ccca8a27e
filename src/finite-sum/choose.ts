import { leastSpread } from "./columns.js";
import { CsrMatrix } from "./csr-matrix.js";
import { infoOf, type SamplingName, type SolverName } from "./methods/index.js";
import type { CheckedOptions } from "./options.js";
import type { CheckedProblem } from "./problem.js";
import { isState } from "./state.js";

/** What "auto" goes by, of the rows: squared norms with weights counted in. */
export interface Spread {
  readonly greatest: number;
  readonly mean: number;
}

export interface Choice {
  readonly method: SolverName;
  readonly sampling?: SamplingName;
  readonly reason: string;
}

/** Why a method can't take a problem, undefined if it can. In batches a method goes through every proximal map. */
export function obstacle(name: SolverName, problem: CheckedProblem, batched = false): string | undefined {
  const { loss, l1, l2, penalty, penaltyWeights, outputs, features } = problem;
  const info = infoOf(name);
  if (info.smooth && !loss.smooth) {
    return `${name} needs a loss without corners, and ${loss.name} has one: sdca takes it, with l2 > 0, and sgd`;
  }
  if (!loss.dual && info.needsL2) return `${name} needs a convex loss whose dual is known: not ${loss.name}`;
  if (info.needsL2 && !(l2 > 0)) return `${name} works on the dual, for which l2 must be > 0`;
  const inSteps = info.kind === "steps" && !batched;
  if (info.kind === "batch" && info.single === true && outputs > 1)
    return `${name} takes one output: lbfgs takes ${outputs}`;
  if (inSteps && outputs > 1) {
    if (info.multi === undefined) {
      return `${name} takes one output: with ${outputs} take lbfgs, apg or gd, sag or saga, or svrg or sgd, which go in batches then`;
    }
    if (l1 > 0 && (penaltyWeights !== undefined || features instanceof CsrMatrix)) {
      return `${name} takes an l1 of several outputs on dense rows alone, and the same for all columns: apg does`;
    }
    if (penalty !== undefined)
      return `${name} does not take the penalty "${penalty.kind}" of several outputs: apg does`;
  }
  if (info.kind !== "batch" && loss.name === "poisson" && !info.needsL2) {
    return `${name} needs a bound on the loss's curvature, and poisson has none: take lbfgs, apg or sdca`;
  }
  if (inSteps && l2 > 0 && penaltyWeights?.includes(0)) {
    return `${name} can't leave single columns without l2 (penaltyWeights of 0): lbfgs, apg and gd can`;
  }
  if (penalty !== undefined || l1 > 0) {
    const what = penalty === undefined ? "l1" : `the penalty "${penalty.kind}"`;
    const sparse = features instanceof CsrMatrix;
    const can =
      info.reach === "all" ||
      (batched && info.kind === "steps") ||
      (info.reach === "separable" && (penalty === undefined || (penalty.bounds !== undefined && !sparse))) ||
      (info.reach === "l1" && penalty === undefined);
    if (!can) return `${name} does not take ${what}${penalty?.bounds && sparse ? " on sparse rows" : ""}: apg does`;
  }
  return undefined;
}

/** Rows of which the norms spread so far are drawn by them. */
const SPREAD = 3;

/** Below so many rows a pass costs next to nothing, and stochastic methods need thousands. */
const FEW = 1000;

/** How ill-conditioned a problem may be, in units of n, before a pass of the stochastic methods brings too little. */
const ILL = 200;

/**
 * So many rows a column, and Newton's method is faster on logistic problems whose rows are dense or of many norms. Measured to gaps of
 * 1e-4, 1e-6 and 1e-8 in the time of SAGA: 0.88, 0.82, 0.80 on 100,000 dense rows of 100 columns; 0.61, 0.44, 0.45 on w8a, whose
 * longest row has ten times the mean squared norm. On sparse rows of similar norms, those of a9a, it is 1.15, 1.33, 0.89.
 */
const TALL = 20;

/**
 * Up to this condition number, in units of n, SDCA takes on sparse rows of similar norms 0.77 to 1.01 of SAGA's time, logistic
 * and without an intercept, which it has to approach from outside (with one it takes 0.9 to 1.5); at 2.5 it takes 0.4 to 1.5.
 */
const EASY = 1;

/** Whether the options ask for nothing that SDCA does without: it starts from dual variables, and has no steps to be set. */
function suitsDual({ start, stepSize, lineSearch, sampling }: CheckedOptions): boolean {
  const starts = start === undefined || (isState(start) && start.method === "sdca");
  return starts && stepSize === undefined && !lineSearch && sampling !== "lipschitz";
}

/**
 * The mean squared norm of a row over n times the least spread of a column: from here on columns are too far apart in their units, or
 * too far from 0, for steps along rows. Measured to a gradient of 1e-4 with an l1 on 20,000 rows of 50 columns, passes of SAGA and of the
 * accelerated proximal gradient: at 0.0026 7 and 23; at 0.025, columns three deviations from 0, 40 and 23; at 9, columns
 * 100 times as large as others, more than 100 and 28. A pass of SAGA takes twice the time.
 */
const UNEVEN = 0.02;

/** The method for a problem that leaves the choice to us. */
export function choose(problem: CheckedProblem, { greatest, mean }: Spread, options: CheckedOptions): Choice {
  const { features, loss, rows, columns, l1, l2, penalty, outputs, intercept } = problem;
  const fits = (name: SolverName) => obstacle(name, problem) === undefined;
  if (!loss.smooth) {
    if (fits("sdca")) return { method: "sdca", reason: `the ${loss.name} loss has corners, and its dual has none` };
    throw new RangeError(`minimize: for the ${loss.name} loss ${obstacle("sdca", problem)}`);
  }
  const batch: SolverName = fits("lbfgs") ? "lbfgs" : "apg";
  if (!fits("saga")) return { method: batch, reason: obstacle("saga", problem)! };
  if (loss.name === "sigmoid") return { method: batch, reason: "the sigmoid neuron's loss is not convex" };
  if (rows < FEW)
    return {
      method: batch,
      reason: `${rows === 1 ? "1 row is" : `${rows} rows are`} few: full gradients cost next to nothing`,
    };
  const smoothness = loss.curvature * mean;
  const square = l1 === 0 && penalty === undefined;
  if (smoothness > ILL * rows * l2 && square) {
    const ratio = l2 > 0 ? (smoothness / l2).toExponential(0) : "unbounded";
    return { method: batch, reason: `the condition number, ${ratio}, is far above the ${rows} rows` };
  }
  if (!square && mean + 1 > UNEVEN * rows * leastSpread(problem)) {
    return { method: batch, reason: "columns of very different sizes, or far from 0, which its steps allow for" };
  }
  const spread = greatest > SPREAD * mean;
  if (outputs > 1) return chooseForSeveral(problem, batch, spread);
  const tall = rows >= TALL * columns && (spread || !(features instanceof CsrMatrix));
  if (loss.name === "logistic" && tall && fits("newton")) {
    return { method: "newton", reason: `${rows} rows of ${columns} columns: a part of them tells the curvature` };
  }
  if (spread) {
    const times = (greatest / mean).toPrecision(2);
    return {
      method: "saga",
      sampling: "lipschitz",
      reason: `the longest row has ${times} times the mean squared norm`,
    };
  }
  const easy = smoothness <= EASY * rows * l2 && square && !intercept;
  if (loss.name === "logistic" && easy && features instanceof CsrMatrix && suitsDual(options)) {
    return { method: "sdca", reason: "sparse rows of similar norms, and more of them than the condition number" };
  }
  return { method: "saga", reason: "many rows of similar norms" };
}

/**
 * Steps for several outputs cost more beside a full gradient than those for one. Measured on softmax to gaps of 1e-4 to 1e-8: SAGA takes
 * 0.6 to 0.3 of the time of L-BFGS on sparse rows of one norm, 1.3 to 2 times as much on dense rows and on rows of many norms.
 */
function chooseForSeveral({ features, outputs }: CheckedProblem, batch: SolverName, spread: boolean): Choice {
  if (features instanceof CsrMatrix && !spread) {
    return { method: "saga", reason: `many sparse rows of similar norms, ${outputs} outputs` };
  }
  const rows = spread ? "rows of very different norms" : "dense rows";
  return { method: batch, reason: `${outputs} outputs and ${rows}: full gradients are faster` };
}
