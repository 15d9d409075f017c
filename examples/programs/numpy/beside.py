"""Compare the two studies of this folder run by run, and find out why their bits differ.

    python3 beside.py FOLDER_OF_RESULTS

The first table compares the final measurements. For the second one, the runs of seven hidden units are trained again,
here, with pieces of train.py replaced by those of the arithmetic contract, which tests/contract/contract.py has in Python.
"""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[3] / "tests/contract"))
import contract
import train

MEASUREMENTS = [(split, place, f"{split} {name}") for split in ("train", "validation") for place, name in enumerate(("loss", "error"))]


def runs(folder):
    """Read the final measurements of every run, by the number of hidden units and the seed."""
    command = ["restudy", "show", folder, "--runs", "--json"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    return {(*run["axes"].values(), run["seed"]): run for run in found if "seed" in run}


def apart(ones, others):
    return max((abs(a - b) / abs(a) for a, b in zip(ones, others) if a != b), default=0.0)


def ordered(x, wi, bi, wo, bo):
    """Sum as the contract does: from the bias on, one product after the other."""
    a, output = bi, bo
    for k in range(wi.shape[1]):
        a = a + wi[:, k] * x[..., k : k + 1]
    h = np.where(a > 0.0, a, 0.0)
    for j in range(len(wo)):
        output = output + wo[j] * h[..., j : j + 1]
    return h, output if x.ndim == 1 else output[:, 0]


PIECES = {
    "sums of products": ("forward", ordered),
    "exp": ("sigmoid", lambda z: contract.sigmoid(float(z[0]))),
}
ORIGINAL = {name: (key, getattr(train, key)) for name, (key, _) in PIECES.items()}


def trained(replaced, seed, epochs=20, hidden=7):
    """Return all parameters at the end of every epoch."""
    for name in PIECES:
        setattr(train, *(PIECES if name in replaced else ORIGINAL)[name])
    states = []
    train.train(hidden, epochs, 0.02, seed, lambda _, network: states.append([x for part in network for x in part.ravel().tolist()]))
    return states


def validation_loss(parameters, hidden=7):
    wi, bi, wo, bo = np.split(np.array(parameters), [2 * hidden, 3 * hidden, 4 * hidden])
    (x, y) = train.moons(2)
    margins = y * ordered(x, wi.reshape(hidden, 2), bi, wo, bo)[1]
    return contract.mean([contract.softplus(-margin) for margin in margins.tolist()])


def main(folder):
    numpy, ours = runs(folder / "hidden-numpy"), runs(folder / "hidden-ours")
    print("final measurement  the same bits  apart by at most (relative)")
    for split, place, name in MEASUREMENTS:
        pairs = [(ours[key][split][place], numpy[key][split][place]) for key in sorted(ours)]
        print(f"{name:17} {sum(a == b for a, b in pairs):5} of {len(pairs)}       {apart(*zip(*pairs)):.1e}")

    seeds = sorted(seed for hidden, seed in ours if hidden == 7)
    exact = {seed: trained(PIECES, seed) for seed in seeds}
    same = sum(validation_loss(exact[seed][-1]) == ours[7, seed]["validation"][0] for seed in seeds)
    print(f"\nWith both pieces of the contract, {same} of {len(seeds)} runs of 7 units have the bits of restudy. With fewer:\n")
    print("replaced          the same parameters at the start, at the end; apart by at most, epoch 1, 5, 20")
    for replaced in [(), *((name,) for name in PIECES)]:
        states = {seed: trained(replaced, seed) for seed in seeds}
        equal = [sum(states[seed][epoch] == exact[seed][epoch] for seed in seeds) for epoch in (0, 20)]
        far = [max(apart(exact[seed][epoch], states[seed][epoch]) for seed in seeds) for epoch in (1, 5, 20)]
        print(f"{' '.join(replaced) or 'nothing':17} {equal[0]} of {len(seeds)}, {equal[1]} of {len(seeds)};", ", ".join(f"{x:.1e}" for x in far))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
