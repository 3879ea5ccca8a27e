#!/usr/bin/env python3
"""Golden decompositions of small matrices, from NumPy (LAPACK) in float64.

Writes numpy-decompositions.json next to this script. All matrices have whole
elements, so that float32 and float64 hold the same ones.

  symmetric     eigenvalues, ascending. The last matrices have rank 3 and 40
                columns, and two equal blocks side by side: every eigenvalue twice.
  hilbert       eigenvalues of 1 / (i + j + 1), i, j < 12
  qr            A = Q R, thin, the diagonal of R not negative
  inverseRoots  (A + ridge I)^(-1/p), A = B B^T, ridge = relative * greatest eigenvalue

Nothing is saved unless it fulfils its definition: eigenvalues the characteristic
sums (trace and squares) and A V = V L, factors A = Q R and Q^T Q = I, roots
R^p (A + ridge I) = I for whole p, each to a hundred roundings.
"""
import json
import pathlib

import numpy as np

EPS = np.finfo(float).eps
random = np.random.RandomState(20260)


def whole(rows, columns):
    return random.randint(-9, 10, (rows, columns)).astype(float)


def check(actual, expected, scale, what):
    error = np.abs(np.asarray(actual) - expected).max() / scale
    if not error <= 100 * EPS:
        raise SystemExit(f"{what}: off by {error:.1e}")


def symmetric(n):
    a = whole(n, n)
    return a + a.T


def rank(n, r):
    b = random.randint(-3, 4, (n, r)).astype(float)
    return b @ b.T


def twice(n):
    a, zero = symmetric(n), np.zeros((n, n))
    return np.block([[a, zero], [zero, a]])


def eigenvalues(a):
    values, vectors = np.linalg.eigh(a)
    norm = np.abs(values).max()
    check(values.sum(), np.trace(a), norm * len(a), "trace")
    check((values**2).sum(), (a**2).sum(), norm**2 * len(a), "squares")
    check(a @ vectors, vectors * values, norm * np.sqrt(len(a)), "eigenvectors")
    return {"matrix": a.tolist(), "values": values.tolist()}


def qr(rows, columns):
    a = whole(rows, columns)
    q, r = np.linalg.qr(a)
    signs = np.where(np.diag(r) < 0, -1.0, 1.0)
    q, r = q * signs, signs[:, None] * r
    check(q @ r, a, np.abs(a).max() * np.sqrt(columns), "A = Q R")
    check(q.T @ q, np.eye(len(r)), 1, "Q^T Q = I")
    return {"matrix": a.tolist(), "q": q.tolist(), "r": r.tolist()}


def inverse_root(n, p, relative):
    b = whole(n, n + 4)
    a = b @ b.T
    values, vectors = np.linalg.eigh(a)
    ridge = relative * values.max()
    root = (vectors * (values + ridge) ** (-1 / p)) @ vectors.T
    if p == int(p):
        shifted = a + ridge * np.eye(n)
        condition = (values.max() + ridge) / (values.min() + ridge)
        check(np.linalg.matrix_power(root, int(p)) @ shifted, np.eye(n), condition, "root")
    return {"matrix": a.tolist(), "p": p, "relative": relative, "root": root.tolist()}


def main():
    golden = {
        "numpy": np.__version__,
        "symmetric": [eigenvalues(a) for a in [symmetric(n) for n in (1, 2, 3, 7, 24, 33, 67)] + [rank(40, 3), twice(20)]],
        "hilbert": eigenvalues(1 / (np.arange(12)[:, None] + np.arange(12) + 1))["values"],
        "qr": [qr(*shape) for shape in ((1, 1), (5, 3), (3, 5), (24, 24), (40, 17))],
        "inverseRoots": [inverse_root(*case) for case in ((9, 2, 0), (16, 4, 1e-6), (12, 3, 1e-2), (10, 1.5, 1e-3))],
    }
    path = pathlib.Path(__file__).with_name("numpy-decompositions.json")
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
