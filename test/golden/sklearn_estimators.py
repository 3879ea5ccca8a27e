#!/usr/bin/env python3
"""Coefficients that scikit-learn's estimators reach when they are run to the end.

Writes sklearn-estimators.json next to this script: small data sets, and for each
estimator its parameters, coefficients, intercepts, predictions of some rows and
score. scikit-learn runs to a tolerance so tight that what is left is far below
what the tests ask for; nothing is saved unless the gradient of the objective, or
for l1 its distance to the subdifferential, is below 1e-7 there.

The objectives, for n rows with weights s_i:

  LogisticRegression  C sum s_i loss_i + (1 - l1_ratio)/2 |w|^2 + l1_ratio |w|_1
  Ridge               sum s_i (x_i.w + b - y_i)^2 + alpha |w|^2
  Lasso, ElasticNet   1/(2n) sum (x_i.w + b - y_i)^2 + alpha l1_ratio |w|_1 + alpha (1 - l1_ratio)/2 |w|^2
  LinearSVC           C sum s_i max(0, 1 - y_i p_i)^2 + 1/2 |w|^2     (fit_intercept=False: liblinear penalises it)
  LinearSVR           C sum max(0, |p_i - y_i| - epsilon) + 1/2 |w|^2 (the same)

Columns are scaled to mean 0 and variance 1 and rounded to four decimals.
"""
import json
import os
import pathlib
import warnings

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy is loaded

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.svm import LinearSVC, LinearSVR

OUTPUT = pathlib.Path(__file__).with_name("sklearn-estimators.json")


def must(condition, message):
    if not condition:
        raise SystemExit("sklearn_estimators.py: " + message)


def scaled(X):
    return np.round((X - X.mean(axis=0)) / X.std(axis=0), 4)


def data_sets():
    iris, cancer, diabetes = load_iris(), load_breast_cancer(), load_diabetes()
    names = np.array(["setosa", "versicolor", "virginica"])
    every_third = slice(None, None, 3)
    return {
        "iris": (scaled(iris.data), names[iris.target]),
        "cancer": (scaled(cancer.data[every_third, :8]), cancer.target[every_third]),
        "diabetes": (scaled(diabetes.data[every_third]), diabetes.target[every_third]),
    }


def weights_of(y):
    """0, 1, 2, 0.5, 0, 1, ..."""
    return np.resize([0.0, 1.0, 2.0, 0.5], len(y))


TIGHT = {"tol": 1e-10, "max_iter": 200_000}

CASES = [
    ("LogisticRegression", "cancer", {"C": 1.0}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "cancer", {"C": 0.1, "fit_intercept": False}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "cancer", {"C": 1.0, "class_weight": "balanced"}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "cancer", {"C": 1.0, "class_weight": {0: 3.0, 1: 0.5}}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "cancer", {"C": 1.0, "sample_weight": True}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "cancer", {"C": 0.5, "penalty": "l1"}, {"solver": "saga"}),
    ("LogisticRegression", "cancer", {"C": 0.5, "penalty": "elasticnet", "l1_ratio": 0.3}, {"solver": "saga"}),
    ("LogisticRegression", "iris", {"C": 1.0, "multi_class": "ovr"}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "iris", {"C": 1.0, "multi_class": "ovr", "class_weight": "balanced"}, {"solver": "newton-cholesky", "max_iter": 100}),
    ("LogisticRegression", "iris", {"C": 1.0, "multi_class": "multinomial"}, {"solver": "newton-cg", "max_iter": 200}),
    ("LogisticRegression", "iris", {"C": 0.5, "multi_class": "multinomial", "penalty": "l1"}, {"solver": "saga"}),
    ("LinearRegression", "diabetes", {}, {}),
    ("LinearRegression", "diabetes", {"sample_weight": True}, {}),
    ("Ridge", "diabetes", {"alpha": 1.0}, {}),
    ("Ridge", "diabetes", {"alpha": 30.0, "fit_intercept": False}, {}),
    ("Ridge", "diabetes", {"alpha": 10.0, "sample_weight": True}, {}),
    ("Lasso", "diabetes", {"alpha": 5.0}, {}),
    ("ElasticNet", "diabetes", {"alpha": 1.0, "l1_ratio": 0.5}, {}),
    ("ElasticNet", "diabetes", {"alpha": 1.0, "l1_ratio": 0.5, "sample_weight": True}, {}),
    ("LinearSVC", "cancer", {"C": 0.2, "fit_intercept": False}, {"dual": False}),
    ("LinearSVC", "cancer", {"C": 0.2, "fit_intercept": False, "penalty": "l1"}, {"dual": False}),
    ("LinearSVC", "cancer", {"C": 0.02, "fit_intercept": False, "loss": "hinge"}, {}),
    ("LinearSVC", "iris", {"C": 0.2, "fit_intercept": False}, {"dual": False}),
    ("LinearSVR", "diabetes", {"C": 0.1, "epsilon": 20.0, "fit_intercept": False}, {}),
]

ESTIMATORS = {one.__name__: one for one in (
    ElasticNet, Lasso, LinearRegression, LinearSVC, LinearSVR, LogisticRegression, Ridge)}


def slopes(name, X, y, model, parameters, weights):
    """The gradient of the smooth part of the objective in w and b, divided by n."""
    n = len(X)
    W = np.atleast_2d(model.coef_)
    b = np.atleast_1d(model.intercept_)
    P = X @ W.T + b
    s = np.ones(n) if weights is None else weights
    if name in ("LinearRegression", "Ridge", "Lasso", "ElasticNet"):
        R = s[:, None] * (P - y[:, None])
        if name in ("Lasso", "ElasticNet"):
            R *= n / s.sum()
        l2 = {"LinearRegression": 0, "Ridge": parameters.get("alpha", 0) / n, "Lasso": 0,
              "ElasticNet": parameters.get("alpha", 0) * (1 - parameters.get("l1_ratio", 0))}[name]
    elif name == "LogisticRegression":
        l2 = {"l2": 1, "l1": 0, "elasticnet": 1 - parameters.get("l1_ratio", 0)}[parameters.get("penalty", "l2")]
        l2 /= parameters["C"] * n
        Y = (y[:, None] == (model.classes_[1:] if len(W) == 1 else model.classes_)).astype(float)
        if parameters.get("multi_class") == "multinomial":
            E = np.exp(P - P.max(axis=1, keepdims=True))
            R = E / E.sum(axis=1, keepdims=True) - Y
        else:
            R = 1 / (1 + np.exp(-P)) - Y
        by_class = parameters.get("class_weight")
        if by_class == "balanced":
            share = Y.mean(axis=0)
            R = R * np.where(Y == 1, 1 / (2 * share), 1 / (2 * (1 - share)))
        elif by_class is not None:
            R = R * np.array([by_class[label] for label in y])[:, None]
        R = s[:, None] * R
    else:
        return None
    return R.T @ X / n + l2 * W, R.mean(axis=0)


def optimality(name, X, y, model, parameters, weights):
    found = slopes(name, X, y, model, parameters, weights)
    if found is None:
        return 0.0
    G, g = found
    W = np.atleast_2d(model.coef_)
    n = len(X)
    l1 = 0.0
    if name == "LogisticRegression":
        l1 = {"l2": 0, "l1": 1, "elasticnet": parameters.get("l1_ratio", 0)}[parameters.get("penalty", "l2")]
        l1 /= parameters["C"] * n
    elif name == "Lasso":
        l1 = parameters["alpha"]
    elif name == "ElasticNet":
        l1 = parameters["alpha"] * parameters["l1_ratio"]
    off = np.where(W != 0, np.abs(G + l1 * np.sign(W)), np.maximum(np.abs(G) - l1, 0)).max()
    return max(off, np.abs(g).max() if parameters.get("fit_intercept", True) else 0.0)


def fitted(name, X, y, parameters, how):
    parameters = dict(parameters)
    weights = weights_of(y) if parameters.pop("sample_weight", False) else None
    if name != "LinearRegression":
        how = {**TIGHT, **how}
    model = ESTIMATORS[name](**parameters, **how)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, y, **({} if weights is None else {"sample_weight": weights}))
    return model, parameters, weights


def case(name, data, parameters, how, X, y):
    model, own, weights = fitted(name, X, y, parameters, how)
    distance = optimality(name, X, y, model, own, weights)
    must(distance < (1e-6 if data == "diabetes" else 1e-7), f"{name} {data} {parameters}: {distance:.1e} from the optimum")
    print(f"{name:20} {data:9} {str(parameters):70} {distance:.1e}")
    probe = X[::17]
    saved = {
        "estimator": name, "data": data, "parameters": parameters,
        "coef_": model.coef_.tolist(), "intercept_": np.asarray(model.intercept_).tolist(),
        "predict": model.predict(probe).tolist(), "score": float(model.score(X, y)),
    }
    if hasattr(model, "classes_"):
        saved["classes_"] = model.classes_.tolist()
        saved["decision_function"] = model.decision_function(probe).tolist()
    if hasattr(model, "predict_proba"):
        saved["predict_proba"] = model.predict_proba(probe).tolist()
    return saved


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def lines(entries):
    return "[\n" + ",\n".join(compact(entry) for entry in entries) + "\n]"


def main():
    sets = data_sets()
    cases = [case(*entry, *sets[entry[1]]) for entry in CASES]
    about = "Made by sklearn_estimators.py. predict, predict_proba and decision_function are of every 17th row."
    data = {name: {"X": X.tolist(), "y": y.tolist()} for name, (X, y) in sets.items()}
    fields = {
        "about": compact(about),
        "sklearn": compact(sklearn.__version__),
        "numpy": compact(np.__version__),
        "data": "{\n" + ",\n".join(f'"{name}":{compact(one)}' for name, one in data.items()) + "\n}",
        "cases": lines(cases),
    }
    text = "{\n" + ",\n".join(f'"{name}":{value}' for name, value in fields.items()) + "\n}\n"
    json.loads(text)
    OUTPUT.write_text(text)
    print(f"{OUTPUT.name}: {len(cases)} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
