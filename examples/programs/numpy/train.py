"""The network of the course in NumPy: one hidden layer of ReLU units, the logistic loss, one point a step."""
import json
import sys

import numpy as np
from draws import Draws


def moons(stream, points=1000):
    draws, y = Draws(2014, stream), np.repeat([-1.0, 1.0], points // 2)
    x = np.empty((points, 2))
    for i, label in enumerate(y):
        c, s = draws.direction()
        center = (0.0, 0.0) if label < 0 else (0.8, -1.8)
        x[i] = center + 2.0 * np.array([-label * abs(c), s]) + 0.6 * np.array([draws.unit(), draws.unit()])
    return x, y


def forward(x, wi, bi, wo, bo):
    h = np.maximum(x @ wi.T + bi, 0.0)
    return h, h @ wo + bo


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def measure(x, y, network):
    margin = y * forward(x, *network)[1]
    return {"loss": float(np.mean(np.logaddexp(0.0, -margin))), "error": float(np.mean(~(margin > 0.0)))}


def train(hidden, epochs, rate, seed, report):
    first, order, (x, y) = Draws(seed, 3), Draws(seed, 4), moons(1)
    wi = np.array([first.normal() for _ in range(2 * hidden)]).reshape(hidden, 2)
    network = wi, bi, wo, bo = wi, np.zeros(hidden), np.zeros(hidden), np.zeros(1)
    report(0, network)
    for step in range(1, epochs * len(y) + 1):
        i = order.below(len(y))
        h, output = forward(x[i], *network)
        s = rate * (-y[i] * sigmoid(-y[i] * output))
        t = np.where(h > 0.0, s * wo, 0.0)
        wo -= s * h
        bi -= t
        wi -= t[:, None] * x[i]
        bo -= s
        if step % len(y) == 0:
            report(step, network)


def main(hidden, epochs, rate, seed):
    splits = {"train": moons(1), "validation": moons(2)}
    train(int(hidden), int(epochs), float(rate), int(seed), lambda step, network: print(json.dumps(
        {"step": step} | {name: measure(*points, network) for name, points in splits.items()})))


if __name__ == "__main__":
    main(*sys.argv[1:])
