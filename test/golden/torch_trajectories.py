#!/usr/bin/env python3
"""Golden trajectories of the update rules that PyTorch has, taken from there.

Writes torch-trajectories.json next to this script. Two tensors walk twenty
steps under every configuration below, in float32 and in float64. The gradients
are drawn beforehand and do not depend on the parameters, so a test only has to
feed them in.

The conventions, with p the parameter, g the gradient, t the step from 1 and
r the learning rate (every operation is element by element):

  all rules  maximize:     g <- -g, before anything else
             weightDecay:  g <- g + weightDecay p         (adamw: see below)
  sgd        momentum:     buffer <- momentum buffer + (1 - dampening) g, but
                           the first buffer is g itself, without dampening
             p <- p - r buffer;  nesterov: p <- p - r (g + momentum buffer)
             without momentum: p <- p - r g
  adagrad    sum starts at initialAccumulator;  sum <- sum + g^2
             p <- p - r / (1 + (t - 1) learningRateDecay) g / (sqrt(sum) + epsilon)
  adam       m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2
             p <- p - r / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
             amsgrad: the largest v so far stands in for v; the maximum is taken
             of the raw v, and the bias correction is that of the current step
  adamw      p <- (1 - r weightDecay) p, then adam without weightDecay
  rmsprop    v <- decay v + (1 - decay) g^2;  p <- p - r g / (sqrt(v) + epsilon)
             centered: m <- decay m + (1 - decay) g, and v - m^2 under the root
             momentum: b <- momentum b + g / (sqrt(...) + epsilon);  p <- p - r b
  adadelta   v <- decay v + (1 - decay) g^2
             delta = sqrt(d + epsilon) / sqrt(v + epsilon) g, with the d before
             d <- decay d + (1 - decay) delta^2;  p <- p - r delta
  adamax     m as in adam;  u <- max(beta2 u, |g| + epsilon)
             p <- p - r / (1 - beta1^t) m / u
  nadam      m and v as in adam;  mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2)
             p <- p - r ((1 - mu_t) / (1 - mu_1 ... mu_t) g
                         + mu_(t+1) / (1 - mu_1 ... mu_(t+1)) m)
                      / (sqrt(v / (1 - beta2^t)) + epsilon)
             PyTorch keeps the product in its default precision, which is made
             float64 here.
  radam      m and v as in adam;  L = 2 / (1 - beta2) - 1
             l = L - 2 t beta2^t / (1 - beta2^t)
             l > 5:  p <- p - r sqrt((l - 4) (l - 2) L / ((L - 4) (L - 2) l)) m / (1 - beta1^t)
                              sqrt(1 - beta2^t) / (sqrt(v) + epsilon)
             else:   p <- p - r m / (1 - beta1^t)
  rprop      s starts at r;  s <- clamp(s growth if d g > 0, s contraction if d g < 0, else s,
             minimumStep, maximumStep);  d <- 0 if d g < 0, else g;  p <- p - s sign(d)
  asgd       r' = r / (1 + decay r (t - 1))^power;  p <- (1 - decay r') p - r' g
             a <- a + (p - a) / max(1, t - 1 - averageFrom), behind p in the file

In float32 PyTorch works out the scalar factors in double and rounds each once;
after that every single operation rounds. Two products go left to right: v gains
((1 - beta2) g) g, and p gains (-r' m) / (... + epsilon) with r' the corrected
rate. JavaScript with Math.fround around each operation, in this order, gets the
float32 trajectories to the last bit.

The same rules are written out in numpy below, and nothing is saved unless
PyTorch's float64 follows them to 1e-13.
"""
import json
import os
import pathlib

# Both are read when torch is loaded. "default" leaves out the AVX2 and AVX-512
# loops: these fuse multiply and add into one rounding, which would make the last
# digits depend on the processor, and neither JavaScript nor WebAssembly does it.
os.environ["ATEN_CPU_CAPABILITY"] = "default"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch

STEPS = 20
SHAPES = {"weight": (3, 5), "bias": (7,)}
SHOWS = 1e-4  # the least an option must change, well above float32 rounding
OUTPUT = pathlib.Path(__file__).with_name("torch-trajectories.json")

# What PyTorch takes for an option that is not given (learningRate always is).
ADAM_DEFAULTS = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0,
                 "amsgrad": False, "maximize": False}
DEFAULTS = {
    "sgd": {"momentum": 0.0, "dampening": 0.0, "nesterov": False, "weightDecay": 0.0,
            "maximize": False},
    "adagrad": {"learningRateDecay": 0.0, "initialAccumulator": 0.0, "epsilon": 1e-10,
                "weightDecay": 0.0, "maximize": False},
    "adam": ADAM_DEFAULTS,
    "adamw": {**ADAM_DEFAULTS, "weightDecay": 0.01},
    "rmsprop": {"decay": 0.99, "epsilon": 1e-8, "centered": False, "momentum": 0.0,
                "weightDecay": 0.0, "maximize": False},
    "adadelta": {"decay": 0.9, "epsilon": 1e-6, "weightDecay": 0.0, "maximize": False},
    "radam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0},
    "nadam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "momentumDecay": 4e-3,
              "weightDecay": 0.0},
    "adamax": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0,
               "maximize": False},
    "rprop": {"growth": 1.2, "contraction": 0.5, "minimumStep": 1e-6, "maximumStep": 50.0,
              "maximize": False},
    "asgd": {"decay": 1e-4, "power": 0.75, "averageFrom": 1e6, "weightDecay": 0.0,
             "maximize": False},
}

CONFIGURATIONS = [
    ("sgd", {"learningRate": 0.1}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "dampening": 0.3}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.01}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "maximize": True}),
    ("adagrad", {"learningRate": 0.1}),
    ("adagrad", {"learningRate": 0.1, "learningRateDecay": 0.05}),
    ("adagrad", {"learningRate": 0.1, "initialAccumulator": 0.3}),
    ("adagrad", {"learningRate": 0.1, "epsilon": 1e-3}),
    ("adagrad", {"learningRate": 0.1, "weightDecay": 0.02}),
    ("adagrad", {"learningRate": 0.1, "weightDecay": 0.02, "maximize": True}),
    ("adam", {"learningRate": 0.01}),
    ("adam", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95}),
    ("adam", {"learningRate": 0.01, "epsilon": 1e-3}),
    ("adam", {"learningRate": 0.01, "weightDecay": 0.03}),
    ("adam", {"learningRate": 0.01, "amsgrad": True}),
    ("adam", {"learningRate": 0.01, "maximize": True}),
    ("adam", {"learningRate": 0.01, "amsgrad": True, "weightDecay": 0.03, "maximize": True}),
    ("adamw", {"learningRate": 0.01, "weightDecay": 0.01}),
    ("adamw", {"learningRate": 0.01, "weightDecay": 0.2}),
    ("adamw", {"learningRate": 0.01, "weightDecay": 0.01, "amsgrad": True}),
    ("adamw", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3,
               "weightDecay": 0.1, "amsgrad": True, "maximize": True}),
    ("rmsprop", {"learningRate": 0.01}),
    ("rmsprop", {"learningRate": 0.01, "momentum": 0.9}),
    ("rmsprop", {"learningRate": 0.01, "decay": 0.9, "weightDecay": 0.02, "epsilon": 1e-3}),
    ("rmsprop", {"learningRate": 0.01, "centered": True, "epsilon": 1e-3}),
    ("rmsprop", {"learningRate": 0.01, "centered": True, "momentum": 0.5, "epsilon": 1e-3,
                 "maximize": True}),
    ("adadelta", {"learningRate": 1.0}),
    ("adadelta", {"learningRate": 0.5, "decay": 0.95, "epsilon": 1e-3, "weightDecay": 0.02}),
    ("adadelta", {"learningRate": 1.0, "epsilon": 1e-3, "maximize": True}),
    ("adamax", {"learningRate": 0.01}),
    ("adamax", {"learningRate": 0.01, "maximize": True}),
    ("adamax", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3,
                "weightDecay": 0.03}),
    ("nadam", {"learningRate": 0.01}),
    ("nadam", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "momentumDecay": 0.5,
               "weightDecay": 0.03}),
    ("radam", {"learningRate": 0.01}),
    ("radam", {"learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3,
               "weightDecay": 0.03}),
    ("rprop", {"learningRate": 0.01}),
    ("rprop", {"learningRate": 0.05, "growth": 1.5, "contraction": 0.25, "minimumStep": 0.02,
               "maximumStep": 0.1, "maximize": True}),
    ("asgd", {"learningRate": 0.05}),
    ("asgd", {"learningRate": 0.05, "decay": 0.5, "power": 0.6, "averageFrom": 5}),
    ("asgd", {"learningRate": 0.05, "decay": 0.1, "averageFrom": 0, "weightDecay": 0.02,
              "maximize": True}),
]

OPTIMIZERS = {"sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad,
              "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
              "rmsprop": torch.optim.RMSprop, "adadelta": torch.optim.Adadelta,
              "adamax": torch.optim.Adamax, "nadam": torch.optim.NAdam,
              "radam": torch.optim.RAdam, "rprop": torch.optim.Rprop,
              "asgd": torch.optim.ASGD}
TORCH_NAMES = {"learningRate": "lr", "learningRateDecay": "lr_decay", "epsilon": "eps",
               "weightDecay": "weight_decay", "momentumDecay": "momentum_decay",
               "initialAccumulator": "initial_accumulator_value"}
# PyTorch 1.13 works these out for many tensors or for one. For one, nadam takes mu_t twice into the product of the next
# step, an error that later versions don't have.
FOREACH = {"nadam"}
PAIRS = ("beta1", "beta2", "growth", "contraction", "minimumStep", "maximumStep")
RULE_NAMES = {"rmsprop": {"decay": "alpha"}, "adadelta": {"decay": "rho"},
              "asgd": {"decay": "lambd", "power": "alpha", "averageFrom": "t0"}}


def must(condition, message):
    if not condition:
        raise SystemExit("torch_trajectories.py: " + message)


# ---- start values and gradients -------------------------------------------

def to_float32(values):
    """The nearest float32 numbers, kept as float64, so both precisions share them."""
    return values.astype(np.float32).astype(np.float64)


def draw_problem(random):
    """Start values, and STEPS gradients for each tensor.

    Every coordinate has a magnitude of its own between 1e-6 and 1e2, so that
    epsilon and the accumulators are tried from both sides, and strays up to a
    factor of ten from it. A tenth of the entries are zero. In each tensor
    coordinate 0 never sees a gradient (0 / (0 + epsilon) must stay 0) and
    coordinate 1 sees its first one at step 6, when the bias correction has
    already moved on.
    """
    start = {name: to_float32(random.randn(*shape)) for name, shape in SHAPES.items()}
    gradients = {}
    for name, shape in SHAPES.items():
        size = int(np.prod(shape))
        exponent = random.permutation(np.linspace(-6, 2, size))
        exponent = np.clip(exponent + random.uniform(-1, 1, (STEPS, size)), -6, 2)
        sign = random.choice([-1.0, 1.0], (STEPS, size))
        gradient = sign * 10.0 ** exponent
        gradient[random.rand(STEPS, size) < 0.1] = 0.0
        gradient[:, 0] = 0.0
        gradient[:5, 1] = 0.0
        gradient[5, 1] = 0.5
        gradients[name] = to_float32(gradient).reshape((STEPS,) + shape)
    return start, gradients


# ---- the trajectories -----------------------------------------------------

def torch_arguments(rule, options):
    names = {**TORCH_NAMES, **RULE_NAMES.get(rule, {})}
    arguments = {names.get(name, name): value for name, value in options.items()
                 if name not in PAIRS}
    if "beta1" in options:
        arguments["betas"] = (options["beta1"], options["beta2"])
    if "growth" in options:
        arguments["etas"] = (options["contraction"], options["growth"])
        arguments["step_sizes"] = (options["minimumStep"], options["maximumStep"])
    return arguments


def run_torch(rule, options, dtype, start, gradients):
    """Parameters after each step: {tensor name: array of STEPS x shape}."""
    kind = getattr(torch, dtype)
    parameters = {name: torch.nn.Parameter(torch.tensor(values, dtype=kind))
                  for name, values in start.items()}
    optimizer = OPTIMIZERS[rule](parameters.values(), foreach=rule in FOREACH, 
                                 **torch_arguments(rule, options))
    path = {name: [] for name in start}
    for step in range(STEPS):
        for name, parameter in parameters.items():
            parameter.grad = torch.tensor(gradients[name][step], dtype=kind)
        optimizer.step()
        for name, parameter in parameters.items():
            point = parameter.detach().numpy().copy()
            average = optimizer.state[parameter].get("ax")
            path[name].append(point if average is None else np.stack([point, average.numpy()]))
    return {name: np.array(points) for name, points in path.items()}


def reference_sgd(p, gradients, o):
    buffer = None
    for g in gradients:
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        if o["momentum"]:
            first = buffer is None
            buffer = g if first else o["momentum"] * buffer + (1 - o["dampening"]) * g
            g = g + o["momentum"] * buffer if o["nesterov"] else buffer
        p = p - o["learningRate"] * g
        yield p


def reference_adagrad(p, gradients, o):
    total = np.full_like(p, o["initialAccumulator"])
    for t, g in enumerate(gradients, 1):
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        total = total + g ** 2
        rate = o["learningRate"] / (1 + (t - 1) * o["learningRateDecay"])
        p = p - rate * g / (np.sqrt(total) + o["epsilon"])
        yield p


def reference_adam(p, gradients, o):
    m, v, largest = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        m = o["beta1"] * m + (1 - o["beta1"]) * g
        v = o["beta2"] * v + (1 - o["beta2"]) * g ** 2
        largest = np.maximum(largest, v)
        second = (largest if o["amsgrad"] else v) / (1 - o["beta2"] ** t)
        p = p - o["learningRate"] * m / (1 - o["beta1"] ** t) / (np.sqrt(second) + o["epsilon"])
        yield p


def reference_adamw(p, gradients, o):
    m, v, largest = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        g = -g if o["maximize"] else g
        m = o["beta1"] * m + (1 - o["beta1"]) * g
        v = o["beta2"] * v + (1 - o["beta2"]) * g ** 2
        largest = np.maximum(largest, v)
        second = (largest if o["amsgrad"] else v) / (1 - o["beta2"] ** t)
        p = p * (1 - o["learningRate"] * o["weightDecay"])
        p = p - o["learningRate"] * m / (1 - o["beta1"] ** t) / (np.sqrt(second) + o["epsilon"])
        yield p


def reference_rmsprop(p, gradients, o):
    m, v, buffer = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p)
    for g in gradients:
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        v = o["decay"] * v + (1 - o["decay"]) * g ** 2
        m = o["decay"] * m + (1 - o["decay"]) * g
        step = g / (np.sqrt(v - m ** 2 if o["centered"] else v) + o["epsilon"])
        buffer = o["momentum"] * buffer + step
        p = p - o["learningRate"] * buffer
        yield p


def reference_adadelta(p, gradients, o):
    v, d = np.zeros_like(p), np.zeros_like(p)
    for g in gradients:
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        v = o["decay"] * v + (1 - o["decay"]) * g ** 2
        delta = np.sqrt(d + o["epsilon"]) / np.sqrt(v + o["epsilon"]) * g
        d = o["decay"] * d + (1 - o["decay"]) * delta ** 2
        p = p - o["learningRate"] * delta
        yield p


def reference_adamax(p, gradients, o):
    m, u = np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        m = o["beta1"] * m + (1 - o["beta1"]) * g
        u = np.maximum(o["beta2"] * u, np.abs(g) + o["epsilon"])
        p = p - o["learningRate"] / (1 - o["beta1"] ** t) * m / u
        yield p


def reference_nadam(p, gradients, o):
    m, v, product = np.zeros_like(p), np.zeros_like(p), 1.0
    for t, g in enumerate(gradients, 1):
        g = g + o["weightDecay"] * p
        m = o["beta1"] * m + (1 - o["beta1"]) * g
        v = o["beta2"] * v + (1 - o["beta2"]) * g ** 2
        mu, following = (o["beta1"] * (1 - 0.5 * 0.96 ** (k * o["momentumDecay"])) for k in (t, t + 1))
        product = product * mu
        direction = ((1 - mu) / (1 - product) * g
                     + following / (1 - product * following) * m)
        p = p - o["learningRate"] * direction / (np.sqrt(v / (1 - o["beta2"] ** t)) + o["epsilon"])
        yield p


def reference_radam(p, gradients, o):
    m, v = np.zeros_like(p), np.zeros_like(p)
    greatest = 2 / (1 - o["beta2"]) - 1
    for t, g in enumerate(gradients, 1):
        g = g + o["weightDecay"] * p
        m = o["beta1"] * m + (1 - o["beta1"]) * g
        v = o["beta2"] * v + (1 - o["beta2"]) * g ** 2
        correction = 1 - o["beta2"] ** t
        length = greatest - 2 * t * o["beta2"] ** t / correction
        step = o["learningRate"] * m / (1 - o["beta1"] ** t)
        if length > 5:
            step = step * np.sqrt((length - 4) * (length - 2) * greatest
                                  / ((greatest - 4) * (greatest - 2) * length))
            step = step * np.sqrt(correction) / (np.sqrt(v) + o["epsilon"])
        p = p - step
        yield p


def reference_rprop(p, gradients, o):
    s, d = np.full_like(p, o["learningRate"]), np.zeros_like(p)
    for g in gradients:
        g = -g if o["maximize"] else g
        agreement = np.sign(d * g)
        factor = np.where(agreement > 0, o["growth"], np.where(agreement < 0, o["contraction"], 1))
        s = np.clip(s * factor, o["minimumStep"], o["maximumStep"])
        d = np.where(agreement < 0, 0, g)
        p = p - s * np.sign(d)
        yield p


def reference_asgd(p, gradients, o):
    average = p
    for t, g in enumerate(gradients, 1):
        g = (-g if o["maximize"] else g) + o["weightDecay"] * p
        rate = o["learningRate"] / (1 + o["decay"] * o["learningRate"] * (t - 1)) ** o["power"]
        p = (1 - o["decay"] * rate) * p - rate * g
        average = average + (p - average) / max(1, t - 1 - o["averageFrom"])
        yield np.stack([p, average])


REFERENCES = {"sgd": reference_sgd, "adagrad": reference_adagrad,
              "adam": reference_adam, "adamw": reference_adamw,
              "rmsprop": reference_rmsprop, "adadelta": reference_adadelta,
              "adamax": reference_adamax, "nadam": reference_nadam,
              "radam": reference_radam, "rprop": reference_rprop,
              "asgd": reference_asgd}


def run_reference(rule, options, start, gradients):
    complete = {**DEFAULTS[rule], **options}
    return {name: np.array(list(REFERENCES[rule](start[name], gradients[name], complete)))
            for name in start}


def distance(path, expected, start):
    """Largest error over all steps and coordinates, each relative to the larger
    of the expected value and the start value (a path may cross zero)."""
    return max(np.max(np.abs(path[name] - expected[name])
                      / np.maximum(np.abs(expected[name]), np.abs(start[name])))
               for name in path)


# ---- the file -------------------------------------------------------------

def as_numbers(values):
    """Flat list, row by row. float32 becomes the shortest decimal that reads
    back as the same float32, which halves the file."""
    if values.dtype == np.float64:
        return values.ravel().tolist()
    numbers = [float(str(value)) for value in values.ravel()]
    must(np.array_equal(np.array(numbers).astype(np.float32), values.ravel()),
         "a float32 value does not survive its decimal form")
    return numbers


def by_step(path):
    return [{name: as_numbers(path[name][step]) for name in path} for step in range(STEPS)]


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def lines(entries):
    return "[\n" + ",\n".join(compact(entry) for entry in entries) + "\n]"


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    start, gradients = draw_problem(np.random.RandomState(20))
    entries = []
    for rule, options in CONFIGURATIONS:
        expected = run_reference(rule, options, start, gradients)
        paths = {dtype: run_torch(rule, options, dtype, start, gradients)
                 for dtype in ("float32", "float64")}
        error = distance(paths["float64"], expected, start)
        must(error < 1e-13, f"{rule} {options} is {error:.1e} away from its reference")
        # A vector in which an option does not show would not test that option.
        for name in options:
            if name != "learningRate" and options[name] != DEFAULTS[rule][name]:
                others = {key: value for key, value in options.items() if key != name}
                without = run_reference(rule, others, start, gradients)
                must(distance(without, expected, start) > SHOWS,
                     f"{rule}: {name} does not show in {options}")
        rounding = distance(paths["float32"], expected, start)
        must(rounding < 1e-4, f"{rule} {options}: float32 strays by {rounding:.1e}")
        print(f"{rule:8} float64 {error:.1e}  float32 {rounding:.1e}  {compact(options)}")
        entries += [{"rule": rule, "options": options, "dtype": dtype,
                     "trajectory": by_step(path)} for dtype, path in paths.items()]

    about = ("Made by torch_trajectories.py. Tensors are flat, row by row. trajectory[k] holds "
             "the parameters after step k+1, with asgd their averages behind each tensor's; "
             "gradients[k] is the gradient of that step. "
             "float32 values are the shortest decimals that round to them: read them "
             "through a Float32Array.")
    fields = {
        "about": compact(about),
        "torch": compact(torch.__version__),
        "numpy": compact(np.__version__),
        "shapes": compact(SHAPES),
        "defaults": compact(DEFAULTS),
        "start": compact({name: as_numbers(values) for name, values in start.items()}),
        "gradients": lines(by_step(gradients)),
        "configurations": lines(entries),
    }
    text = "{\n" + ",\n".join(f'"{name}":{value}' for name, value in fields.items()) + "\n}\n"
    json.loads(text)
    OUTPUT.write_text(text)
    print(f"{OUTPUT.name}: {len(entries)} trajectories, {len(text)} bytes")


if __name__ == "__main__":
    main()
