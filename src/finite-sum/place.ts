import type { FloatArray } from "../memory/dtype.js";
import type { Engine } from "../memory/engine.js";
import { rootMeanSquares } from "./columns.js";
import { CsrMatrix } from "./csr-matrix.js";
import { CsrModel } from "./csr-model.js";
import { DenseModel } from "./dense-model.js";
import type { LinearModel } from "./model.js";
import { MultiModel } from "./multi-model.js";
import type { Oracle } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import { regularize } from "./regularizer.js";

/** A problem of any number of outputs, brought into the memory of an engine: see `place`. */
export function placeAny(engine: Engine, problem: CheckedProblem, even: boolean): Oracle {
  if (problem.outputs === 1) return place(engine, problem, even);
  const scales = problem.scaleColumns ? rootMeanSquares(problem) : undefined;
  const { factors, regularizer } = regularize(problem, scales, even);
  const dense = problem.features instanceof CsrMatrix ? problem : outside(engine, problem);
  return placed(new MultiModel(engine, dense, factors, regularizer));
}

/**
 * A problem of one output, brought into the memory of an engine.
 * @param even whether uneven l2 penalties are to be folded into the columns: the stochastic methods need one l2 for all
 */
export function place(engine: Engine, problem: CheckedProblem, even: boolean): LinearModel {
  const scales = problem.scaleColumns ? rootMeanSquares(problem) : undefined;
  const { factors, regularizer } = regularize(problem, scales, even);
  const model =
    problem.features instanceof CsrMatrix
      ? new CsrModel(engine, problem, factors, regularizer)
      : new DenseModel(engine, outside(engine, problem), factors, regularizer);
  return placed(model);
}

function placed<Placeable extends Oracle>(oracle: Placeable): Placeable {
  try {
    oracle.place();
    return oracle;
  } catch (error) {
    oracle.dispose();
    throw error;
  }
}

/** Features in the engine's own memory are copied out of it, since it may have to grow to take them in again. */
function outside(engine: Engine, problem: CheckedProblem): CheckedProblem {
  const features = problem.features as FloatArray;
  return features.buffer === engine.memory.buffer ? { ...problem, features: features.slice() } : problem;
}
