"""Reply to `tests/contract/main.rs`: JSON lines `{"what": [arguments]}` in, JSON lines out, doubles as their 64 bits."""

import json
import sys

import contract
from contract import Draws, bits, float_of


def draw(seed, stream, count, one):
    draws = Draws(seed, stream)
    return [one(draws) for _ in range(count)]


def data(run_seed, data):
    """Inputs and labels of the training points, then of the validation points; then the digest of all."""
    parts = contract.load(run_seed, data)
    numbers = [number for points, labels in parts for number in [x for point in points for x in point] + labels]
    return [[bits(number) for number in numbers], contract.data_digest(parts).hex()]


def run(trial, seed):
    run = contract.run(trial, seed)
    return {
        "id": run.identity.hex(),
        "points": [[epoch, step, *map(bits, train + validation)] for epoch, step, train, validation in run.points],
        "chain": [link.hex() for link in run.links],
        "params": [bits(value) for value in run.network.values()],
        "digest": run.digest().hex(),
    }


def function(name, arguments):
    return [bits(getattr(contract, name)(float_of(argument))) for argument in arguments]


def trial(values):
    return {seed: float_of(value) for seed, value in values}


def choice(trials, higher, constant, of=0):
    found = contract.choose([trial(one) for one in trials], higher, constant, of)
    return found and [*found[:4], bits(found[4]), *found[5:]]


ANSWERS = {
    "bits": lambda seed, stream, count: draw(seed, stream, count, Draws.bits),
    "unit": lambda seed, stream, count: draw(seed, stream, count, lambda draws: bits(draws.unit())),
    "below": lambda seed, stream, count, n: draw(seed, stream, count, lambda draws: draws.below(n)),
    "normal": lambda seed, stream, count: draw(seed, stream, count, lambda draws: bits(draws.normal())),
    "direction": lambda seed, stream, count: [bits(c) for pair in draw(seed, stream, count, Draws.direction) for c in pair],
    "permutation": lambda seed, stream, n: Draws(seed, stream).permutation(n),
    "function": function,
    "data": data,
    "initial": lambda init, d, h, seed: [bits(value) for value in contract.initial(init, d, h, seed).values()],
    "run": run,
    "auc": lambda outputs, labels: bits(contract.auc([float_of(output) for output in outputs], labels)),
    "root": lambda runs: contract.root([tuple(map(bytes.fromhex, run)) for run in runs]).hex(),
    "blake3": lambda text: contract.blake3(text.encode()).hex(),
    "statistics": lambda version, level, ends, values: [
        bits(x) for x in contract.statistics([float_of(value) for value in values], version, level, [float_of(end) for end in ends])
    ],
    "share": lambda k, n, level: [bits(x) for x in [*contract.share(k, n, level), contract.unseen(n, level), contract.outside(n, level)]],
    "signed-rank": lambda values: [bits(contract.signed_rank([float_of(value) for value in values])[0])],
    "at-most": lambda k, n, w, g: bits(contract.at_most(k, n, w, g)),
    "choose": choice,
    "best": lambda trials, higher, count: contract.best([trial(one) for one in trials], higher, count),
    "paired": lambda a, b: [bits(x) for x in contract.paired(trial(a), trial(b))],
}


def main():
    for line in sys.stdin:
        ((what, arguments),) = json.loads(line).items()
        print(json.dumps(ANSWERS[what](*arguments)), flush=True)


if __name__ == "__main__":
    main()
