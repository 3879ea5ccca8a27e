"""Products of square matrices by NumPy or PyTorch, whichever BLAS is behind them, on one thread.

Argument: numpy or torch. For each line "f32|f64 N MILLISECONDS" on standard input: nanoseconds of a product of N x N, the
median of samples, in processor time.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import statistics
import sys
import time

import numpy as np

LEAST_SAMPLE = 2e5
LEAST_SAMPLES = 3


def product_of(library, a, b):
    if library == "numpy":
        c = np.empty_like(a)
        return lambda: np.matmul(a, b, out=c)
    import torch

    torch.set_num_threads(1)
    x, y = torch.from_numpy(a), torch.from_numpy(b)
    z = torch.empty_like(x)
    return lambda: torch.mm(x, y, out=z)


def measure(product, budget):
    repeats, used, samples = 1, 0, []
    while used < budget or len(samples) < LEAST_SAMPLES:
        began = time.process_time_ns()
        for _ in range(repeats):
            product()
        spent = time.process_time_ns() - began
        if spent < LEAST_SAMPLE:
            repeats *= 2
        else:
            used += spent
            samples.append(spent / repeats)
    return statistics.median(samples)


library = sys.argv[1]
generator = np.random.default_rng(1)
products = {}
for line in sys.stdin:
    dtype, size, milliseconds = line.split()
    key = (dtype, int(size))
    if key not in products:
        a, b = (generator.random((int(size), int(size))).astype({"f32": "f4", "f64": "f8"}[dtype]) - 0.5 for _ in "ab")
        products[key] = product_of(library, np.ascontiguousarray(a), np.ascontiguousarray(b))
    print(measure(products[key], float(milliseconds) * 1e6), flush=True)
