/**
 * Linear models as scikit-learn has them.
 * @module schuss/estimators
 */

export type { ClassWeights } from "./class-weights.js";
export type { Label } from "./classes.js";
export type { Classifier, ClassifierOptions, PartialFitOptions } from "./classifier.js";
export { ElasticNet, type ElasticNetOptions } from "./elastic-net.js";
export type { Features } from "./features.js";
export { type Estimator, fromJSON } from "./from-json.js";
export { Lasso, type LassoOptions } from "./lasso.js";
export { LinearClassifier, type LinearClassifierOptions } from "./linear-classifier.js";
export { LinearRegression, type LinearRegressionOptions } from "./linear-regression.js";
export { LinearRegressor, type LinearRegressorOptions } from "./linear-regressor.js";
export { LinearSVC, type LinearSVCOptions } from "./linear-svc.js";
export { LinearSVR, type LinearSVROptions } from "./linear-svr.js";
export { LogisticRegression, type LogisticRegressionOptions } from "./logistic-regression.js";
export type { SolverOptions } from "./options.js";
export type { PenaltyName } from "./penalties.js";
export type { Regressor } from "./regressor.js";
export { Ridge, type RidgeOptions } from "./ridge.js";
export type { SavedModel } from "./saved.js";
export type { ScikitLearnCoefficients } from "./scikit-learn.js";
export { SGDClassifier, type SGDClassifierOptions } from "./sgd-classifier.js";
export { SGDRegressor, type SGDRegressorOptions } from "./sgd-regressor.js";
export type { StreamState } from "./stream.js";
export type { ProblemOptions } from "./terms.js";
export type { FitOptions, FitRun, FitThreads, Place } from "./training.js";
