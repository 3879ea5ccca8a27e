import { ElasticNet } from "./elastic-net.js";
import { ElasticNetCV } from "./elastic-net-cv.js";
import { Lasso } from "./lasso.js";
import { LassoCV } from "./lasso-cv.js";
import { LinearClassifier } from "./linear-classifier.js";
import { LinearRegression } from "./linear-regression.js";
import { LinearRegressor } from "./linear-regressor.js";
import { LinearSVC } from "./linear-svc.js";
import { LinearSVR } from "./linear-svr.js";
import { LogisticRegression } from "./logistic-regression.js";
import { LogisticRegressionCV } from "./logistic-regression-cv.js";
import { Ridge } from "./ridge.js";
import { RidgeCV } from "./ridge-cv.js";
import { checkSaved } from "./saved.js";
import { SGDClassifier } from "./sgd-classifier.js";
import { SGDRegressor } from "./sgd-regressor.js";

const estimators = {
  ElasticNet,
  ElasticNetCV,
  Lasso,
  LassoCV,
  LinearClassifier,
  LinearRegression,
  LinearRegressor,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  LogisticRegressionCV,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDRegressor,
};

/** An estimator that has learnt nothing yet, by the name of its class. @internal */
export function estimatorOf({ estimator, options }: { estimator: string; options: object }): Estimator {
  return new estimators[estimator as keyof typeof estimators](options);
}

export type Estimator =
  | ElasticNet
  | ElasticNetCV
  | Lasso
  | LassoCV
  | LinearClassifier
  | LinearRegression
  | LinearRegressor
  | LinearSVC
  | LinearSVR
  | LogisticRegression
  | LogisticRegressionCV
  | Ridge
  | RidgeCV
  | SGDClassifier
  | SGDRegressor;

/**
 * The estimator that `toJSON` was called on, whichever it was.
 *
 * @param json what `toJSON` gave, or what `JSON.parse` made of it again
 * @returns an estimator of the class named in it, with its options, that predicts as the saved one
 * @throws TypeError or RangeError for JSON that is no model, saying what it lacks
 *
 * @example
 * const trained = new LinearRegression();
 * await trained.fit([[0], [1], [2], [3]], [1, 3, 5, 7]);
 * const saved = JSON.stringify(trained);
 * const model = fromJSON(JSON.parse(saved));
 * model.predict([[4]]); // near 9
 */
export function fromJSON(json: unknown): Estimator {
  const { estimator } = checkSaved("fromJSON", json);
  if (!Object.hasOwn(estimators, estimator)) {
    const known = Object.keys(estimators).join(", ");
    throw new RangeError(`fromJSON: there is no estimator ${JSON.stringify(estimator)}; there are ${known}`);
  }
  return estimators[estimator as keyof typeof estimators].fromJSON(json);
}
