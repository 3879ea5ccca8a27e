#!/usr/bin/env python3
"""Golden trajectories of Muon, Shampoo and SOAP from NumPy in float64: 20 steps of three tensors.

Writes numpy-matrix-rules.json next to this script. The rules are written down
here from the papers, with whole matrices and NumPy's SVD-free linear algebra:

  Muon      b <- mu b + g;  u = five quintic steps on (g + mu b) / |.|_F
            p <- (1 - lr wd) p - lr scale u                 (Jordan et al. 2024)
  Shampoo   S_i <- beta2 S_i + (1 - beta2) G_(i) G_(i)^T of every mode i of a
            block, G_(i) its unfolding;  P_i = (S_i / (1 - beta2^t) + ridge)^(-e)
            x = m times P_i in every mode, as long as the grafted step
            (Gupta et al. 2018; Anil et al. 2021; Shi et al. 2023)
  SOAP      Adam in the eigenbasis that the S_i had before the step, brought
            forward by one step of simultaneous iteration and QR; no step with
            the gradient that the first basis is made of     (Vyas et al. 2024)

Where the schedule of the roots is ours: in the order of tensors, blocks and
modes, root i is due at steps t with (t - start) mod frequency = floor(frequency
c / total), c the sum of the cubes of the sizes before it.

Nothing is saved unless Shampoo's roots fulfil P^(1/e) (S + ridge) = I, the bases
are orthogonal, and one step of Shampoo without memory is U V^T of the SVD.
"""
import json
import math
import pathlib
from itertools import product

import numpy as np

STEPS = 20
SHAPES = {"tall": [9, 4], "flat": [3, 10], "deep": [2, 5, 6]}
random = np.random.RandomState(20263)


def draw(shape, most):
    """Multiples of 1/64, which float32 holds too."""
    return random.randint(-most, most + 1, shape) / 64


START = {name: draw(shape, 128) for name, shape in SHAPES.items()}
GRADIENTS = [{name: draw(shape, 200) for name, shape in SHAPES.items()} for _ in range(STEPS)]


def check(error, bound, what):
    if not error <= bound:
        raise SystemExit(f"{what}: off by {error:.1e}")


def muon(lr, wd=0.1, momentum=0.95, nesterov=True, scale="adamw"):
    state = {}

    def step(name, p, g, _t):
        shape = p.shape
        rows = math.prod(shape[:-1])
        g, p = g.reshape(rows, -1), p.reshape(rows, -1)
        b = state[name] = momentum * state.get(name, 0 * g) + g
        x = g + momentum * b if nesterov else b
        x = x / np.linalg.norm(x)
        for _ in range(5):
            s = x @ x.T
            x = 3.4445 * x + (-4.775 * s + 2.0315 * s @ s) @ x
        m, n = x.shape
        factor = 0.2 * math.sqrt(max(m, n)) if scale == "adamw" else math.sqrt(max(1, m / n))
        return ((1 - lr * wd) * p - lr * factor * x).reshape(shape)

    return step


def parts(size, block):
    """As equal as may be, in ones up to blocks of 16 (in eights beyond, which does not occur here)."""
    count = math.ceil(size / block)
    least, more = divmod(size, count)
    ends = np.cumsum([least + (i < more) for i in range(count)])
    return [slice(end - least - (i < more), end) for i, end in enumerate(ends)]


def merged(shape, block):
    sizes = [shape[0]]
    for size in shape[1:]:
        if len(shape) > 2 and sizes[-1] * size <= block:
            sizes[-1] *= size
        else:
            sizes.append(size)
    if len(sizes) == 1 and len(shape) > 1:
        sizes = [math.prod(shape[:-1]), shape[-1]]
    return sizes


def unfold(x, mode):
    return np.moveaxis(x, mode, 0).reshape(x.shape[mode], -1)


def apply(matrix, x, mode):
    return np.moveaxis(np.tensordot(matrix, x, (1, mode)), 0, mode)


class Blocks:
    """The blocks of all tensors, their active modes, and when the root of each is due."""

    def __init__(self, block, frequency, start, ratio=math.inf):
        self.sizes = {name: merged(shape, block) for name, shape in SHAPES.items()}
        self.blocks = {}
        roots = []
        for name, sizes in self.sizes.items():
            modes = [i for i, size in enumerate(sizes) if size > 1]
            if len(sizes) == 2 and max(sizes) >= ratio * min(sizes):
                modes = [int(np.argmin(sizes))]
            self.blocks[name] = list(product(*(parts(size, block) for size in sizes)))
            for b, where in enumerate(self.blocks[name]):
                roots += [((name, b, i), where[i].stop - where[i].start) for i in modes]
        total = sum(n**3 for _, n in roots)
        before = 0
        self.phases, self.frequency, self.start = {}, frequency, start
        for key, n in roots:
            self.phases[key] = frequency * before // total
            before += n**3

    def modes(self, name, b):
        return [i for n, c, i in self.phases if (n, c) == (name, b)]

    def due(self, key, t):
        return t >= self.start and (t - self.start) % self.frequency == self.phases[key]


def graft_direction(kind, state, name, g, t, beta1, beta2, epsilon, corrects):
    m = state[name, "m"] = beta1 * state.get((name, "m"), 0 * g) + (1 - beta1) * g
    corrected = m / (1 - beta1**t if corrects else 1)
    if kind in ("sgd", "none"):
        return m, corrected
    keep, take = (1, 1) if kind == "adagrad" else (beta2, 1 - beta2)
    v = state[name, "v"] = keep * state.get((name, "v"), 0 * g) + take * g * g
    if kind == "adam":
        v = v / (1 - beta2**t)
    return m, corrected / (np.sqrt(v) + epsilon)


def inverse_root(s, exponent, relative, absolute):
    values, vectors = np.linalg.eigh(s)
    ridge = relative * max(values[-1], 0) + absolute
    values = np.maximum(values, 0) + ridge
    root = (vectors * values**-exponent) @ vectors.T
    back = (vectors * np.linalg.eigvalsh(root)[::-1] ** (-1 / exponent)) @ vectors.T
    check(np.abs(back - s - ridge * np.eye(len(s))).max() / values[-1], 1e-9, "root")
    return root


def shampoo(lr, block=64, frequency=20, start=1, beta1=0.9, beta2=0.999, exponent=None, ratio=math.inf, relative=1e-6,
            absolute=0, graft="adam", graft_beta2=0.999, graft_epsilon=1e-8, momentum=0, nesterov=False, wd=0,
            corrects=True):
    blocks = Blocks(block, frequency, start, ratio)
    state, statistics, roots = {}, {}, {}

    def step(name, p, g, t):
        shape = p.shape
        p, g = p.reshape(blocks.sizes[name]), g.reshape(blocks.sizes[name])
        m, d = graft_direction(graft, state, name, g, t, beta1, graft_beta2, graft_epsilon, corrects)
        d = d.copy()
        for b, where in enumerate(blocks.blocks[name]):
            modes = blocks.modes(name, b)
            x = m[where]
            for i in modes:
                key = (name, b, i)
                flat = unfold(g[where], i)
                take = 1 if beta2 == 1 else 1 - beta2
                statistics[key] = beta2 * statistics.get(key, 0) + take * flat @ flat.T
                if blocks.due(key, t):
                    s = statistics[key] / (1 - beta2**t if corrects and beta2 < 1 else 1)
                    roots[key] = inverse_root(s, exponent or 1 / (2 * len(modes)), relative, absolute)
                if key in roots:
                    x = apply(roots[key], x, i)
            if all((name, b, i) in roots for i in modes):
                if graft == "none":
                    d[where] = x / (1 - beta1**t if corrects else 1)
                else:
                    d[where] = x * np.linalg.norm(d[where]) / np.linalg.norm(x)
        if momentum:
            u = state[name, "u"] = momentum * state.get((name, "u"), 0) + d
            d = d + momentum * u if nesterov else u
        return ((1 - lr * wd) * p - lr * d).reshape(shape)

    return step


def soap(lr, block=64, frequency=10, start=1, beta1=0.95, beta2=0.95, statistics_beta=0.95, epsilon=1e-8, wd=0.01):
    blocks = Blocks(block, frequency, start)
    m, v, statistics, bases = {}, {}, {}, {}

    def rotate(name, b, x, back=False):
        for i in blocks.modes(name, b):
            if (name, b, i) in bases:
                basis = bases[name, b, i]
                x = apply(basis.T if back else basis, x, i)
        return x

    def step(name, p, g, t):
        shape = p.shape
        p, g = p.reshape(blocks.sizes[name]), g.reshape(blocks.sizes[name])
        d = np.zeros_like(g)
        for b, where in enumerate(blocks.blocks[name]):
            at = (name, b)
            turned = rotate(name, b, g[where])
            if t != start:
                seen = t if t < start else t - 1
                m[at] = beta1 * m.get(at, 0) + (1 - beta1) * turned
                v[at] = beta2 * v.get(at, 0) + (1 - beta2) * turned**2
                x = m[at] / (1 - beta1**seen) / (np.sqrt(v[at] / (1 - beta2**seen)) + epsilon)
                d[where] = rotate(name, b, x, back=True)
            for i in blocks.modes(name, b):
                key = (name, b, i)
                flat = unfold(g[where], i)
                statistics[key] = statistics_beta * statistics.get(key, 0) + (1 - statistics_beta) * flat @ flat.T
                old = bases.get(key, np.eye(len(flat)))
                if t == start:
                    bases[key] = np.linalg.eigh(statistics[key])[1][:, ::-1].T
                elif t > start and blocks.due(key, t):
                    q, r = np.linalg.qr(statistics[key] @ old.T)
                    bases[key] = (q * np.sign(np.diag(r))).T
                new = bases.get(key, old)
                check(np.abs(new @ new.T - np.eye(len(new))).max(), 1e-12, "basis")
                if at in m:
                    m[at] = apply(new @ old.T, m[at], i)
                    v[at] = apply((new @ old.T) ** 2, v[at], i)
        return ((1 - lr * wd) * p - lr * d).reshape(shape)

    return step


def walk(make):
    step = make
    at = {name: p.copy() for name, p in START.items()}
    seen = []
    for t in range(1, STEPS + 1):
        at = {name: step(name, p, GRADIENTS[t - 1][name], t) for name, p in at.items()}
        if t in (1, 2, 7, STEPS):
            seen.append({"step": t, **{name: p.ravel().tolist() for name, p in at.items()}})
    return seen


# One step of Shampoo without memory is the orthogonal factor.
u, _, vt = np.linalg.svd(GRADIENTS[0]["flat"], full_matrices=False)
memoryless = shampoo(1, exponent=0.5, frequency=1, beta1=0, beta2=0, relative=0, graft="none", ratio=1)
one = memoryless("flat", START["flat"], GRADIENTS[0]["flat"], 1)
check(np.abs(START["flat"] - one - u @ vt).max(), 1e-9, "orthogonal factor")

CASES = [
    ("muon", {"learningRate": 0.02}, muon(0.02)),
    ("muon", {"learningRate": 0.02, "nesterov": False, "scale": "original", "form": "gram", "weightDecay": 0},
     muon(0.02, wd=0, nesterov=False, scale="original")),
    ("shampoo", {"learningRate": 0.01, "blockSize": 4, "frequency": 3}, shampoo(0.01, block=4, frequency=3)),
    ("shampoo", {"learningRate": 0.01, "beta2": 1, "grafting": {"kind": "adagrad"}, "momentum": 0.9, "nesterov": True,
                 "exponent": 0.3, "weightDecay": 0.1, "frequency": 2, "relativeEpsilon": 1e-4},
     shampoo(0.01, beta2=1, graft="adagrad", graft_epsilon=1e-10, momentum=0.9, nesterov=True, exponent=0.3, wd=0.1,
             frequency=2, relative=1e-4)),
    ("shampoo", {"learningRate": 0.01, "beta1": 0, "grafting": {"kind": "none"}, "frequency": 1,
                 "relativeEpsilon": 1e-3, "absoluteEpsilon": 0.1},
     shampoo(0.01, beta1=0, graft="none", frequency=1, relative=1e-3, absolute=0.1)),
    ("shampoo", {"learningRate": 0.01, "grafting": {"kind": "rmsprop", "beta2": 0.9, "epsilon": 1e-3}, "oneSidedRatio": 2,
                 "frequency": 4, "beta2": 0.95, "biasCorrection": False, "relativeEpsilon": 1e-3},
     shampoo(0.01, graft="rmsprop", graft_beta2=0.9, graft_epsilon=1e-3, ratio=2, frequency=4, beta2=0.95,
             corrects=False, relative=1e-3)),
    ("shampoo", {"learningRate": 0.01, "grafting": {"kind": "sgd"}, "startStep": 5, "momentum": 0.5, "frequency": 5,
                 "blockSize": 10},
     shampoo(0.01, graft="sgd", start=5, momentum=0.5, frequency=5, block=10)),
    # Not before the statistics have their full rank: else a basis of the rest is not determined.
    ("soap", {"learningRate": 0.01, "frequency": 1, "startStep": 6}, soap(0.01, frequency=1, start=6)),
    ("soap", {"learningRate": 0.01, "blockSize": 4, "frequency": 3, "startStep": 4, "weightDecay": 0, "beta1": 0.9,
              "beta2": 0.99},
     soap(0.01, block=4, frequency=3, start=4, wd=0, beta1=0.9, beta2=0.99)),
]

pathlib.Path(__file__).with_name("numpy-matrix-rules.json").write_text(json.dumps({
    "numpy": np.__version__,
    "shapes": SHAPES,
    "start": {name: p.ravel().tolist() for name, p in START.items()},
    "gradients": [{name: g.ravel().tolist() for name, g in step.items()} for step in GRADIENTS],
    "cases": [{"rule": rule, "options": options, "trajectory": walk(step)} for rule, options, step in CASES],
}) + "\n")
