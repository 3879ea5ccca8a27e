/**
 * Linear models as scikit-learn has them.
 * @module schuss/estimators
 */

export type { ClassWeights } from "./class-weights.js";
export type { Label } from "./classes.js";
export type { Classifier, ClassifierOptions, PartialFitOptions } from "./classifier.js";
export { ElasticNet, type ElasticNetOptions } from "./elastic-net.js";
export { ElasticNetCV, type ElasticNetCVOptions } from "./elastic-net-cv.js";
export type { Features } from "./features.js";
export type { Fold, FoldRows } from "./folds.js";
export type { Found } from "./found.js";
export { type Estimator, fromJSON } from "./from-json.js";
export { Lasso, type LassoOptions } from "./lasso.js";
export { LassoCV, type LassoCVOptions } from "./lasso-cv.js";
export { LinearClassifier, type LinearClassifierOptions } from "./linear-classifier.js";
export { LinearRegression, type LinearRegressionOptions } from "./linear-regression.js";
export { LinearRegressor, type LinearRegressorOptions } from "./linear-regressor.js";
export { LinearSVC, type LinearSVCOptions } from "./linear-svc.js";
export { LinearSVR, type LinearSVROptions } from "./linear-svr.js";
export { LogisticRegression, type LogisticRegressionOptions } from "./logistic-regression.js";
export { LogisticRegressionCV, type LogisticRegressionCVOptions } from "./logistic-regression-cv.js";
export type { LogisticOptions } from "./logistic-terms.js";
export type { SolverOptions } from "./options.js";
export type { PenaltyName } from "./penalties.js";
export type { Regressor } from "./regressor.js";
export type { RegressorCV, RegressorCVOptions } from "./regressor-cv.js";
export { Ridge, type RidgeOptions } from "./ridge.js";
export { RidgeCV, type RidgeCVOptions } from "./ridge-cv.js";
export type { SavedModel } from "./saved.js";
export type { ScikitLearnCoefficients } from "./scikit-learn.js";
export type { SearchOptions } from "./search.js";
export { SGDClassifier, type SGDClassifierOptions } from "./sgd-classifier.js";
export { SGDRegressor, type SGDRegressorOptions } from "./sgd-regressor.js";
export type { StreamState } from "./stream.js";
export type { ProblemOptions } from "./terms.js";
export type { FitOptions, FitRun, FitThreads, Place } from "./training.js";
