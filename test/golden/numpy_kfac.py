#!/usr/bin/env python3
"""The natural gradient of a linear layer with a Gaussian likelihood, from NumPy.

Writes numpy-kfac.json next to this script. The model is y ~ N(W a + b, S) for activations a, each as likely as another. With
x = (a, 1) and the weights as the rows of [W b], the Fisher matrix is E[g x^T (g x^T)^T], g = S^-1 (W a + b - y), and so

    F = S^-1 (x) E[x x^T],   natural gradient = F^-1 gradient

The gradients g are drawn as a design of 2 n points whose second moment is S^-1 to rounding: +- sqrt(n) times the columns of
its Cholesky factor. Nothing is saved unless the mean over all pairs of an x and a g is F to 1e-12, and the solution satisfies
F direction = gradient to 1e-10. The damped case adds sqrt(l) / pi I and pi sqrt(l) I to the two factors, pi^2 the quotient of
their mean eigenvalues.
"""
import json
import pathlib

import numpy as np

OUTPUT = pathlib.Path(__file__).with_name("numpy-kfac.json")
INPUTS, OUTPUTS, SAMPLES, DAMPING = 5, 3, 9, 0.2

random = np.random.default_rng(1)
a = np.round(random.normal(size=(SAMPLES, INPUTS)), 2)
x = np.hstack([a, np.ones((SAMPLES, 1))])
root = np.round(random.normal(size=(OUTPUTS, OUTPUTS)), 2) + 2 * np.eye(OUTPUTS)
precision = np.linalg.inv(root @ root.T)
columns = np.sqrt(OUTPUTS) * np.linalg.cholesky(precision).T
g = np.vstack([columns, -columns])
gradient = np.round(random.normal(size=(OUTPUTS, INPUTS + 1)), 2)

second = x.T @ x / SAMPLES
fisher = np.kron(precision, second)
sampled = np.mean([np.outer(v, v) for v in (np.outer(q, p).ravel() for q in g for p in x)], axis=0)
assert np.abs(sampled - fisher).max() < 1e-12


def solve(g_factor, a_factor):
    matrix = np.kron(g_factor, a_factor)
    direction = np.linalg.solve(matrix, gradient.ravel())
    assert np.abs(matrix @ direction - gradient.ravel()).max() < 1e-10
    return direction.reshape(gradient.shape)


pi = np.sqrt(np.trace(second) / (INPUTS + 1) / (np.trace(precision) / OUTPUTS))
damped = solve(precision + np.sqrt(DAMPING) / pi * np.eye(OUTPUTS), second + pi * np.sqrt(DAMPING) * np.eye(INPUTS + 1))

rows = lambda matrix: [list(map(float, row)) for row in matrix]
OUTPUT.write_text(json.dumps({
    "numpy": np.__version__, "inputs": INPUTS, "outputs": OUTPUTS, "damping": DAMPING, "activations": rows(a),
    "outputGradients": rows(g), "gradient": rows(gradient), "natural": rows(solve(precision, second)), "damped": rows(damped),
}) + "\n")
