import type { Coefficients } from "../estimators/coefficients.js";
import type { Estimator } from "../estimators/from-json.js";
import { LinearClassifier } from "../estimators/linear-classifier.js";
import { LinearRegressor } from "../estimators/linear-regressor.js";
import { accuracy, determination } from "../estimators/metrics.js";
import { Regressor } from "../estimators/regressor.js";
import { lossName } from "../estimators/terms.js";
import type { FitOptions, FitRun } from "../estimators/training.js";
import type { Problem } from "../finite-sum/index.js";
import { defined, type SolverFlags, solverOptions } from "./flags.js";
import type { DataSet } from "./input/data-set.js";
import { labelsOf, numbersOf } from "./input/measured.js";
import { isForClasses, lossOf } from "./losses.js";

export type Model = LinearClassifier | LinearRegressor;

/** The penalties of a model. */
export type Penalties = Pick<Problem, "l1" | "l2">;

/** The model that the command line asks for, which has learnt nothing yet. */
export function makeModel(flags: SolverFlags, penalties: Penalties): Model {
  const { intercept, scaleColumns, classWeights } = flags;
  const terms = { loss: lossOf(flags), intercept, ...defined({ ...penalties, scaleColumns }) };
  const options = { ...terms, ...solverOptions(flags) };
  return isForClasses(flags.loss)
    ? new LinearClassifier({ ...options, ...defined({ classWeights }) })
    : new LinearRegressor(options);
}

/** Learns from the data, beginning with what another has learnt, if that is given. */
export async function fit(model: Model, data: DataSet, options: FitOptions, before?: Coefficients): Promise<void> {
  if (model instanceof LinearClassifier) await model.fitFrom(before, data.features, labelsOf(data), options);
  else await model.fitFrom(before, data.features, numbersOf(data), options);
}

/** How the problems of a fitted model were solved, several where it is a class against the rest each. */
export function runsOf(model: Model): readonly FitRun[] {
  return model instanceof LinearClassifier ? model.runs : [model.run!];
}

/** What `scoreOf` measures. */
export function measureOf(model: Estimator): string {
  if (!(model instanceof Regressor)) return "accuracy";
  return isOfCounts(model) ? "R^2 of counts" : "R^2";
}

/** How well a model predicts labels that are of its kind. */
export function scoreOf(model: Estimator, data: DataSet, predicted = model.predict(data.features)): number {
  if (!(model instanceof Regressor)) return accuracy(labelsOf(data), predicted);
  const numbers = predicted as Float64Array;
  return determination(numbersOf(data), isOfCounts(model) ? numbers.map(Math.exp) : numbers);
}

/** Whether predictions are logarithms of expected counts. */
function isOfCounts({ options }: Regressor): boolean {
  const { loss } = options as { readonly loss?: Problem["loss"] };
  return loss !== undefined && lossName(loss) === "poisson";
}
