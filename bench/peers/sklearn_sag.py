"""scikit-learn's SAG on the data set in the present folder, which ../finite-sum.js has left there.

Arguments: rows, columns. For each line "f32|f64 FEW MANY" on standard input: nanoseconds per row, from the difference
between MANY and FEW epochs, so that checks and preparations cancel out. In processor time, since a fit is too long for
nothing to come between; the others take the median of short slices for the same reason.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.linear_model._sag import sag_solver

warnings.filterwarnings("ignore")

rows, columns = int(sys.argv[1]), int(sys.argv[2])
# The logistic loss of the solver wants labels -1 and 1 up to version 1.5, 0 and 1 since.
zero_and_one = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) >= (1, 6)


def read(name, dtype):
    features = np.fromfile("features." + name, dtype).reshape(rows, columns)
    labels = np.fromfile("labels." + name, dtype)
    if zero_and_one:
        labels = (labels > 0).astype(dtype)
    return features, labels, np.ones(rows, dtype), np.einsum("ij,ij->i", features, features).max()


def seconds(data, epochs):
    features, labels, weights, greatest = data
    # A coefficient more than there are columns asks for an intercept.
    start = {"coef": np.zeros((columns + 1, 1), features.dtype)}
    began = time.process_time()
    sag_solver(
        features, labels, weights, "log", alpha=1.0, beta=0.0, max_iter=epochs, tol=0.0, random_state=0,
        check_input=False, max_squared_sum=greatest, warm_start_mem=start,
    )
    return time.process_time() - began


sets = {"f32": read("f32", "<f4"), "f64": read("f64", "<f8")}

for line in sys.stdin:
    dtype, few, many = line.split()
    short, long = seconds(sets[dtype], int(few)), seconds(sets[dtype], int(many))
    print(1e9 * (long - short) / (int(many) - int(few)) / rows, flush=True)
