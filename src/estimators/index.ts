// schuss/estimators: linear models as scikit-learn has them.

export type { ClassWeights } from "./class-weights.js";
export type { Label } from "./classes.js";
export type { Classifier, ClassifierOptions } from "./classifier.js";
export type { Features } from "./features.js";
export { type Estimator, fromJSON } from "./from-json.js";
export { LinearClassifier, type LinearClassifierOptions } from "./linear-classifier.js";
export { LinearRegression, type LinearRegressionOptions } from "./linear-regression.js";
export { LinearRegressor, type LinearRegressorOptions } from "./linear-regressor.js";
export { LogisticRegression, type LogisticRegressionOptions } from "./logistic-regression.js";
export type { SolverOptions } from "./options.js";
export type { Regressor } from "./regressor.js";
export { Ridge, type RidgeOptions } from "./ridge.js";
export type { SavedModel } from "./saved.js";
export type { ScikitLearnCoefficients } from "./scikit-learn.js";
export type { FitOptions, FitRun, Place } from "./training.js";
