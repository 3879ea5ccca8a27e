#!/usr/bin/env python3
"""What scikit-learn's estimators find that look for their penalty by cross-validation.

Writes sklearn-cv.json next to this script: the penalties, the measure of every fold
and penalty, the best penalty and the coefficients of the last fit. The data are
those of sklearn-estimators.json, which sklearn_estimators.py makes first; row i is
held out in fold i mod 4. The measure is the accuracy, or the mean squared error.

Nothing is saved where two penalties are so close that rounding might tell which of
them is the best, but for accuracies that are alike: then it is the first, that is
the strongest, in both. Each measure is also worked out by fitting scikit-learn's
plain estimator on the fold, and must be the same.
"""
import json
import os
import pathlib

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy is loaded

import numpy as np
import sklearn
from sklearn.linear_model import (ElasticNet, ElasticNetCV, Lasso, LassoCV, LogisticRegression,
                                  LogisticRegressionCV, Ridge, RidgeCV)
from sklearn.metrics import mean_squared_error

HERE = pathlib.Path(__file__)
SETS = json.loads(HERE.with_name("sklearn-estimators.json").read_text())["data"]
FOLDS = 4
TIGHT = {"tol": 1e-12, "max_iter": 1_000_000}


def must(condition, message):
    if not condition:
        raise SystemExit("sklearn_cv.py: " + message)


def splits(n):
    part = np.arange(n) % FOLDS
    return [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(FOLDS)]


def by_hand(make, penalties, X, y, measure):
    return np.array([[measure(make(p).fit(X[train], y[train]), X[test], y[test]) for p in penalties]
                     for train, test in splits(len(X))])


def accuracy(model, X, y):
    return model.score(X, y)


def error(model, X, y):
    return mean_squared_error(y, model.predict(X))


def case(name, data, parameters, penalties, model, measures, best, make, measure):
    X, y = np.array(SETS[data]["X"]), np.array(SETS[data]["y"])
    expected = by_hand(make, penalties, X, y, measure)
    must(np.abs(measures - expected).max() < 1e-5 * max(1, np.abs(expected).max()), f"{name} {data}: not what the plain ones measure")
    mean = expected.mean(axis=0)
    k = int(np.argmax(mean) if measure is accuracy else np.argmin(mean))
    must(penalties[k] == best, f"{name} {data}: the best is {best}, by hand {penalties[k]}")
    if measure is error:
        gap = np.sort(mean)[1] - np.sort(mean)[0]
        must(gap > 2e-6 * mean[k], f"{name} {data}: two penalties are too close")
    plain = make(best).fit(X, y)
    print(f"{name:22} {data:9} {str(parameters):60} best {best:.6g}")
    return {"estimator": name, "data": data, "parameters": parameters, "penalties": [float(p) for p in penalties],
            "measures": expected.tolist(), "best": float(best),
            "coef_": np.asarray(plain.coef_).tolist(), "intercept_": np.asarray(plain.intercept_).tolist()}


def logistic(data, parameters, Cs, how):
    X, y = np.array(SETS[data]["X"]), np.array(SETS[data]["y"])
    model = LogisticRegressionCV(Cs=Cs, cv=splits(len(X)), **parameters, **how).fit(X, y)
    measures = next(iter(model.scores_.values()))
    make = lambda c: LogisticRegression(C=c, **parameters, **how)
    return case("LogisticRegressionCV", data, parameters, Cs, model, measures, model.C_[0], make, accuracy)


def path(kind, plain, parameters):
    X, y = np.array(SETS["diabetes"]["X"]), np.array(SETS["diabetes"]["y"])
    model = kind(cv=splits(len(X)), n_alphas=10, **parameters, **TIGHT).fit(X, y)
    make = lambda a: plain(alpha=a, **parameters, **TIGHT)
    return case(kind.__name__, "diabetes", {**parameters, "n_alphas": 10}, model.alphas_, model, model.mse_path_.T, model.alpha_, make, error)


def ridge(alphas):
    X, y = np.array(SETS["diabetes"]["X"]), np.array(SETS["diabetes"]["y"])
    model = RidgeCV(alphas=alphas, cv=splits(len(X)), scoring="neg_mean_squared_error").fit(X, y)
    make = lambda a: Ridge(alpha=a)
    return case("RidgeCV", "diabetes", {}, alphas, model, by_hand(make, alphas, X, y, error), model.alpha_, make, error)


def main():
    newton = {"solver": "newton-cg", "tol": 1e-10, "max_iter": 500}
    cases = [
        logistic("cancer", {}, [1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0], newton),
        logistic("cancer", {"fit_intercept": False}, [1e-3, 1e-1, 10.0], newton),
        logistic("iris", {"multi_class": "multinomial"}, [1e-2, 1e-1, 1.0, 10.0], newton),
        path(LassoCV, Lasso, {}),
        path(LassoCV, Lasso, {"fit_intercept": False}),
        path(ElasticNetCV, ElasticNet, {"l1_ratio": 0.6}),
        ridge([0.1, 1.0, 10.0, 100.0]),
    ]
    fields = {
        "about": json.dumps("Made by sklearn_cv.py. Row i is held out in fold i mod 4."),
        "sklearn": json.dumps(sklearn.__version__),
        "numpy": json.dumps(np.__version__),
        "cases": "[\n" + ",\n".join(json.dumps(one, separators=(",", ":"), allow_nan=False) for one in cases) + "\n]",
    }
    text = "{\n" + ",\n".join(f'"{name}":{value}' for name, value in fields.items()) + "\n}\n"
    HERE.with_name("sklearn-cv.json").write_text(text)


if __name__ == "__main__":
    main()
