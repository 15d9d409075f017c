"""The contract of restudy in Python: the same bits from its text alone, with the standard library only.

Written from `src/contract.md`, in its order and without reading the crate; `tests/contract/main.rs` compares the two to the
last bit. Python's floats are doubles, and Python fuses no operations. Do not use `sum()`, which newer versions of Python
compensate, or `math.exp` and related functions, which differ between machines.
"""

import csv
import functools
import io
import itertools
import math
import re
import struct
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from blake3 import blake3

INFINITY = math.inf
NAN = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000))[0]


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def float_of(pattern):
    return struct.unpack("<d", struct.pack("<Q", pattern % 2**64))[0]


# 1. Words and streams

TRAINING, VALIDATION, INITIALIZATION, ORDER, BOOTSTRAP, FOLDS = 1, 2, 3, 4, 5, 8


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


# 2. Functions

LOG2E = 1.4426950408889634
ROUND = 6755399441057792.0
LN2HIGH = 0.693147180559663
LN2LOW = 2.8235290563031577e-13
P = [0.5000000000000001, 0.16666666666666669, 0.04166666666662406, 0.008333333333330055, 0.0013888888917258759]
P += [0.00019841269863088255, 2.4801521225986432e-05, 2.7557268406190795e-06, 2.7620121717381933e-07, 2.51004110820149e-08]
Q = [0.666666666666667, 0.399999999998992, 0.2857142862611452, 0.22222211112104948, 0.1818289077802613]
Q += [0.15331666676597175, 0.146171283998073]
SQRTHALF = 0x3FE6A09E667F3BCD
ONE = 0x3FF0000000000000


def exp(x):
    x = -746.0 if x < -746.0 else x
    x = 710.0 if x > 710.0 else x
    s = x * LOG2E + ROUND
    k = s - ROUND
    r = (x - k * LN2HIGH) - k * LN2LOW
    r2 = r * r
    r4 = r2 * r2
    a = (P[0] + P[1] * r) + (P[2] + P[3] * r) * r2
    b = (P[4] + P[5] * r) + (P[6] + P[7] * r) * r2
    p = (a + b * r4) + (P[8] + P[9] * r) * (r4 * r4)
    v = 1.0 + (r + r2 * p)
    m = bits(s) % 4096
    i = m // 2
    return v * float_of((i - 1) * 2**52) * float_of((m - i - 1) * 2**52)


def split(x):
    t = bits(x) + (ONE - SQRTHALF)
    return t // 2**52 - 1023, float_of(t % 2**52 + SQRTHALF)


def assemble(k, f, c):
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    a = (Q[0] + Q[1] * z) + (Q[2] + Q[3] * z) * z2
    b = (Q[4] + Q[5] * z) + Q[6] * z2
    r = z * (a + b * (z2 * z2))
    e = 0.5 * (f * f)
    return k * LN2HIGH - ((e - (s * (e + r) + (k * LN2LOW + c))) - f)


def ln(x):
    if x != x or x < 0.0:
        return NAN
    if x == 0.0:
        return -INFINITY
    if x == INFINITY:
        return x
    if x < 2.0**-1022:
        k, m = split(x * 2.0**54)
        return assemble(k - 54, m - 1.0, 0.0)
    k, m = split(x)
    return assemble(k, m - 1.0, 0.0)


def ln_1p(x):
    if x != x or x < -1.0:
        return NAN
    if x == -1.0:
        return -INFINITY
    if x == INFINITY:
        return x
    w = 1.0 + x
    k, m = split(w)
    if k == 0:
        return assemble(k, x, 0.0)
    c = (x - (w - 1.0)) / w if x < 1.0 else (1.0 - (w - x)) / w
    return assemble(k, m - 1.0, c)


def sigmoid(z):
    e = exp(-abs(z))
    return (1.0 if z >= 0.0 else e) / (1.0 + e)


def softplus(z):
    return max(0.0, z) + ln_1p(exp(-abs(z)))


def sum_in_order(values):
    total = 0.0
    for value in values:
        total += value
    return total


# 3. Data. Generators: the next point of class y


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


def generate(run_seed, name, settings):
    shape = {key: value for key, value in settings.items() if key not in ("seed", "train", "validation")}
    parts = []
    for n, stream in (settings["train"], TRAINING), (settings["validation"], VALIDATION):
        draws = Draws(data_seed(run_seed, settings), stream)
        labels = [-1.0 if i < (n + 1) // 2 else 1.0 for i in range(n)]
        parts.append(([GENERATORS[name](draws, y, **shape) for y in labels], labels))
    return parts


def data_seed(run_seed, settings):
    return run_seed if settings["seed"] == "per-run" else settings["seed"]


# Files


MISSING = ("", "?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NAN", "NULL", "null", "None")


WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def is_number(text):
    return bool(re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)) and math.isfinite(float(text))


SEPARATORS = ",;\t|"


def fields_of(line, separator):
    return [field.strip(WHITE) for field in next(csv.reader([line], delimiter=separator), [])]


def decimal(field):
    """Replace the decimal comma of a number by a point."""
    return field.replace(",", ".", 1)


def table_of(path, settings):
    """Return the rows of a table, including the names, and the separator of its columns."""
    with open(path, "rb") as file:
        data = file.read()
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    lines = [line for line in re.split("[\r\n]", text) if line]
    widths = {len([field for field in line.split(" ") if field]) for line in lines}
    if not text.lstrip(WHITE).startswith("#") and not re.search("[,;\t|\"']", text) and len(widths) == 1 and min(widths) > 1:
        lines = [",".join(field for field in line.split(" ") if field) for line in lines]
        text = "\n".join(lines)
    declared = re.fullmatch('[" ]*sep=([,;\t|])[" ]*', lines[0])
    header, label = settings.get("header", True), settings["label"]
    first, skipped, separator = lines[0], 0, ","
    if declared:
        separator, skipped = declared[1], 1
    else:
        named = [any(label in fields_of(line, own) for own in SEPARATORS) for line in lines]
        comments = next((i for i, line in enumerate(lines) if named[i] or not line.lstrip(WHITE).startswith("#")), len(lines))
        if header and comments < len(lines) and named[comments]:
            skipped, first = comments, lines[comments]
        own = [mark for mark in SEPARATORS if header and label in fields_of(first, mark)]
        others = [mark for mark in SEPARATORS[1:] if len(fields_of(first, mark)) > 1]
        if own:
            separator = own[0]
        elif len(others) == 1:
            numbers = all("," not in field or is_number(decimal(field)) for field in fields_of(first, others[0]))
            if len(fields_of(first, ",")) == 1 or others == [";"] and numbers:
                separator = others[0]
    for _ in range(skipped):
        text = text.lstrip("\r\n")
        text = text[re.search("[\r\n]", text).start() :]
    return [[field.strip(WHITE) for field in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row], separator


def has_decimal_commas(columns):
    numbers = [field for column in columns for field in column]
    commas = [field for field in numbers if "," in field and is_number(decimal(field))]
    points = any("." in field and is_number(field) for field in numbers)
    return not points and any(not re.fullmatch("[+-]*[1-9][0-9]{0,2},[0-9]{3}", field) for field in commas)


def rows_of(path, settings, names):
    """Return the input columns, their fields row by row, and the labels; `names` are the columns of the training file."""
    rows, separator = table_of(path, settings)
    header = rows.pop(0) if settings.get("header", True) else [f"x{i + 1}" for i in range(len(rows[0]))]
    features, label = settings.get("features"), settings["label"]
    if isinstance(features, dict):
        features = [name for name in header if name != label and name not in features["except"]]
    features = names or features or [name for name in header if name != label]
    places = [header.index(name) for name in features]
    commas = separator == ";" and has_decimal_commas([[row[place] for row in rows] for place in places])
    texts = {settings.get("negative"): -1.0, settings.get("positive"): 1.0}
    for text in settings.get("labels", {}).get("negative", []):
        texts[text] = -1.0
    for text in settings.get("labels", {}).get("positive", []):
        texts[text] = 1.0
    fields, labels = [], []
    for row in rows:
        text = row[header.index(label)]
        known = texts.get(text)
        if known is None and "labels" in settings:
            continue
        own = [row[header.index(name)] for name in features]
        if settings.get("missing") == "drop" and (known is None and text in MISSING or any(field in MISSING for field in own)):
            continue
        fields.append(own)
        labels.append(known if known is not None else 1.0 if float(text) == 1.0 else -1.0)
    for place in range(len(features)) if commas else ():
        # Texts are not converted.
        if all(own[place] in MISSING or is_number(decimal(own[place])) for own in fields):
            for own in fields:
                own[place] = decimal(own[place])
    return features, fields, labels


def inputs_of(settings, names, fields):
    """Return the source of each input: a column, and one of its texts, none, or the mark of a missing value."""
    inputs = []
    for name, column in zip(names, zip(*fields)):
        present = [field for field in column if field not in MISSING]
        if settings.get("encode") == "one-hot" and not all(map(is_number, present)):
            inputs += [(name, text) for text in sorted(set(present), key=str.encode)]
        else:
            inputs.append((name, None))
    if settings.get("missing") == "indicator":
        inputs += [(name, MISSING) for name, column in zip(names, zip(*fields)) if any(field in MISSING for field in column)]
    return inputs


def point_of(names, inputs, fields):
    """Return the inputs of a row; None for a missing value."""
    point = []
    for name, text in inputs:
        field = fields[names.index(name)]
        if text is MISSING:
            point.append(1.0 if field in MISSING else 0.0)
        elif field in MISSING:
            point.append(None)
        else:
            point.append(float(field) if text is None else 1.0 if field == text else 0.0)
    return point


def fill(parts):
    for column in range(len(parts[0][0][0])):
        if all(point[column] is not None for points, _ in parts for point in points):
            continue
        mean_of = [point[column] for point in parts[0][0] if point[column] is not None]
        mean_of = sum_in_order(mean_of) / len(mean_of)
        for points, _ in parts:
            for point in points:
                point[column] = mean_of if point[column] is None else point[column]


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


def load_csv(run_seed, settings):
    names, fields, labels = rows_of(settings["file"], settings, None)
    inputs = inputs_of(settings, names, fields)
    points = [point_of(names, inputs, row) for row in fields]
    if "file" in settings["validation"]:
        _, held, signs = rows_of(settings["validation"]["file"], settings, names)
        parts = [(points, labels), ([point_of(names, inputs, row) for row in held], signs)]
    elif "folds" in settings["validation"]:
        order = Draws(data_seed(run_seed, settings), FOLDS).permutation(len(points))
        if settings.get("stratified"):
            order = [i for sign in (-1.0, 1.0) for i in order if labels[i] == sign]
        held = {row for place, row in enumerate(order) if place % settings["validation"]["folds"] == settings["fold"]}
        chosen = [i for i in range(len(points)) if i not in held], sorted(held)
        parts = [([points[i] for i in rows], [labels[i] for i in rows]) for rows in chosen]
    else:
        order = Draws(data_seed(run_seed, settings), VALIDATION).permutation(len(points))
        held = order[: int(settings["validation"]["share"] * len(points) + 0.5)]
        if settings.get("stratified"):
            held = []
            for own in ([i for i in order if labels[i] == sign] for sign in (-1.0, 1.0)):
                most = max(len(own) - 1, 0)
                held += own[: min(max(int(settings["validation"]["share"] * len(own) + 0.5), min(1, most)), most)]
        chosen = sorted(set(order) - set(held)), sorted(held)
        parts = [([points[i] for i in rows], [labels[i] for i in rows]) for rows in chosen]
    fill(parts)
    if settings["standardise"]:
        standardise(parts)
    return parts


def load(run_seed, data):
    """Return the training and validation points of a run; each a list of inputs and a list of labels."""
    ((name, settings),) = data.items()
    return load_csv(run_seed, settings) if name == "csv" else generate(run_seed, name, settings)


# 4. The network


@dataclass
class Network:
    wi: list
    bi: list
    wo: list
    bo: float

    def values(self):
        return [*itertools.chain(*self.wi), *self.bi, *self.wo, self.bo]

    def forward(self, x):
        hidden = []
        for weights, a in zip(self.wi, self.bi):
            for weight, coordinate in zip(weights, x):
                a = a + weight * coordinate
            hidden.append(a if a > 0.0 else 0.0)
        output = self.bo
        for weight, h in zip(self.wo, hidden):
            output = output + weight * h
        return hidden, output

    def step(self, x, y, rate):
        hidden, output = self.forward(x)
        s = rate * (-y * sigmoid(-(y * output)))
        for j, h in enumerate(hidden):
            t = s * self.wo[j] if h > 0.0 else 0.0
            self.wo[j] = self.wo[j] - s * h
            self.bi[j] = self.bi[j] - t
            self.wi[j] = [weight - t * coordinate for weight, coordinate in zip(self.wi[j], x)]
        self.bo = self.bo - s


def initial(init, d, h, seed):
    draws = Draws(seed, INITIALIZATION)

    def block(n, scale=1.0, draw=draws.normal):
        return [scale * draw() for _ in range(n)]

    def symmetric():
        return 2.0 * draws.unit() - 1.0

    bi, wo, bo = [0.0] * h, [0.0] * h, 0.0
    if init == "uniform":
        wi, bi, wo, bo = block(h * d, 1.0, draws.unit), block(h, 1.0, draws.unit), block(h, 1.0, draws.unit), draws.unit()
    elif init == "normal":
        wi = block(h * d)
    elif init == "he":
        wi, wo = block(h * d, math.sqrt(2.0 / d)), block(h, math.sqrt(2.0 / h))
    elif init == "glorot":
        wi = block(h * d, math.sqrt(6.0 / (d + h)), symmetric)
        wo = block(h, math.sqrt(6.0 / (h + 1)), symmetric)
    return Network([wi[j * d : (j + 1) * d] for j in range(h)], bi, wo, bo)


# 5. The run

METRICS = {  # by the margin y * Y
    "loss": lambda margin: softplus(-margin),
    "error": lambda margin: 0.0 if 0.0 < margin < INFINITY else 1.0,
    "brier": lambda margin: sigmoid(-margin) * sigmoid(-margin),
}


@dataclass
class Run:
    identity: bytes
    points: list  # of (epoch, step, metrics on training points, metrics on validation points)
    links: list
    outcome: str
    network: Network

    def digest(self):
        return blake3(b"restudy/run" + self.links[-1] + self.outcome.encode())

    def measurements(self):
        text = b"restudy/measurements" + self.identity + count(len(self.points))
        for (epoch, step, *both), link in zip(self.points, self.links):
            values = b"".join(count(len(part)) + doubles(part) for part in both)
            text += count(epoch) + count(step) + values + link
        return blake3(text)


def visits(sampling, seed, n):
    draws = Draws(seed, ORDER)
    while True:
        yield from draws.permutation(n) if sampling == "shuffle" else [draws.below(n)]


def auc(outputs, labels):
    plus, minus = ([output for output, y in zip(outputs, labels) if y == label] for label in (1.0, -1.0))
    comparable = sorted(output for output in minus if output == output)
    # The smaller ones, and these with the equal ones.
    twice = sum(side(comparable, output) for output in plus if output == output for side in (bisect_left, bisect_right))
    return float(twice) / float(2 * len(plus) * len(minus))


def measure(network, metrics, points, labels):
    outputs = [network.forward(x)[1] for x in points]
    margins = [y * output for output, y in zip(outputs, labels)]
    whole = {"auc": auc}
    values = [
        whole[name](outputs, labels) if name in whole else mean([METRICS[name](margin) for margin in margins]) for name in metrics
    ]
    return [value if math.isfinite(value) else INFINITY for value in values]


def run(trial, seed, parts=None):
    """Train a run from its settings, given without defaults."""
    parts = parts or load(seed, trial["data"])
    (points, labels), every, stop = parts[0], trial["evaluate"]["every"], trial.get("stop", {})
    metrics, n = trial["evaluate"]["metrics"], len(points)
    last = trial["train"]["epochs"] * n
    distance = every["steps"] if "steps" in every else every["epochs"] * n
    network = initial(trial["model"]["init"], len(points[0]), trial["model"]["hidden"], seed)
    result = Run(identity(trial, seed), [], [], "", network)
    order = visits(trial["train"]["sampling"], seed, n)
    step, zero_since = 0, None
    while True:
        both = [measure(network, metrics, *part) for part in parts]
        finite = all(map(math.isfinite, [*both[0], *both[1], *network.values()]))
        error = both[0][metrics.index("error")]
        zero_since = None if error != 0.0 else step if zero_since is None else zero_since
        if not finite:
            result.outcome = f"diverged {step // n}"
        elif "zero-error-epochs" in stop and zero_since is not None and step - zero_since >= stop["zero-error-epochs"] * n:
            result.outcome = f"converged {step // n}"
        elif "loss-below" in stop and both[0][metrics.index("loss")] < stop["loss-below"]:
            result.outcome = f"converged {step // n}"
        elif step == last:
            result.outcome = "completed"
        previous = result.links[-1] if result.links else result.identity
        numbers = [*both[0], *both[1], *(network.values() if finite else [])]
        result.links.append(blake3(b"restudy/link" + previous + count(step // n) + count(step) + doubles(numbers)))
        result.points.append((step // n, step, *both))
        if result.outcome:
            return result
        for _ in range(min(distance - step % distance, last - step)):
            i = next(order)
            network.step(points[i], labels[i], trial["train"]["learning-rate"])
            step += 1


# 6. Digests


def count(n):
    return struct.pack("<Q", n)


def doubles(numbers):
    return struct.pack(f"<{len(numbers)}d", *numbers)


@functools.cache
def file_digest(path):
    with open(path, "rb") as file:
        return blake3(file.read()).hex()


LATER = {  # with their defaults these settings are in no identity
    "data.csv.header": True,
    "data.csv.missing": "refuse",
    "data.csv.encode": "none",
    "data.csv.stratified": False,
    "data.mat.stratified": False,
}


def lines(path, value):
    """Return the lines of a setting in an identity, or of all settings in a table or list."""
    if path in LATER and value == LATER[path]:
        return []
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [line for key, item in items for line in lines(f"{path}.{key}", item)]
    if path.startswith("data.") and path.endswith(".file"):
        value = "blake3:" + file_digest(value)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, str):
        return [(path, f"s{len(value.encode())}:{value}")]
    return [(path, f"u{value}" if isinstance(value, int) else f"f{bits(value):016x}")]


def identity(trial, seed):
    settings = [line for part in ("data", "model", "train", "evaluate", "stop") for line in lines(part, trial.get(part, {}))]
    settings.sort(key=lambda setting: setting[0].encode())
    text = "".join(f"{path}={value}\n" for path, value in settings)
    return blake3(f"restudy/id\ncontract=1\n{text}seed={seed}\n".encode())


def root(runs):
    """Return the root over pairs of an identity and a digest."""
    level = [blake3(b"restudy/leaf" + identity + digest) for identity, digest in sorted(runs)]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [blake3(b"restudy/node" + b"".join(pair)) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0] if level else blake3(b"restudy/node")


def data_digest(parts):
    text = b"restudy/data"
    for points, labels in parts:
        text += count(len(points)) + count(len(points[0])) + doubles([x for point in points for x in point]) + doubles(labels)
    return blake3(text)


# 7. Statistics


def mean(values):
    return sum_in_order(values) / len(values) if values else NAN


def deviation(values):
    if len(values) < 2 or INFINITY in values:
        return NAN
    m = mean(values)
    return math.sqrt(sum_in_order([(x - m) * (x - m) for x in values]) / (len(values) - 1))


def quantile(ascending, q):
    if not ascending:
        return NAN
    p = (len(ascending) - 1) * q
    i = int(p)
    f = p - i
    if f == 0.0 or ascending[i] == INFINITY:
        return ascending[i]
    return ascending[i] + f * (ascending[i + 1] - ascending[i])


def median(values):
    return quantile(sorted(values), 0.5)


def interquartile_mean(values):
    n, total = len(values), 0.0
    for i, x in enumerate(sorted(values)):
        c = min(4 * i + 4, 3 * n) - max(4 * i, n)
        total = total + c * x if c > 0 else total
    return total / (2 * n) if n else NAN


@functools.cache
def resamples(n):
    draws = Draws(0, BOOTSTRAP)
    return [[draws.below(n) for _ in range(n)] for _ in range(2000)]


def bootstrap(values):
    """Return the interval of statistics version 1."""
    means = sorted(mean([values[i] for i in indices]) for indices in resamples(len(values))) if values else []
    return quantile(means, 0.025), quantile(means, 0.975)


def density(nu, v):
    base, k, power = 1.0 - v * v, (nu - 2) // 2, 1.0
    for digit in bin(k)[2:] if k else "":
        power = power * power
        power = power * base if digit == "1" else power
    return power * math.sqrt(base) if nu % 2 else power


@functools.cache
def t_within(nu, level):
    root = math.sqrt(float(nu))
    width = min(12.0 / root, 1.0) / 1000.0

    def piece(a, b):
        return (b - a) / 6.0 * (density(nu, a) + density(nu, b) + 4.0 * density(nu, (a + b) / 2.0))

    sums = [0.0]
    for i in range(1000):
        sums.append(sums[i] + piece(float(i) * width, float(i + 1) * width))
    wanted = level * sums[1000]
    place = sum(1 for total in sums if total < wanted) - 1
    start = float(place) * width
    low, high = start, float(place + 1) * width
    for _ in range(50):
        middle = (low + high) / 2.0
        if sums[place] + piece(start, middle) < wanted:
            low = middle
        else:
            high = middle
    return root * high / math.sqrt(1.0 - high * high)


RANGES = {"loss": (0.0, INFINITY), "error": (0.0, 1.0), "brier": (0.0, 1.0), "auc": (0.0, 1.0)}


def interval(values, level=0.95, ends=(-INFINITY, INFINITY)):
    """Return the interval of the mean of statistics version 2."""
    n = len(values)
    if n < 5 or all(x == values[0] for x in values) or not all(math.isfinite(x) for x in values):
        return NAN, NAN
    m, s = mean(values), deviation(values)
    if not math.isfinite(m) or s == 0.0 or not math.isfinite(s):
        return NAN, NAN
    spread = 6.0 * (s * s) * float(n)
    if spread == 0.0:
        return NAN, NAN
    shift = sum_in_order([(x - m) * (x - m) * (x - m) for x in values]) / float(n) / spread
    half = t_within(n - 1, level) * s / math.sqrt(float(n))
    low, high = m + shift - half, m + shift + half
    return (max(low, ends[0]), min(high, ends[1])) if math.isfinite(low) and math.isfinite(high) else (NAN, NAN)


def halve(holds):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if holds(middle):
            low = middle
        else:
            high = middle
    return low


def share(k, n, level):
    def most(k):
        return 1.0 if k >= n else halve(lambda p: tail(k, n, p / (1.0 - p), int(float(n + 1) * p)) > (1.0 - level) / 2.0)

    return (1.0 - most(n - k), most(k)) if n else (NAN, NAN)


def unseen(n, level):
    return 1.0 - exp(ln(1.0 - level) / float(n)) if n else 1.0


def outside(n, level):
    def within(q):
        power = 1.0
        for _ in range(n - 1):
            power = power * (1.0 - q)
        return float(n) * power - float(n - 1) * (power * (1.0 - q))

    return halve(lambda q: within(q) > 1.0 - level) if n >= 2 else 1.0


def statistics(values, version=2, level=0.95, ends=(-INFINITY, INFINITY)):
    bounds = interval(values, level, ends) if version == 2 else bootstrap(values)
    return [mean(values), deviation(values), median(values), interquartile_mean(values), *bounds]


def signed_rank(differences):
    """Return the p-value, and whether the larger ranks are positive."""
    untied = sorted((d for d in differences if d != 0.0 and d == d), key=lambda d: (abs(d), d))
    n, ranks = len(untied), []
    while len(ranks) < n:
        low = len(ranks)
        high = low + sum(1 for d in untied[low:] if abs(d) <= abs(untied[low]) * 1.000000001)
        ranks += [low + 1 + high] * (high - low)
    total, positive = n * (n + 1), sum(rank for d, rank in zip(untied, ranks) if d > 0.0)
    most = max(positive, total - positive)
    beyond = float(most) - total / 2.0
    q = exp(-2.0 * beyond * beyond / sum_in_order([float(rank * rank) for rank in ranks])) if ranks else 1.0
    if n <= 300 and not q < 1e-12:
        chances, reached = [1.0] + [0.0] * total, 0
        for rank in ranks:
            reached += rank
            for s in range(reached, -1, -1):
                chances[s] = (chances[s] + (chances[s - rank] if s >= rank else 0.0)) / 2.0
        q = sum_in_order(chances[: most - 1 if most else None : -1])
    return min(1.0, 2.0 * q), 2 * positive > total


def at_most(k, n, w, g):
    if k >= n or w == 0:
        return 1.0
    if w >= g:
        return 0.0
    return tail(k, n, float(w) / float(g - w), int(float(n + 1) * float(w) / float(g)))


def tail(k, n, odds, middle):
    j = min(n, middle)
    below, above, last = [1.0], [], 1.0
    for i in range(j - 1, -1, -1):
        term = below[-1] * float(i + 1) / (float(n - i) * odds)
        if term < 1e-300:
            break
        below.append(term)
    for i in range(j, n):
        last = last * (float(n - i) * odds / float(i + 1))
        if last < 1e-300:
            break
        above.append(last)
    everything = sum_in_order(below[::-1]) + sum_in_order(above[::-1])
    if k >= j:
        return (sum_in_order(below[::-1]) + sum_in_order(above[: k - j][::-1])) / everything
    return sum_in_order(below[j - k :][::-1]) / everything


def best(trials, higher, count):
    """Choose the trials that run again: those with the best means, the first of equal ones, those without a mean last."""
    means = [mean([trial[seed] for seed in sorted(trial)]) for trial in trials]
    known = [place for place, m in enumerate(means) if m == m]
    known.sort(key=lambda place: -means[place] if higher else means[place])
    return (known + [place for place, m in enumerate(means) if m != m])[:count]


def choose(trials, higher, constant, of=0):
    """Return leader, equal, worse and unsure trials, the largest corrected p, and the fewest seeds.

    With a constant answer (wrong, points, seen), also return how often the leader errs, and whether it beats that answer.
    """
    means = [mean([trial[seed] for seed in sorted(trial)]) for trial in trials]
    known = [place for place, m in enumerate(means) if m == m]
    if not known:
        return None
    leader = min(known, key=lambda place: -means[place] if higher else means[place])
    own = trials[leader]
    equals = [place for place in known if trials[place] == own]
    compared, shared = [], []
    for place in (place for place in known if place not in equals):
        pairs = [(own[seed], trials[place][seed]) for seed in sorted(own) if seed in trials[place]]
        p, positive = signed_rank([0.0 if a == b else (a - b if higher else b - a) for a, b in pairs])
        compared.append((p if positive else 1.0, place))
        shared.append(len(pairs))
    compared.sort()
    largest, worse = 0.0, []
    for i, (p, place) in enumerate(compared):
        corrected = max(min(1.0, p * float(len(known) - 1 - i)), largest)
        if corrected > 0.05:
            break
        largest = corrected
        worse.append(place)
    unsure = sorted(place for _, place in compared[len(worse) :])
    beyond = []
    if constant:
        wrong, points, seen = constant
        total = sum(int(math.floor(min(own[seed], 1.0) * seen + 0.5)) for seed in own)
        p = min(1.0, float(max(len(known), of)) * at_most(-(-total // len(own)), seen, wrong, points))
        beyond = [float(total) / float(len(own)), total * points < wrong * seen * len(own) and p <= 0.025]
    return [leader, equals, sorted(worse), unsure, largest, [min(shared, default=len(own)), max(shared, default=len(own))], beyond]


def paired(a, b):
    """Return the mean difference of two trials, each a mapping from seed to value, and its interval."""
    differences = [0.0 if a[seed] == b[seed] else a[seed] - b[seed] for seed in sorted(a.keys() & b.keys())]
    return [mean(differences), *interval(differences)]
