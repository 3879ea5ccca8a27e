/**
 * Linear models as scikit-learn has them. What is called otherwise here:
 *
 * | scikit-learn | here |
 * |---|---|
 * | `model.fit(X, y, sample_weight=s)` | `await model.fit(x, y, { sampleWeights: s })` |
 * | `model.partial_fit(X, y, classes)` | `await model.partialFit(x, y, { classes })` |
 * | `decision_function`, `predict_proba` | `decisionFunction`, `predictProbability`: one `Float64Array`, row after row |
 * | `coef_` | `weights`: a `Float64Array` of regressors; of classifiers an array of them, one a class, or a single one for two classes |
 * | `intercept_` | `intercept` of regressors, `intercepts` of classifiers |
 * | `classes_` | `classes` |
 * | `n_iter_`, `ConvergenceWarning` | `passes` and `converged` in `run` of regressors, in `runs` of classifiers |
 * | `get_params()`, `check_is_fitted` | `options`, `fitted` |
 * | `alpha_`, `alphas_`, `mse_path_` | `regularization`, `regularizations`, `meanSquaredErrors`, an array a fold |
 * | `C_`, `Cs_`, `scores_` | `inverseRegularization`, `inverseRegularizations`, `scores`, an array a fold |
 * | `pickle` | `JSON.stringify(model)` and `fromJSON` |
 * | `cross_validate` | `crossValidate` of `schuss/threads` |
 *
 * and of the options
 *
 * | scikit-learn | here |
 * |---|---|
 * | `C`, `alpha`, `l1_ratio` | `inverseRegularization`, `regularization`, `l1Ratio` |
 * | `penalty=None`, `"elasticnet"` | `penalty: "none"`, `"elasticNet"` |
 * | `fit_intercept`, `class_weight` | `intercept`, `classWeights` |
 * | `solver`, `max_iter`, `tol`, `random_state` | `method`, `passes`, `tolerance`, `seed` |
 * | `multi_class="ovr"` | `multiClass: "oneVsRest"` |
 * | `loss="log_loss"`, `"squared_error"`, `"squared_hinge"`, `"modified_huber"`, `"epsilon_insensitive"` | `loss: "logistic"`, `"squared"`, `"squaredHinge"`, `"modifiedHuber"`, `"epsilonInsensitive"` |
 * | `cv`, `eta0` | `folds`, `stepSize` |
 *
 * What is different: a fit has converged when the norm of the full gradient of the objective, which is a mean over the rows, is at most
 * `tolerance`; for losses with corners it is the duality gap that must be. No warning is printed if it has not: look at `converged`, or
 * print the model. Intercepts are never penalised, not even those of support vector machines. Folds are dealt at random, by `seed`.
 *
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
