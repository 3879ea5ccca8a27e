"""scikit-learn's estimators on columns as they come: writes sklearn-awkward.json beside this file.

/usr/bin/python3 sklearn_awkward.py
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge

random = np.random.RandomState(7)


def normal(rows, columns):
    return random.randn(rows, columns).round(3)


plain = normal(40, 3)
sparse = plain.copy()
sparse[::3] = 0
sets = {
    "in very different units": plain * [1, 1e6, 1e-3] + [0, 2e6, 0],
    "far from 0": plain + 1000,
    "twice the same": np.hstack([plain, plain[:, :1]]),
    "constant and of zeros": np.hstack([plain, np.full((40, 1), 7.0), np.zeros((40, 1))]),
    "with rows of zeros": sparse,
    "only one": plain[:, :1],
    "more than rows": normal(12, 20),
    "with weights of 0": plain,
}


def case(name, X):
    scale = np.where(X.std(0) > 0, X.std(0), 1)
    z = (X - X.mean(0)) / scale @ np.linspace(1, -1, X.shape[1]) + 0.5 * random.randn(len(X))
    numbers = (10 + 3 * z).round(4)
    labels = np.where(z > np.median(z), "yes", "no")
    weights = (np.arange(len(X)) % 3).astype(float) if name == "with weights of 0" else None
    tight = {"tol": 1e-12, "max_iter": 1000000}
    models = {
        "Ridge": (Ridge(alpha=0.5, solver="svd"), {"regularization": 0.5}, numbers),
        "Lasso": (Lasso(alpha=0.1, **tight), {"regularization": 0.1}, numbers),
        "ElasticNet": (ElasticNet(alpha=0.1, l1_ratio=0.3, **tight), {"regularization": 0.1, "l1Ratio": 0.3}, numbers),
        # With C as it is scikit-learn's own solvers stop short where columns are far apart.
        "LogisticRegression": (LogisticRegression(solver="newton-cholesky", tol=1e-12), {}, labels),
    }
    if len(X) > X.shape[1] and name != "twice the same":
        models["LinearRegression"] = (LinearRegression(), {}, numbers)
    fitted = []
    for estimator, (model, options, y) in models.items():
        model.fit(X, y, sample_weight=weights)
        scores = model.decision_function(X) if estimator == "LogisticRegression" else model.predict(X)
        fitted.append({"estimator": estimator, "options": options, "scores": scores.tolist()})
    given = {"X": X.tolist(), "numbers": numbers.tolist(), "labels": labels.tolist()}
    return {"name": name, **given, "weights": None if weights is None else weights.tolist(), "fitted": fitted}


cases = {"scikit-learn": sklearn.__version__, "cases": [case(name, X) for name, X in sets.items()]}
target = pathlib.Path(__file__).with_name("sklearn-awkward.json")
target.write_text(json.dumps(cases) + "\n")
