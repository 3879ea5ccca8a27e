#!/usr/bin/env python3
"""Golden end points of SAG and SAGA, taken from scikit-learn's compiled solver.

Writes sklearn-sag.json next to this script. The rows the solver visits are not
returned by it, but they follow from its seed, so they can be stored with the
data: a solver that is fed the same draws has to arrive at the same weights.

The problem:  minimise  1/n sum_i loss(x_i . w + b, y_i) + l2/2 |w|^2 + l1 |w|_1
  logistic    loss(p, y) = log(1 + exp(-y p)), y is -1 or +1
  squared     loss(p, y) = (p - y)^2 / 2

One step, with i the row drawn, m the number of different rows drawn so far
(this one included), memory, S and T starting at zero like w and b:
  g = loss'(x_i . w + b, y_i);  change = g - memory_i;  memory_i <- g
  S <- S + change x_i;  T <- T + change
  w <- (1 - step l2) w - step S / m
  b <- b - interceptScale step T / m            (only with an intercept)
and for SAGA, whose S and T hold the change already, after that
  w <- w - step (1 - 1/m) change x;  b <- b - step (1 - 1/m) change
  w <- sign(w) max(|w| - step l1, 0)
The prediction is made before anything moves. The intercept is not penalised.

With L = c (max_i |x_i|^2 + [with intercept]) + l2, c = 1/4 logistic, 1 squared, step is 1 / L for SAG and
1 / (2 L + min(2 n l2, L)) for SAGA.
interceptScale is 1 for dense rows and 0.01 for CSR rows: scikit-learn slows the
intercept down on sparse data.

The draws come from a 32-bit xorshift generator (13 left, 17 right, 5 left) whose
first state is RandomState(seed).randint(1, 2^31 - 1); a row is the state modulo
2^31, then modulo n. They are with replacement.

Nothing is saved unless the steps above, done in plain numpy without any of the
solver's postponed updates, end within 1e-13 of what scikit-learn returns. With l1 on CSR
rows that takes rows as full as these: scikit-learn pays postponed steps from the newest to
the oldest, which is not the same while they vary, and on sparser rows it is up to 1e-4 off.
"""
import itertools
import json
import os
import pathlib
import warnings

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy is loaded

import numpy as np
import scipy.sparse
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model._sag import sag_solver

ROWS, COLUMNS, EPOCHS = 60, 8, 6
EMPTY_ROW = 17
SEED = 11
METHODS = (  # is it SAGA, l2, l1
    (False, 0.05, 0.0), (False, 0.0, 0.0),
    (True, 0.05, 0.0), (True, 0.0, 0.0), (True, 0.0, 0.01), (True, 0.05, 0.01),
)
SKLEARN_LOSSES = {"logistic": "log", "squared": "squared"}
OUTPUT = pathlib.Path(__file__).with_name("sklearn-sag.json")


def must(condition, message):
    if not condition:
        raise SystemExit("sklearn_sag.py: " + message)


def make_data(random):
    """Rows with half of the entries zero, one row with no entry at all, and noisy targets.
    Three decimals keep the file short."""
    X = np.round(random.randn(ROWS, COLUMNS), 3)
    X.flat[random.permutation(X.size)[:X.size // 2]] = 0.0
    X[EMPTY_ROW] = 0.0
    truth = np.linspace(-1, 1, COLUMNS)
    margin = X @ truth + 0.3
    targets = {
        "logistic": np.where(margin + 0.7 * random.randn(ROWS) > 0, 1.0, -1.0),
        "squared": np.round(margin + 0.1 * random.randn(ROWS), 3),
    }
    return X, targets


def replay_draws(seed, rows, count):
    word = 0xFFFFFFFF
    state = int(np.random.RandomState(seed).randint(1, 2 ** 31 - 1))
    draws = []
    for _ in range(count):
        state ^= (state << 13) & word
        state ^= state >> 17
        state ^= (state << 5) & word
        draws.append((state % 2 ** 31) % rows)
    return draws


def derivative(loss, prediction, target):
    if loss == "squared":
        return prediction - target
    return -target / (1 + np.exp(target * prediction))


def step_size(X, loss, saga, l2, intercept):
    curvature = 0.25 if loss == "logistic" else 1.0
    longest = np.max(np.sum(X ** 2, axis=1))
    smoothness = curvature * (longest + intercept) + l2
    return 1 / (2 * smoothness + min(2 * len(X) * l2, smoothness)) if saga else 1 / smoothness


def run_textbook(X, y, draws, loss, saga, l2, l1, intercept, step, intercept_scale):
    weights, bias = np.zeros(X.shape[1]), 0.0
    memory = np.zeros(len(X))
    gradient_sum, bias_sum = np.zeros(X.shape[1]), 0.0
    seen = set()
    for row in draws:
        seen.add(row)
        slope = derivative(loss, X[row] @ weights + bias, y[row])
        change, memory[row] = slope - memory[row], slope
        gradient_sum += change * X[row]
        bias_sum += change
        weights = (1 - step * l2) * weights - step / len(seen) * gradient_sum
        if intercept:
            bias -= intercept_scale * step / len(seen) * bias_sum
        if saga:
            pull = step * (1 - 1 / len(seen)) * change
            weights -= pull * X[row]
            weights = np.sign(weights) * np.maximum(np.abs(weights) - step * l1, 0)
            bias -= pull if intercept else 0.0
    return weights, bias


def run_sklearn(X, y, loss, csr, saga, l2, l1, intercept):
    # The solver fits an intercept when the start has one row more than X has
    # columns. Its alpha is n times ours; tolerance 0 makes it do every epoch.
    start = np.zeros((COLUMNS + intercept, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        solution, epochs, _ = sag_solver(
            scipy.sparse.csr_matrix(X) if csr else X, y, loss=SKLEARN_LOSSES[loss],
            alpha=l2 * ROWS, beta=l1 * ROWS, max_iter=EPOCHS, tol=0.0, random_state=SEED,
            warm_start_mem={"coef": start}, is_saga=saga)
    must(epochs == EPOCHS, f"scikit-learn stopped after {epochs} epochs")
    return solution[:COLUMNS], float(solution[COLUMNS]) if intercept else 0.0


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def lines(entries):
    return "[\n" + ",\n".join(compact(entry) for entry in entries) + "\n]"


def main():
    X, targets = make_data(np.random.RandomState(7))
    draws = replay_draws(SEED, ROWS, EPOCHS * ROWS)
    must(EMPTY_ROW in draws, "the empty row is never drawn")
    cases = []
    for loss, csr, intercept, (saga, l2, l1) in itertools.product(
            SKLEARN_LOSSES, (False, True), (False, True), METHODS):
        y = targets[loss]
        step = step_size(X, loss, saga, l2, intercept)
        intercept_scale = 0.01 if csr else 1.0
        weights, bias = run_sklearn(X, y, loss, csr, saga, l2, l1, intercept)
        plain_weights, plain_bias = run_textbook(
            X, y, draws, loss, saga, l2, l1, intercept, step, intercept_scale)
        error = max(np.max(np.abs(weights - plain_weights)), abs(bias - plain_bias))
        print(f"{loss:8} {'csr' if csr else 'dense':5} "
              f"{'intercept' if intercept else '-':9} {'saga' if saga else 'sag':4} l2 {l2:4} l1 {l1:4}  {error:.1e}")
        must(error < 1e-13, "scikit-learn and the textbook disagree")
        cases.append({"loss": loss, "csr": csr, "intercept": intercept, "saga": saga, "l2": l2, "l1": l1,
                      "step": float(step), "interceptScale": intercept_scale,
                      "weights": weights.tolist(), "bias": bias})

    about = ("Made by sklearn_sag.py. X is row by row, draws are the rows visited in order; "
             "every case starts at zero and shows the weights after the last draw.")
    fields = {
        "about": compact(about),
        "sklearn": compact(sklearn.__version__),
        "numpy": compact(np.__version__),
        "n": compact(ROWS),
        "d": compact(COLUMNS),
        "epochs": compact(EPOCHS),
        "X": lines(X.tolist()),
        "y": compact({loss: y.tolist() for loss, y in targets.items()}),
        "draws": compact(draws),
        "cases": lines(cases),
    }
    text = "{\n" + ",\n".join(f'"{name}":{value}' for name, value in fields.items()) + "\n}\n"
    json.loads(text)
    OUTPUT.write_text(text)
    print(f"{OUTPUT.name}: {len(cases)} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
