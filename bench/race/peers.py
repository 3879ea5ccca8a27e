"""Peers of the race on one set, left in the present folder by ./main.js: scikit-learn's solvers and liblinear-train.

Logistic regression with l2 = 1/n and no intercept. Each line of standard input is a question, each line of the answer JSON:

  reach SOLVER LEVEL SECONDS   the least setting with which the solver comes to the relative gap, and what it took:
                               iterations for sag, saga, lbfgs and newton-cg, a tolerance for liblinear; null if a fit would
                               take longer than SECONDS
  time SOLVER SETTING          the seconds of a whole fit
  gap SOLVER SETTING           its relative gap
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import json
import subprocess
import sys
import time
import warnings

import numpy as np
import scipy.sparse
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")

meta = json.load(open("meta.json"))
rows, columns, best = meta["rows"], meta["columns"], meta["best"]
labels = np.fromfile("labels.f64")
if meta["sparse"]:
    parts = np.fromfile("values.f64"), np.fromfile("indices.i32", np.int32), np.fromfile("offsets.i32", np.int32)
    features = scipy.sparse.csr_matrix(parts, shape=(rows, columns))
else:
    features = np.fromfile("features.f64").reshape(rows, columns)


def gap_of(weights):
    margins = labels * (features @ weights)
    objective = np.mean(np.logaddexp(0, -margins)) + weights.dot(weights) / (2 * rows)
    return float((objective - best) / best)


def by_sklearn(solver, iterations, tolerance):
    model = LogisticRegression(
        C=1.0, solver=solver, tol=tolerance, max_iter=iterations, fit_intercept=False, random_state=0,
    )
    began = time.perf_counter()
    model.fit(features, labels)
    return time.perf_counter() - began, model.coef_.ravel()


def run_train(kind, tolerance):
    began = time.perf_counter()
    command = ["liblinear-train", "-q", "-s", kind, "-c", "1", "-e", repr(tolerance), "rows.svm", "model"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def by_train(kind, tolerance):
    """Without the time it takes to read the file: that of a run that stops at once."""
    seconds = run_train(kind, tolerance)
    lines = open("model").read().split("\n")
    weights = np.zeros(columns)
    start = lines.index("w") + 1
    numbers = np.array([float(line) for line in lines[start : start + columns]])
    weights[: len(numbers)] = numbers
    # The first label that it meets counts as positive.
    first = float(next(line for line in lines if line.startswith("label")).split()[1])
    return max(seconds - run_train(kind, 1e9), 0.0), weights * (1 if first > 0 else -1)


def fit(solver, setting):
    if solver in ("sag", "saga", "lbfgs", "newton-cg"):
        tolerance = 0.0 if solver.startswith("sag") else 1e-14
        return by_sklearn(solver, int(setting), tolerance)
    if solver == "liblinear":
        return by_sklearn(solver, 1000, setting)
    return by_train({"liblinear-train primal": "0", "liblinear-train dual": "7"}[solver], setting)


def reach(solver, level, limit):
    tried = {}

    def good(setting):
        if setting not in tried:
            seconds, weights = fit(solver, setting)
            tried[setting] = gap_of(weights) <= level, seconds
        return tried[setting][0]

    if "liblinear" in solver:
        for setting in (10.0 ** (-k / 2) for k in range(1, 20)):
            if good(setting):
                return setting
            if tried[setting][1] > limit:
                return None
        return None
    low, high = 0, 4
    while not good(high):
        if tried[high][1] > limit or high > 4000:
            return None
        low, high = high, 2 * high
    while high - low > max(1, high // 32):
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high


for line in sys.stdin:
    question, rest = line.strip().split(" ", 1)
    if question == "version":
        answer = sklearn.__version__
    elif question == "reach":
        solver, level, limit = rest.rsplit(" ", 2)
        answer = reach(solver, float(level), float(limit))
    else:
        solver, setting = rest.rsplit(" ", 1)
        seconds, weights = fit(solver, float(setting))
        answer = seconds if question == "time" else gap_of(weights)
    print(json.dumps(answer), flush=True)
