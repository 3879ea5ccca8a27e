import { type ClassWeights, weightsOf } from "../estimators/class-weights.js";
import type { Classes } from "../estimators/classes.js";
import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import { checkOptions } from "../finite-sum/options.js";
import { checkProblem } from "../finite-sum/problem.js";
import { Run } from "../finite-sum/run.js";
import { defaultEngine } from "../memory/engine.js";
import { inFlags, UsageError } from "./errors.js";
import { defined, type SolverFlags, solverOptions } from "./flags.js";
import type { DataSet } from "./input/data-set.js";
import type { Task } from "./input/task.js";
import { lossOf } from "./losses.js";
import type { Penalties } from "./model.js";

/**
 * Refuses a method, draws, a step or class weights that don't go with the problem: mistakes of the command line. A run says what it
 * can't take as it is made, so one is made, of two rows with all that is asked for.
 */
export function rehearse(flags: SolverFlags, { l1, l2: givenL2 }: Penalties, { data, classes }: Task): void {
  const { loss, intercept, scaleColumns, stepSize, method, classWeights } = flags;
  const l2 = givenL2 ?? (l1 === undefined ? 1 / data.rows : 0);
  const outputs = loss === "softmax" ? classes?.count : undefined;
  const problem = {
    features: twoRows(data.features),
    labels: [0, 1],
    loss: lossOf(flags),
    intercept,
    l2,
    ...defined({ l1, scaleColumns, outputs }),
  };
  asUsage(() => {
    if (classWeights !== undefined) checkClassWeights(flags, classWeights, classes);
    const options = checkOptions("rehearse", solverOptions(flags));
    new Run("rehearse", defaultEngine(), checkProblem("rehearse", problem), options).dispose();
  });
  // What "auto" would choose for all rows may be another method than for two.
  if (method === "auto" && stepSize !== undefined && stepSize * l2 >= 1) {
    throw new UsageError(`--step-size must be below 1 / l2 = ${1 / l2}, got ${stepSize}`);
  }
}

function checkClassWeights({ loss }: SolverFlags, weights: ClassWeights, classes: Classes | undefined): void {
  if (classes === undefined) throw new UsageError(`--class-weights are for losses of classes, and --loss is ${loss}`);
  if (weights === "balanced") return;
  if (weightsOf("rehearse", weights, classes).every((weight) => weight === 0)) {
    throw new UsageError(
      `--class-weights must leave a class that counts, got 0 for all of ${classes.labels.join(", ")}`,
    );
  }
}

function asUsage(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof RangeError || error instanceof TypeError ? new UsageError(inFlags(error.message)) : error;
  }
}

/** Of one column, held as the rows are. */
function twoRows(features: DataSet["features"]): DataSet["features"] {
  if (!(features instanceof CsrMatrix)) return Float64Array.of(0, 1);
  return new CsrMatrix({
    values: Float64Array.of(1),
    indices: Int32Array.of(0),
    offsets: Int32Array.of(0, 0, 1),
    columns: 1,
  });
}
