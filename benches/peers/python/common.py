"""Shared code of the peers in Python: the data, the sizes of the study, the clock.

A peer defines a function `train(data, h, rate, seeds, epochs)`: it trains one network of `h` hidden units for each seed, with one example in
each step, measures loss and error on training and validation points before the first epoch and after every one, and returns the mean final
training error. The study is too long for most peers: each size trains the share given by `seeds` and `epochs`, and the time is scaled up to
120 runs of 100 epochs. Peers compile before the clock starts.
"""
import csv
import json
import sys
import time

import numpy

HIDDEN = [1, 2, 5, 7, 10, 100]
RUNS, EPOCHS, STEPS = 120, 100, 1000


def load(path):
    """(x, y) of the training points and of the validation points."""
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    splits = []
    for split in ("training", "validation"):
        chosen = [row for row in rows if row["part"] == split]
        splits.append((numpy.array([[float(row["x1"]), float(row["x2"])] for row in chosen]), numpy.array([float(row["label"]) for row in chosen])))
    return splits


def initial(h, seed):
    """Returns Wi, bi, Wo, bo: Wi standard normal, everything else 0."""
    draws = numpy.random.default_rng(seed)
    return draws.standard_normal((h, 2)), numpy.zeros(h), numpy.zeros(h), 0.0


def order(seed, epoch):
    """Returns the examples of an epoch, drawn with replacement."""
    return numpy.random.default_rng((seed, epoch)).integers(0, STEPS, STEPS)


def losses(outputs, labels):
    """Returns the mean loss and the share of errors."""
    margins = labels * outputs
    return numpy.mean(numpy.logaddexp(0.0, -margins)), numpy.mean(~(margins > 0.0))


def study(train, seeds, epochs, warm=False):
    """Measures a peer on every size, and prints the CPU seconds of the whole study and the error at h = 7."""
    data = load(sys.argv[1])
    total, error = 0.0, None
    for h in HIDDEN:
        if warm:
            train(data, h, 0.02, range(seeds), epochs)
        begun = time.process_time()
        found = train(data, h, 0.02, range(seeds), epochs)
        total += (time.process_time() - begun) * (RUNS / seeds) * (EPOCHS / epochs)
        if h == 7:
            error = found
    share = seeds * epochs / (RUNS * EPOCHS)
    print(json.dumps({"seconds": total, "share": share, "epochs": epochs, "error": 100 * float(error)}))
