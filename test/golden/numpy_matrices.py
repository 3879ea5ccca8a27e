#!/usr/bin/env python3
"""Golden matrices from NumPy (LAPACK) in float64: products, factors, solutions and functions of small matrices.

Writes numpy-matrices.json next to this script. All given matrices have whole
elements, so that float32 and float64 hold the same ones.

  products       C = alpha op(A) op(B) + beta C, whole numbers, exact
  cholesky       A = L L^T, A = B B^T + n I
  triangular     op(T) X = B
  orthogonal     five steps of Muon's quintic polynomial on A / |A|, by the formula;
                 and U V^T of the singular value decomposition
  norms          the greatest eigenvalue in magnitude of a symmetric matrix
  roots          A^(1/2) and (A + ridge I)^(-1/p), by eigendecomposition

Nothing is saved unless it fulfils its definition: L L^T = A, op(T) X = B,
R^p (A + ridge I) = I, and singular values of the five steps by the scalar
polynomial, each to a hundred roundings.
"""
import json
import pathlib

import numpy as np

EPS = np.finfo(float).eps
QUINTIC = (3.4445, -4.775, 2.0315)
random = np.random.RandomState(20261)


def whole(rows, columns, most=9):
    return random.randint(-most, most + 1, (rows, columns)).astype(float)


def check(actual, expected, scale, what):
    error = np.abs(np.asarray(actual) - expected).max() / scale
    if not error <= 100 * EPS:
        raise SystemExit(f"{what}: off by {error:.1e}")


def positive(n):
    b = whole(n, n, 4)
    return b @ b.T + n * np.eye(n)


def product(transpose_a, transpose_b, m, n, k, alpha, beta):
    a = whole(*((k, m) if transpose_a else (m, k)))
    b = whole(*((n, k) if transpose_b else (k, n)))
    c = whole(m, n)
    result = alpha * (a.T if transpose_a else a) @ (b.T if transpose_b else b) + beta * c
    return {
        "transposeA": transpose_a, "transposeB": transpose_b, "m": m, "n": n, "k": k, "alpha": alpha, "beta": beta,
        "a": a.tolist(), "b": b.tolist(), "c": c.tolist(), "result": result.tolist(),
    }


def cholesky(n):
    a = positive(n)
    factor = np.linalg.cholesky(a)
    check(factor @ factor.T, a, np.abs(a).max() * n, "Cholesky")
    return {"matrix": a.tolist(), "factor": factor.tolist()}


def triangular(n, columns, upper, transpose):
    t = whole(n, n, 3)
    np.fill_diagonal(t, random.choice([-8.0, 8.0, 16.0], n))
    b = whole(n, columns)
    triangle = np.triu(t) if upper else np.tril(t)
    operator = triangle.T if transpose else triangle
    x = np.linalg.solve(operator, b)
    check(operator @ x, b, np.abs(b).max() * n, "triangular system")
    return {"upper": upper, "transpose": transpose, "triangle": t.tolist(), "b": b.tolist(), "x": x.tolist()}


def orthogonal(rows, columns):
    a = whole(rows, columns)
    x = a / np.linalg.norm(a)
    p, q, r = QUINTIC
    singular = np.linalg.svd(x, compute_uv=False)
    for _ in range(5):
        s = x @ x.T
        x = (p * np.eye(rows) + q * s + r * s @ s) @ x
        singular = p * singular + q * singular**3 + r * singular**5
    check(np.linalg.svd(x, compute_uv=False), np.sort(singular)[::-1], 1, "polynomial of singular values")
    u, _, v = np.linalg.svd(a, full_matrices=False)
    check((u @ v) @ (u @ v).T if rows <= columns else (u @ v).T @ (u @ v), np.eye(min(rows, columns)), 1, "U V^T")
    return {"matrix": a.tolist(), "fiveSteps": x.tolist(), "factor": (u @ v).tolist()}


def norm(n):
    a = whole(n, n)
    a = a + a.T
    return {"matrix": a.tolist(), "norm": float(np.abs(np.linalg.eigvalsh(a)).max())}


def root(n, p, ridge):
    a = positive(n)
    shifted = a + ridge * np.eye(n)
    values, vectors = np.linalg.eigh(shifted)
    inverse = (vectors * values ** (-1 / p)) @ vectors.T
    square = (vectors * np.sqrt(values)) @ vectors.T
    check(np.linalg.matrix_power(inverse, p) @ shifted, np.eye(n), values.max() / values.min(), "inverse root")
    check(square @ square, shifted, values.max(), "square root")
    return {
        "matrix": a.tolist(), "p": p, "ridge": ridge, "inverse": inverse.tolist(), "square": square.tolist(),
    }


def main():
    shapes = [(1, 1, 1), (3, 5, 2), (4, 8, 8), (5, 9, 3), (13, 11, 17)]
    scalars = [(1, 0), (2, 1), (-1, 3), (3, -2)]
    golden = {
        "numpy": np.__version__,
        "products": [
            product(ta, tb, *shape, *scalars[(i + ta + 2 * tb) % 4])
            for i, shape in enumerate(shapes) for ta in (0, 1) for tb in (0, 1)
        ],
        "cholesky": [cholesky(n) for n in (1, 2, 5, 12)],
        "triangular": [
            triangular(n, columns, upper, transpose)
            for n, columns in ((1, 1), (4, 3), (9, 1), (12, 7)) for upper in (0, 1) for transpose in (0, 1)
        ],
        "orthogonal": [orthogonal(*shape) for shape in ((1, 1), (4, 4), (3, 8), (9, 2), (1, 6), (7, 5))],
        "norms": [norm(n) for n in (1, 2, 6, 11)],
        "roots": [root(n, p, ridge) for n, p, ridge in ((1, 2, 0), (5, 2, 0), (6, 4, 1), (9, 1, 0), (8, 3, 2))],
    }
    target = pathlib.Path(__file__).with_name("numpy-matrices.json")
    target.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
