"""The contract of restudy in Python: the same bits from its text alone, with nothing but the standard library.

Reads requests from standard input, one JSON value a line, and answers each with one line: a JSON list of 64-bit words. A number
stands there as the bits of the double. The requests are in `ANSWERS` at the end. `tests/contract.rs` compares with the crate.
"""

import csv
import json
import math
import struct
import sys

TRAINING, VALIDATION = 1, 2


# Words and draws


def quarter_round(s, a, b, c, d):
    for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        mixed = s[z] ^ s[x]
        s[z] = (mixed << turn | mixed >> (32 - turn)) & 0xFFFFFFFF


def block(seed, stream, counter):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    start += struct.unpack("<8I", seed.to_bytes(8, "little") + bytes(24))
    start += struct.unpack("<4I", struct.pack("<QQ", counter, stream))
    s = list(start)
    for _ in range(4):
        for column in range(4):
            quarter_round(s, column, 4 + column, 8 + column, 12 + column)
        for diagonal in range(4):
            places = [4 * row + (diagonal + row) % 4 for row in range(4)]
            quarter_round(s, *places)
    return [(x + y) & 0xFFFFFFFF for x, y in zip(s, start)]


class Draws:
    def __init__(self, seed, stream):
        self.words = (word for counter in range(2**64) for word in block(seed, stream, counter))
        self.spare_normal = None

    def bits(self):
        low = next(self.words)
        return low + (next(self.words) << 32)

    def unit(self):
        return (self.bits() >> 11) * 2.0**-53

    def below(self, n):
        product = next(self.words) * n
        while product % 2**32 < (2**32 - n) % n:
            product = next(self.words) * n
        return product >> 32

    def disc(self):
        while True:
            u = 2.0 * self.unit() - 1.0
            v = 2.0 * self.unit() - 1.0
            q = u * u + v * v
            if 0.0 < q < 1.0:
                return u, v, q

    def direction(self):
        u, v, q = self.disc()
        length = math.sqrt(q)
        return u / length, v / length

    def normal(self):
        if self.spare_normal is not None:
            second, self.spare_normal = self.spare_normal, None
            return second
        u, v, q = self.disc()
        scale = math.sqrt(-2.0 * ln(q) / q)
        self.spare_normal = v * scale
        return u * scale

    def permutation(self, n):
        items = list(range(n))
        for last in range(n - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
        return items


# Mathematics


def exp(x):
    raise NotImplementedError("the section on mathematics is still to be written")


def ln(x):
    raise NotImplementedError("the section on mathematics is still to be written")


# Generators: the next point of class y


def double_moon(draws, y, radius, noise, offset):
    c, s = draws.direction()
    u1, u2 = draws.unit(), draws.unit()
    c, (a, b) = (abs(c), (0.0, 0.0)) if y < 0 else (-abs(c), offset)
    return a + radius * c + noise * u1, b + radius * s + noise * u2


def circles(draws, y, inner, outer, noise):
    c, s = draws.direction()
    u1, u2 = draws.unit(), draws.unit()
    r = inner if y < 0 else outer
    return r * c + noise * (u1 - 0.5), r * s + noise * (u2 - 0.5)


def xor(draws, y, side, margin):
    t1 = 2.0 * draws.unit() - 1.0
    t2 = 2.0 * draws.unit() - 1.0
    a, b = (margin + (side - margin) * abs(t) for t in (t1, t2))
    if y < 0:
        return (-a, -b) if t1 < 0 else (a, b)
    return (-a, b) if t1 < 0 else (a, -b)


def spirals(draws, y, turns, inner, outer, noise):
    u, v1, v2 = draws.unit(), draws.unit(), draws.unit()
    r = inner + (outer - inner) * u
    r = r if y < 0 else -r
    p = 4.0 * turns * u
    q = int(p)
    w = (2.0 * (p - q) - 1.0) * 0.41421356237309503
    z = w * w
    c, s = (1.0 - z) / (1.0 + z), 2.0 * w / (1.0 + z)
    e, f = ((c, s), (-s, c), (-c, -s), (s, -c))[q % 4]
    return r * e + noise * (v1 - 0.5), r * f + noise * (v2 - 0.5)


def blobs(draws, y, distance, spread):
    n1, n2 = draws.normal(), draws.normal()
    return y * (distance / 2.0) + spread * n1, 0.0 + spread * n2


GENERATORS = {"double-moon": double_moon, "circles": circles, "xor": xor, "spirals": spirals, "blobs": blobs}


def generate(name, run_seed, settings):
    settings = dict(settings)
    seed = run_seed if settings["seed"] == "per-run" else settings["seed"]
    del settings["seed"]
    counts = settings.pop("train"), settings.pop("validation")
    parts = []
    for n, stream in zip(counts, (TRAINING, VALIDATION)):
        draws = Draws(seed, stream)
        labels = [-1.0 if i < (n + 1) // 2 else 1.0 for i in range(n)]
        parts.append(([GENERATORS[name](draws, y, **settings) for y in labels], labels))
    return parts


# Files


def read_csv(path, label, features, negative, positive):
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *rows = [[field.strip() for field in row] for row in csv.reader(file) if row]
    features = features or [name for name in header if name != label]
    points = [[float(row[header.index(name)]) for name in features] for row in rows]
    texts = [row[header.index(label)] for row in rows]
    if negative is not None:
        return features, points, [{negative: -1.0, positive: 1.0}[text] for text in texts]
    return features, points, [1.0 if float(text) == 1.0 else -1.0 for text in texts]


def standardise(parts):
    training = parts[0][0]
    for column in range(len(training[0])):
        values = [point[column] for point in training]
        mean, sd = values[0], 1.0
        if any(value != values[0] for value in values):
            mean = sum_in_order(values) / len(values)
            sd = math.sqrt(sum_in_order([(value - mean) * (value - mean) for value in values]) / len(values))
        for points, _ in parts:
            for point in points:
                point[column] = (point[column] - mean) / sd


def sum_in_order(values):
    total = 0.0
    for value in values:  # not sum(), which newer versions of Python compensate
        total += value
    return total


def load_csv(run_seed, settings):
    mapping = settings.get("negative"), settings.get("positive")
    names, points, labels = read_csv(settings["file"], settings["label"], settings.get("features"), *mapping)
    if "file" in settings["validation"]:
        _, *held = read_csv(settings["validation"]["file"], settings["label"], names, *mapping)
        parts = [(points, labels), tuple(held)]
    else:
        seed = run_seed if settings["seed"] == "per-run" else settings["seed"]
        order = Draws(seed, VALIDATION).permutation(len(points))
        held = int(settings["validation"]["share"] * len(points) + 0.5)
        chosen = sorted(order[held:]), sorted(order[:held])
        parts = [([points[i] for i in rows], [labels[i] for i in rows]) for rows in chosen]
    if settings["standardise"]:
        standardise(parts)
    return parts


# Requests


def double_bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def answer_data(run_seed, data):
    """All inputs of the training points, their labels, then the same of the validation points."""
    ((name, settings),) = data.items()
    parts = load_csv(run_seed, settings) if name == "csv" else generate(name, run_seed, settings)
    numbers = []
    for points, labels in parts:
        numbers += [x for point in points for x in point] + labels
    return [double_bits(number) for number in numbers]


ANSWERS = {
    "bits": lambda seed, stream, count: draw(seed, stream, count, Draws.bits),
    "unit": lambda seed, stream, count: draw(seed, stream, count, lambda draws: double_bits(draws.unit())),
    "below": lambda seed, stream, count, n: draw(seed, stream, count, lambda draws: draws.below(n)),
    "direction": lambda seed, stream, count: [
        double_bits(c) for pair in draw(seed, stream, count, Draws.direction) for c in pair
    ],
    "permutation": lambda seed, stream, n: Draws(seed, stream).permutation(n),
    "data": answer_data,
}


def draw(seed, stream, count, one):
    draws = Draws(seed, stream)
    return [one(draws) for _ in range(count)]


def main():
    for line in sys.stdin:
        ((what, arguments),) = json.loads(line).items()
        print(json.dumps(ANSWERS[what](*arguments)), flush=True)


if __name__ == "__main__":
    main()
