#!/usr/bin/env python3
"""Coefficients of scikit-learn's SGDClassifier and SGDRegressor after rows that came one by one.

Writes sklearn-sgd.json next to this script. Each case starts at zero and calls
partial_fit for one row after another, with the schedule "optimal" and l2:

  eta_t = 1 / (alpha (t0 + t - 1)) for row t = 1, 2, ..., with t0 = 1 / (eta_1 alpha)
        = eta_1 / (1 + eta_1 alpha (t - 1))
  w <- (1 - eta_t alpha) w - eta_t loss'(x.w + b, y) x;   b <- b - eta_t loss'(x.w + b, y)

eta_1 = typw / max(1, loss'(-typw, 1)), typw = sqrt(1 / sqrt(alpha)), is stored as the
step. It is far too long for losses that are squared, unless alpha is large. Nothing is saved unless that, done in plain numpy, ends within 1e-12 of it.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import SGDClassifier, SGDRegressor

ROWS, COLUMNS = 80, 4
OUTPUT = pathlib.Path(__file__).with_name("sklearn-sgd.json")

DELTA, EPSILON = 0.5, 0.1

SLOPES = {
    "hinge": lambda p, y: -y if p * y <= 1 else 0.0,
    "log_loss": lambda p, y: -y / (np.exp(p * y) + 1),
    "squared_hinge": lambda p, y: -2 * y * max(1 - p * y, 0),
    "modified_huber": lambda p, y: 0.0 if p * y >= 1 else -2 * y * (1 - p * y) if p * y >= -1 else -4 * y,
    "squared_error": lambda p, y: p - y,
    "huber": lambda p, y: np.clip(p - y, -DELTA, DELTA),
    "epsilon_insensitive": lambda p, y: np.sign(p - y) if abs(p - y) > EPSILON else 0.0,
}

CASES = [
    (SGDClassifier, "hinge", 0.02),
    (SGDClassifier, "log_loss", 0.02),
    (SGDClassifier, "squared_hinge", 0.8),
    (SGDClassifier, "modified_huber", 0.8),
    (SGDRegressor, "squared_error", 0.8),
    (SGDRegressor, "huber", 0.02),
    (SGDRegressor, "epsilon_insensitive", 0.02),
]


def first_step(slope, alpha):
    typical = np.sqrt(1 / np.sqrt(alpha))
    return typical / max(1.0, slope(-typical, 1.0))


def textbook(X, y, slope, alpha):
    w, b, first = np.zeros(COLUMNS), 0.0, first_step(slope, alpha)
    for k, (x, label) in enumerate(zip(X, y)):
        step = first / (1 + first * alpha * k)
        g = slope(x @ w + b, label)
        w, b = (1 - step * alpha) * w - step * g * x, b - step * g
    return w, b


def main():
    random = np.random.RandomState(5)
    X = np.round(random.randn(ROWS, COLUMNS), 3)
    numbers = np.round(X @ [1.0, -2.0, 0.5, 0.0] + 0.5 + 0.3 * random.randn(ROWS), 3)
    signs = np.where(numbers > 0, 1, -1)
    cases = []
    for estimator, loss, alpha in CASES:
        classifier = estimator is SGDClassifier
        y = signs if classifier else numbers
        epsilon = {"huber": DELTA, "epsilon_insensitive": EPSILON}.get(loss, 0.1)
        model = estimator(loss=loss, alpha=alpha, learning_rate="optimal", epsilon=epsilon)
        for k in range(ROWS):
            model.partial_fit(X[k:k + 1], y[k:k + 1], **({"classes": [-1, 1]} if classifier else {}))
        w, b = textbook(X, y, SLOPES[loss], alpha)
        error = max(np.max(np.abs(w - model.coef_.ravel())), abs(b - model.intercept_[0]))
        print(f"{estimator.__name__:14} {loss:20} {error:.1e}")
        if not error < 1e-12:
            raise SystemExit("sklearn_sgd.py: scikit-learn and the textbook disagree")
        cases.append({"estimator": estimator.__name__, "loss": loss, "alpha": alpha,
                      "step": float(first_step(SLOPES[loss], alpha)),
                      "coef_": model.coef_.ravel().tolist(), "intercept_": float(model.intercept_[0])})
    fields = {"about": "Made by sklearn_sgd.py.", "sklearn": sklearn.__version__, "numpy": np.__version__,
              "delta": DELTA, "epsilon": EPSILON, "X": X.tolist(), "signs": signs.tolist(),
              "numbers": numbers.tolist(), "cases": cases}
    text = "{\n" + ",\n".join(
        f'"{name}":{json.dumps(value, separators=(",", ":"), allow_nan=False)}' for name, value in fields.items()) + "\n}\n"
    OUTPUT.write_text(text)
    print(f"{OUTPUT.name}: {len(cases)} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
