#!/usr/bin/env python3
"""Golden learning rates, taken from PyTorch's lr_schedulers.

Writes torch-schedules.json next to this script: for each entry the schedule of
this package, its arguments, and the rates of steps 0, 1, 2, ... as PyTorch has
them. rates[t] is the rate that update t takes, counted from 0.

PyTorch works most rates out from the rate before, so rounding adds up; the rules
are written out below in closed form, and nothing is saved unless PyTorch stays
within 1e-12 of them, relative to the greatest rate.

  ExponentialLR      r gamma^t
  StepLR             r gamma^floor(t / size)
  MultiStepLR        r gamma^(milestones <= t)
  LinearLR           r (a + (b - a) min(t, n) / n)
  PolynomialLR       r (1 - min(t, n) / n)^power
  CosineAnnealingLR  e + (r - e) (1 + cos(pi t / n)) / 2, for t <= n; it would rise again after n
  CosineAnnealingWarmRestarts  the same with t from 0 in each phase; a phase is T_mult times the one before
  OneCycleLR         cosine or line through (0, peak / d), (p n - 1, peak), (n - 1, peak / d / f); with three phases
                     also through (2 p n - 2, peak / d)

ReduceLROnPlateau gets metrics, and its rates[k] is the one after metric k.
"""
import json
import math
import pathlib

import torch
from torch.optim import lr_scheduler

OUTPUT = pathlib.Path(__file__).with_name("torch-schedules.json")


def must(condition, message):
    if not condition:
        raise SystemExit("torch_schedules.py: " + message)


def optimizer(rate):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)


def rates(rate, make, count):
    sgd = optimizer(rate)
    scheduler = make(sgd)
    result = []
    for step in range(count):
        if step > 0:
            sgd.step()
            scheduler.step()
        result.append(sgd.param_groups[0]["lr"])
    return result


def cosine(start, end, u):
    return end + (start - end) * (1 + math.cos(math.pi * u)) / 2


def line(start, end, u):
    return start + (end - start) * u


def restarts(t, first, growth, start, end):
    length = first
    while t >= length:
        t -= length
        length *= growth
    return cosine(start, end, t / length)


def through(points, curve, t):
    """Points (position, rate); the piece whose end is the first at or after t."""
    for (x, a), (y, b) in zip(points, points[1:]):
        if t <= y:
            return curve(a, b, (t - x) / (y - x))


def one_cycle(name, peak, steps, rise=0.3, initial=25.0, final=1e4, strategy="cos", three=False):
    options = {"peak": peak, "steps": steps, "riseFraction": rise, "initialDivisor": initial, "finalDivisor": final,
               "annealing": {"cos": "cosine", "linear": "linear"}[strategy], "threePhase": three}
    first = peak / initial
    points = [(0, first), (rise * steps - 1, peak)]
    if three:
        points.append((2 * rise * steps - 2, first))
    points.append((steps - 1, first / final))
    curve = cosine if strategy == "cos" else line
    return (name, "oneCycle", [options], peak, lambda o: lr_scheduler.OneCycleLR(
        o, peak, total_steps=steps, pct_start=rise, anneal_strategy=strategy, cycle_momentum=False,
        div_factor=initial, final_div_factor=final, three_phase=three), steps,
        lambda t: through(points, curve, t))


# PyTorch's name, the package's name and arguments, the base rate, the scheduler, how many steps, the closed form.
ENTRIES = [
    ("ExponentialLR", "exponential", [0.1, 0.9], 0.1,
     lambda o: lr_scheduler.ExponentialLR(o, 0.9), 30, lambda t: 0.1 * 0.9 ** t),
    ("StepLR", "staircase", [0.1, 5], 0.1,
     lambda o: lr_scheduler.StepLR(o, 5, gamma=0.1), 22, lambda t: 0.1 * 0.1 ** (t // 5)),
    ("StepLR", "staircase", [0.3, 4, 2], 0.3,
     lambda o: lr_scheduler.StepLR(o, 4, gamma=0.5), 22, lambda t: 0.3 * 0.5 ** (t // 4)),
    ("MultiStepLR", "milestones", [0.1, [3, 4, 15]], 0.1,
     lambda o: lr_scheduler.MultiStepLR(o, [3, 4, 15], gamma=0.1), 20,
     lambda t: 0.1 * 0.1 ** sum(m <= t for m in (3, 4, 15))),
    ("LinearLR", "linear", [0.25 * 0.4, 8, 0.4], 0.4,
     lambda o: lr_scheduler.LinearLR(o, start_factor=0.25, end_factor=1.0, total_iters=8), 12,
     lambda t: 0.4 * line(0.25, 1, min(t, 8) / 8)),
    ("LinearLR", "linear", [0.4, 7, 0.1 * 0.4], 0.4,
     lambda o: lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=7), 12,
     lambda t: 0.4 * line(1, 0.1, min(t, 7) / 7)),
    ("PolynomialLR", "polynomial", [0.1, 12], 0.1,
     lambda o: lr_scheduler.PolynomialLR(o, total_iters=12), 16, lambda t: 0.1 * (1 - min(t, 12) / 12)),
    ("PolynomialLR", "polynomial", [0.1, 12, 0.9], 0.1,
     lambda o: lr_scheduler.PolynomialLR(o, total_iters=12, power=0.9), 16,
     lambda t: 0.1 * (1 - min(t, 12) / 12) ** 0.9),
    ("PolynomialLR", "polynomial", [0.1, 12, 3], 0.1,
     lambda o: lr_scheduler.PolynomialLR(o, total_iters=12, power=3.0), 16,
     lambda t: 0.1 * (1 - min(t, 12) / 12) ** 3),
    ("CosineAnnealingLR", "cosine", [0.1, 20], 0.1,
     lambda o: lr_scheduler.CosineAnnealingLR(o, 20), 21, lambda t: cosine(0.1, 0, t / 20)),
    ("CosineAnnealingLR", "cosine", [0.1, 17, 0.01], 0.1,
     lambda o: lr_scheduler.CosineAnnealingLR(o, 17, eta_min=0.01), 18, lambda t: cosine(0.1, 0.01, t / 17)),
    ("CosineAnnealingWarmRestarts", "cosineRestarts", [{"lengths": 6, "peaks": 0.1, "firstT": 0}], 0.1,
     lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 6), 20, lambda t: restarts(t, 6, 1, 0.1, 0)),
    ("CosineAnnealingWarmRestarts", "cosineRestarts",
     [{"lengths": 3, "growth": 2, "peaks": 0.1, "finals": 0.02, "firstT": 0}], 0.1,
     lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 3, T_mult=2, eta_min=0.02), 30,
     lambda t: restarts(t, 3, 2, 0.1, 0.02)),
    one_cycle("OneCycleLR", 0.1, 30),
    one_cycle("OneCycleLR", 0.1, 17, rise=0.4, initial=10.0, final=100.0),
    one_cycle("OneCycleLR", 0.1, 25, strategy="linear"),
    one_cycle("OneCycleLR", 0.1, 30, three=True),
    one_cycle("OneCycleLR", 0.1, 23, rise=0.35, strategy="linear", three=True),
    one_cycle("OneCycleLR", 0.1, 5, rise=0.1),
]

METRICS = [5, 4, 4, 3.9999, 3.9, 3.9, 3.9, 3.9, 3.95, 4.5, 3.8, 3.7, 3.7, 3.7, 3.7, 3.7, 3.7, 3.7, 3.7, 3.7, 1, 2, 2, 2,
           2, 2, 0, 0, 0, -1, -1, -1, -1, -2] + [-1.9] * 13

# The package's options with PyTorch's names for the same.
PLATEAUS = [
    {"initial": 0.1, "patience": 2},
    {"initial": 0.1},
    {"initial": 0.1, "patience": 0, "factor": 0.5, "cooldown": 2},
    {"initial": 0.1, "patience": 1, "factor": 0.5, "cooldown": 1, "minimum": 0.02},
    {"initial": 0.1, "patience": 1, "factor": 0.3, "threshold": 0.05},
    {"initial": 0.1, "patience": 1, "factor": 0.3, "threshold": 0.2, "thresholdMode": "absolute"},
    {"initial": 0.1, "patience": 1, "factor": 0.3, "threshold": 0.05, "mode": "max"},
    {"initial": 0.1, "patience": 2, "factor": 0.9, "threshold": 0.5, "thresholdMode": "absolute", "mode": "max"},
    {"initial": 0.1, "patience": 1, "factor": 0.5, "minimumChange": 0.02},
]
TORCH_NAMES = {"minimum": "min_lr", "minimumChange": "eps", "thresholdMode": "threshold_mode"}
TORCH_VALUES = {"relative": "rel", "absolute": "abs"}


def plateau(options):
    others = {TORCH_NAMES.get(name, name): TORCH_VALUES.get(value, value)
              for name, value in options.items() if name != "initial"}
    sgd = optimizer(options["initial"])
    scheduler = lr_scheduler.ReduceLROnPlateau(sgd, **others)
    result = []
    for metric in METRICS:
        scheduler.step(metric)
        result.append(sgd.param_groups[0]["lr"])
    return result


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def lines(entries):
    return "[\n" + ",\n".join(compact(entry) for entry in entries) + "\n]"


def main():
    entries = []
    for torch_name, name, arguments, rate, make, count, closed in ENTRIES:
        found = rates(rate, make, count)
        error = max(abs(a - closed(t)) for t, a in enumerate(found)) / max(found)
        must(error < 1e-12, f"{torch_name} {arguments} is {error:.1e} away from its closed form")
        print(f"{torch_name:28} {error:.1e}  {compact(arguments)}")
        entries.append({"torch": torch_name, "schedule": name, "arguments": arguments, "rates": found})
    plateaus = [{"options": options, "rates": plateau(options)} for options in PLATEAUS]
    for i, entry in enumerate(plateaus):
        must(len(set(entry["rates"])) > 1, f"nothing happens under {entry['options']}")
        for other in plateaus[:i]:
            must(entry["rates"] != other["rates"], f"{entry['options']} is like {other['options']}")
    fields = {
        "about": compact("Made by torch_schedules.py. rates[t] is the rate that update t takes, counted from 0; under "
                         "plateau it is the rate after metrics[t]."),
        "torch": compact(torch.__version__),
        "schedules": lines(entries),
        "metrics": compact(METRICS),
        "plateau": lines(plateaus),
    }
    text = "{\n" + ",\n".join(f'"{name}":{value}' for name, value in fields.items()) + "\n}\n"
    json.loads(text)
    OUTPUT.write_text(text)
    print(f"{OUTPUT.name}: {len(text)} bytes")


if __name__ == "__main__":
    main()
