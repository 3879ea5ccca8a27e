"""scikit-learn's SAG and SAGA on the data set in the present folder, which ../finite-sum.js has left there.

Arguments: rows, columns, and "dense" or "csr". For each line "sag|saga f32|f64 L1 FEW MANY" on standard input: nanoseconds per
row, from the difference between MANY and FEW epochs, so that checks and preparations cancel out; L1 in units of 1 / rows. In
processor time, since a fit is too long for nothing to come between; the others take the median of short slices for the same
reason.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import sys
import time
import warnings

import numpy as np
import scipy.sparse
import sklearn
from sklearn.linear_model._sag import sag_solver

warnings.filterwarnings("ignore")

rows, columns, layout = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
# The logistic loss of the solver wants labels -1 and 1 up to version 1.5, 0 and 1 since.
zero_and_one = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) >= (1, 6)


def read(name, dtype):
    if layout == "csr":
        parts = [np.fromfile(file, kind) for file, kind in
                 (("values." + name, dtype), ("indices.i32", "<i4"), ("offsets.i32", "<i4"))]
        features = scipy.sparse.csr_matrix(tuple(parts), shape=(rows, columns))
        greatest = features.multiply(features).sum(axis=1).max()
    else:
        features = np.fromfile("features." + name, dtype).reshape(rows, columns)
        greatest = np.einsum("ij,ij->i", features, features).max()
    labels = np.fromfile("labels." + name, dtype)
    if zero_and_one:
        labels = (labels > 0).astype(dtype)
    return features, labels, np.ones(rows, dtype), greatest


def seconds(method, data, l1, epochs):
    features, labels, weights, greatest = data
    # A coefficient more than there are columns asks for an intercept.
    start = {"coef": np.zeros((columns + 1, 1), features.dtype)}
    began = time.process_time()
    sag_solver(
        features, labels, weights, "log", alpha=1.0, beta=l1, max_iter=epochs, tol=0.0, random_state=0,
        check_input=False, max_squared_sum=greatest, warm_start_mem=start, is_saga=method == "saga",
    )
    return time.process_time() - began


sets = {"f32": read("f32", "<f4"), "f64": read("f64", "<f8")}

for line in sys.stdin:
    method, dtype, l1, few, many = line.split()
    short, long = (seconds(method, sets[dtype], float(l1), int(epochs)) for epochs in (few, many))
    print(1e9 * (long - short) / (int(many) - int(few)) / rows, flush=True)
