#!/usr/bin/env python3
"""Trajectories of first-order rules on a quadratic, from their formulas alone.

Writes first-order-traces.json next to this script: the points after each step.

f(w) = (w1^2 + 0.5 w2^2 + 0.1 w3^2) / 2 from (1, -2, 3), 20 steps, in IEEE double.
"""

import json
import pathlib
from math import sqrt

CURVATURE = (1.0, 0.5, 0.1)
START = (1.0, -2.0, 3.0)
STEPS = 20


def gradient(w):
    return [h * x for h, x in zip(CURVATURE, w)]


def minus(w, factor, d):
    return [x - factor * y for x, y in zip(w, d)]


def squared(v):
    return sum(x * x for x in v)


def sign(x):
    return (x > 0) - (x < 0)


def heavy_ball(w, rate=0.1, beta=0.9):
    v = [0.0] * 3
    while True:
        v = [beta * a - rate * g for a, g in zip(v, gradient(w))]
        w = [x + a for x, a in zip(w, v)]
        yield w


def two_step(w, rate=0.1, beta=0.9):
    v = [0.0] * 3
    while True:
        ahead = [x + beta * a for x, a in zip(w, v)]
        v = [beta * a - rate * g for a, g in zip(v, gradient(ahead))]
        w = [x + a for x, a in zip(w, v)]
        yield w


def weights():
    total = 0.0
    while True:
        alpha = (1 + sqrt(1 + 4 * total)) / 2
        total += alpha
        yield alpha, total


def linear_coupling(w, rate=1.0):
    y = w
    for alpha, total in weights():
        tau = alpha / total
        x = [(1 - tau) * a + tau * b for a, b in zip(w, y)]
        y = minus(y, rate * alpha, gradient(x))
        w = minus(x, rate, gradient(x))
        yield w


def average(w, rate=0.1, beta=0.9, start=False, debias=False):
    m, t = [0.0] * 3, 0
    while True:
        t += 1
        g = gradient(w)
        m = g if start and t == 1 else [beta * a + (1 - beta) * b for a, b in zip(m, g)]
        w = minus(w, rate / (1 - beta**t) if debias else rate, m)
        yield w


def window(w, rate=0.1, k=3):
    gradients = []
    while True:
        gradients = [*gradients, gradient(w)][-k:]
        w = minus(w, rate, [sum(column) / len(gradients) for column in zip(*gradients)])
        yield w


def normalized(w, rate=0.1, beta=0.9, start=True, kappa=0.0):
    m, t = [0.0] * 3, 0
    while True:
        t += 1
        g = gradient(w)
        m = g if start and t == 1 else [beta * a + (1 - beta) * b for a, b in zip(m, g)]
        w = minus(w, rate / (sqrt(squared(m)) + kappa), m)
        yield w


def signs(w, rate=0.07):
    while True:
        w = minus(w, rate, [sign(g) for g in gradient(w)])
        yield w


def sign_of_average(w, rate=0.07, beta=0.9):
    m = [0.0] * 3
    while True:
        m = [beta * a + (1 - beta) * b for a, b in zip(m, gradient(w))]
        w = minus(w, rate, [sign(a) for a in m])
        yield w


def counting(w, rate=0.5):
    t = 0
    while True:
        t += 1
        w = minus(w, rate / sqrt(t), gradient(w))
        yield w


def scalar(w, denominator, c=0.5):
    state = {"t": 0, "a": 0.0, "b": 1e-8}
    while True:
        state["t"] += 1
        g = gradient(w)
        w = minus(w, c / sqrt(denominator(state, squared(g))), g)
        yield w


def standard(state, square):
    state["a"] += square
    return 1e-8 + state["a"]


def delayed(state, square):
    before = state["a"]
    state["a"] += square
    return 1.0 + before


def discounted(state, square):
    state["a"] = 0.9 * state["a"] + square
    return 1e-8 + state["a"]


def timed_average(state, square):
    state["a"] = 0.9 * state["a"] + (1 - 0.9) * square
    return 1e-8 + state["t"] * state["a"]


def safeguarded(state, square):
    state["a"] = 0.9 * state["a"] + square
    state["b"] = max(state["b"], state["t"] * state["a"])
    return state["b"]


def safeguarded_average(state, square):
    t = state["t"]
    state["a"] = max(0.9 * state["a"] + (1 - 0.9) * square, state["a"] * (t - 1) / t)
    return 1e-8 + t * state["a"]


def projected_adagrad(w, radius=2.5):
    def clamp(v):
        return [max(-radius, min(radius, x)) for x in v]

    w, sums = clamp(w), [0.0] * 3
    while True:
        g = gradient(w)
        sums = [s + x * x for s, x in zip(sums, g)]
        w = clamp([x - sqrt(2) * radius * y / sqrt(s) for x, y, s in zip(w, g, sums)])
        yield w


def projected_adaptive(w, radius=2.5):
    def project(v):
        length = sqrt(squared(v))
        return v if length <= radius else [radius * x / length for x in v]

    w, total = project(list(w)), 0.0
    while True:
        g = gradient(w)
        total += squared(g)
        w = project(minus(w, sqrt(2) * radius / sqrt(total), g))
        yield w


def trace(walk):
    return [next(walk) for _ in range(STEPS)]


def traces(w):
    return {
        "heavyBall": heavy_ball(w),
        "twoStep": two_step(w),
        "linearCoupling": linear_coupling(w),
        "emaFromZero": average(w),
        "emaFromGradient": average(w, start=True),
        "emaDebiased": average(w, debias=True),
        "window3": window(w),
        "normalized": normalized(w),
        "normalizedFromZero": normalized(w, start=False, kappa=1e-2),
        "signs": signs(w),
        "signOfAverage": sign_of_average(w),
        "counting": counting(w),
        "adagradNorm": scalar(w, standard),
        "adagradNormDelayed": scalar(w, delayed),
        "adagradNormEma": scalar(w, discounted),
        "adagradNormEmaAverage": scalar(w, timed_average),
        "adagradNormSafeguarded": scalar(w, safeguarded),
        "adagradNormSafeguardedAverage": scalar(w, safeguarded_average),
        "projectedAdagrad": projected_adagrad(w),
        "projectedAdaptive": projected_adaptive(w),
    }


golden = {name: trace(walk) for name, walk in traces(list(START)).items()}
pathlib.Path(__file__).with_name("first-order-traces.json").write_text(json.dumps(golden) + "\n")
