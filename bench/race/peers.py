"""Peers of the race on one set, left in the present folder by ./main.js: scikit-learn's solvers and liblinear itself.

By the wall clock, or with the argument "cpu" in seconds of the processor. Logistic regression with l2 = 1/n and no intercept. Each line of standard input is a question, each line of the answer JSON:

  reach SOLVER LEVEL SECONDS   the least setting with which the solver comes to the relative gap, and what it took:
                               iterations for sag, saga, lbfgs and newton-cg, a tolerance for liblinear; null if a fit would
                               take longer than SECONDS
  time SOLVER SETTING          the seconds of a whole fit
  gap SOLVER SETTING           its relative gap
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import ctypes
import functools
import json
import sys
import time
import warnings

import numpy as np
import scipy.sparse
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")

clock = time.process_time if "cpu" in sys.argv else time.perf_counter
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
    began = clock()
    model.fit(features, labels)
    return clock() - began, model.coef_.ravel()


class Node(ctypes.Structure):
    _fields_ = [("index", ctypes.c_int), ("value", ctypes.c_double)]


class Problem(ctypes.Structure):
    _fields_ = [
        ("l", ctypes.c_int), ("n", ctypes.c_int), ("y", ctypes.POINTER(ctypes.c_double)),
        ("x", ctypes.POINTER(ctypes.c_void_p)), ("bias", ctypes.c_double),
    ]


class Parameter(ctypes.Structure):
    _fields_ = [
        ("solver_type", ctypes.c_int), ("eps", ctypes.c_double), ("C", ctypes.c_double), ("nr_weight", ctypes.c_int),
        ("weight_label", ctypes.c_void_p), ("weight", ctypes.c_void_p), ("p", ctypes.c_double), ("init_sol", ctypes.c_void_p),
    ]


class Model(ctypes.Structure):
    _fields_ = [
        ("param", Parameter), ("nr_class", ctypes.c_int), ("nr_feature", ctypes.c_int),
        ("w", ctypes.POINTER(ctypes.c_double)), ("label", ctypes.POINTER(ctypes.c_int)), ("bias", ctypes.c_double),
    ]


SILENT = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(lambda text: None)


@functools.cache
def load_liblinear():
    """The library of liblinear 2.30, which liblinear-train is linked with, and the rows in its own format."""
    library = ctypes.CDLL("liblinear.so.4")
    library.train.restype = ctypes.POINTER(Model)
    library.set_print_string_function(SILENT)
    sparse = scipy.sparse.csr_matrix(features)
    lengths = np.diff(sparse.indptr) + 1
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    nodes = np.zeros(lengths.sum(), dtype=np.dtype(Node))
    nodes["index"] = -1
    entries = np.arange(sparse.nnz) + np.repeat(np.arange(rows), np.diff(sparse.indptr))
    nodes["index"][entries] = sparse.indices + 1
    nodes["value"][entries] = sparse.data
    pointers = (nodes.ctypes.data + starts * ctypes.sizeof(Node)).astype(np.uintp)
    problem = Problem(
        rows, columns, labels.ctypes.data_as(ctypes.POINTER(ctypes.c_double)),
        pointers.ctypes.data_as(ctypes.POINTER(ctypes.c_void_p)), -1.0,
    )
    return library, problem, (nodes, pointers)


def by_train(kind, tolerance):
    """What liblinear-train does after it has read its file."""
    library, problem, _ = load_liblinear()
    parameter = Parameter(solver_type=kind, eps=tolerance, C=1.0)
    began = clock()
    model = library.train(ctypes.byref(problem), ctypes.byref(parameter))
    seconds = clock() - began
    # The first label that it meets counts as positive.
    weights = np.ctypeslib.as_array(model.contents.w, (columns,)) * (1 if model.contents.label[0] > 0 else -1)
    library.free_and_destroy_model(ctypes.byref(model))
    return seconds, weights


def fit(solver, setting):
    if solver in ("sag", "saga", "lbfgs", "newton-cg"):
        tolerance = 0.0 if solver.startswith("sag") else 1e-14
        return by_sklearn(solver, int(setting), tolerance)
    if solver == "liblinear":
        return by_sklearn(solver, 1000, setting)
    return by_train({"liblinear-train primal": 0, "liblinear-train dual": 7}[solver], setting)


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
