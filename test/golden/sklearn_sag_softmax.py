#!/usr/bin/env python3
"""Golden end points of SAG and SAGA on the softmax loss, taken from scikit-learn's compiled solver.

Writes sklearn-sag-softmax.json next to this script; the data, the draws and the rule are those of sklearn_sag.py,
with a slope, a stored gradient and an intercept for every class:  slope_k = softmax(x_i . W + b)_k - [y_i = k].
Nothing is saved unless the steps done in plain numpy end within 1e-13 of what scikit-learn returns. On CSR rows
the intercept takes a hundredth of its step, but for SAGA's own part, and l1 is left out, where scikit-learn pays
postponed steps from the newest to the oldest and is 2e-4 off.
"""
import json
import pathlib
import warnings

import numpy as np
import scipy.sparse
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model._sag import sag_solver

from sklearn_sag import COLUMNS, EPOCHS, METHODS, ROWS, SEED, compact, lines, make_data, must, replay_draws, step_size

CLASSES = 3
OUTPUT = pathlib.Path(__file__).with_name("sklearn-sag-softmax.json")


def run_textbook(X, y, draws, saga, l2, l1, intercept, step, intercept_scale):
    W, b = np.zeros((COLUMNS, CLASSES)), np.zeros(CLASSES)
    memory = np.zeros((ROWS, CLASSES))
    S, T = np.zeros_like(W), np.zeros(CLASSES)
    seen = set()
    for row in draws:
        seen.add(row)
        scores = X[row] @ W + b
        shares = np.exp(scores - scores.max())
        slope = shares / shares.sum() - (np.arange(CLASSES) == y[row])
        change = slope - memory[row]
        memory[row] = slope
        S += np.outer(X[row], change)
        T += change
        W = (1 - step * l2) * W - step / len(seen) * S
        if intercept:
            b = b - intercept_scale * step / len(seen) * T
        if saga:
            pull = step * (1 - 1 / len(seen)) * change
            W = W - np.outer(X[row], pull)
            W = np.sign(W) * np.maximum(np.abs(W) - step * l1, 0)
            b = b - pull if intercept else b
    return W, b


def run_sklearn(X, y, csr, saga, l2, l1, intercept):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        solution, epochs, _ = sag_solver(
            scipy.sparse.csr_matrix(X) if csr else X, y, loss="multinomial", alpha=l2 * ROWS, beta=l1 * ROWS,
            max_iter=EPOCHS, tol=0.0, random_state=SEED, is_saga=saga,
            warm_start_mem={"coef": np.zeros((COLUMNS + intercept, CLASSES))})
    must(epochs == EPOCHS, f"scikit-learn stopped after {epochs} epochs")
    W = solution.T
    return W[:COLUMNS], W[COLUMNS] if intercept else np.zeros(CLASSES)


def main():
    X, targets = make_data(np.random.RandomState(7))
    y = np.digitize(targets["squared"], np.quantile(targets["squared"], [1 / 3, 2 / 3])).astype(float)
    draws = replay_draws(SEED, ROWS, EPOCHS * ROWS)
    cases = []
    for csr, intercept in (False, False), (False, True), (True, False), (True, True):
        for saga, l2, l1 in METHODS:
            if csr and l1 > 0:
                continue
            step = step_size(X, "logistic", saga, l2, intercept)
            W, b = run_sklearn(X, y, csr, saga, l2, l1, intercept)
            intercept_scale = 0.01 if csr else 1.0
            plain_W, plain_b = run_textbook(X, y, draws, saga, l2, l1, intercept, step, intercept_scale)
            error = max(np.max(np.abs(W - plain_W)), np.max(np.abs(b - plain_b)))
            print(f"{'csr' if csr else 'dense':5} {'intercept' if intercept else '-':9} "
                  f"{'saga' if saga else 'sag':4} l2 {l2:4} l1 {l1:4}  {error:.1e}")
            must(error < 1e-13, "scikit-learn and the textbook disagree")
            cases.append({"csr": csr, "intercept": intercept, "saga": saga, "l2": l2, "l1": l1, "step": float(step),
                          "weights": W.ravel().tolist(), "biases": b.tolist()})
    fields = {
        "about": compact("Made by sklearn_sag_softmax.py, on the rows and draws of sklearn-sag.json. Weights are row by "
                         "row, a number a class."),
        "sklearn": compact(sklearn.__version__),
        "y": compact([int(label) for label in y]),
        "cases": lines(cases),
    }
    text = "{\n" + ",\n".join(f'"{name}":{value}' for name, value in fields.items()) + "\n}\n"
    json.loads(text)
    OUTPUT.write_text(text)
    print(f"{OUTPUT.name}: {len(cases)} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
