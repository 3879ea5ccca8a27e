#!/usr/bin/env python3
"""Walks of L-BFGS, taken from PyTorch.

Writes torch-lbfgs.json next to this script: the parameters after each of 20 steps of torch.optim.LBFGS without line search,
one direction a step, on

    f(w) = sum_i c_i w_i^2 / 2 + w_i^4 / 4 + sum_i w_i w_(i+1) / 3

With g_k the gradient at w_k, s_k = w_(k+1) - w_k and y_k = g_(k+1) - g_k:

    w_1 = w_0 - rate min(1, 1 / |g_0|_1) g_0,  then  w_(k+1) = w_k - rate H_k g_k

where H_k is BFGS's inverse Hessian from the last m pairs, started at (s.y / y.y) I of the newest:

    H <- (I - rho s y^T) H (I - rho y s^T) + rho s s^T,  rho = 1 / s.y

That formula is written out in NumPy below, with matrices, and nothing is saved unless PyTorch follows it to 1e-9.
"""
import json
import pathlib

import numpy as np
import torch

STEPS = 20
CURVATURES = [1.0, 2.0, 5.0, 10.0, 30.0, 100.0]
START = [1.0, -1.0, 0.5, 2.0, -0.25, 0.5]
CASES = [{"historySize": 3, "learningRate": 0.7}, {"historySize": 20, "learningRate": 0.8},
         {"historySize": 1, "learningRate": 0.5}]
OUTPUT = pathlib.Path(__file__).with_name("torch-lbfgs.json")


def gradient(w):
    g = np.array(CURVATURES) * w + w**3
    g[:-1] += w[1:] / 3
    g[1:] += w[:-1] / 3
    return g


def by_torch(history, rate):
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], lr=rate, max_iter=1, tolerance_grad=0, tolerance_change=0, history_size=history)

    def closure():
        w.grad = torch.from_numpy(gradient(w.detach().numpy()))
        return torch.zeros(())

    walk = []
    for _ in range(STEPS):
        optimizer.step(closure)
        walk.append(w.detach().numpy().copy())
    return walk


def by_formula(history, rate):
    w, pairs, walk = np.array(START), [], []
    identity = np.eye(len(START))
    for _ in range(STEPS):
        g = gradient(w)
        if pairs:
            s, y = pairs[-1]
            inverse = (s @ y) / (y @ y) * identity
        else:
            inverse = min(1, 1 / np.abs(g).sum()) * identity
        for s, y in pairs:
            rho = 1 / (s @ y)
            left = identity - rho * np.outer(s, y)
            inverse = left @ inverse @ left.T + rho * np.outer(s, s)
        step = -rate * inverse @ g
        pairs = (pairs + [(step, gradient(w + step) - g)])[-history:]
        w = w + step
        walk.append(w.copy())
    return walk


cases = []
for case in CASES:
    walk, expected = (f(case["historySize"], case["learningRate"]) for f in (by_torch, by_formula))
    off = max(np.abs(a - b).max() for a, b in zip(walk, expected))
    assert off < 1e-9, (case, off)
    assert np.abs(gradient(walk[-1])).max() < 1e-2 * np.abs(gradient(np.array(START))).max(), case
    cases.append({**case, "walk": [list(map(float, w)) for w in walk]})

OUTPUT.write_text(json.dumps({"torch": torch.__version__, "curvatures": CURVATURES, "start": START, "cases": cases}) + "\n")
