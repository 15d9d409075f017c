"""Check the proof of a run without restudy: `python3 tests/contract/proof.py FILE ROOT` (needs Python 3.11 or later).

Written from section 6 of `src/contract.md`. The exit status is 0 if the run is under the root, 4 if the proof is invalid,
and 2 if the file is no proof. Nothing is trained: whether the settings give these numbers is not checked, nor are the
measurements before the last one.
"""

import re
import struct
import sys

from contract import blake3, bits, count, doubles
from reading import bare, is_name, read, written

FORMS = {
    "data.double-moon": "train u, validation u, seed u, radius f, noise f, offset.0 f, offset.1 f",
    "data.circles": "train u, validation u, seed u, inner f, outer f, noise f",
    "data.xor": "train u, validation u, seed u, side f, margin f",
    "data.spirals": "train u, validation u, seed u, turns f, inner f, outer f, noise f",
    "data.blobs": "train u, validation u, seed u, distance f, spread f",
    "data.csv": "file s, label s, standardise s, seed u",
    "data.mat": "file s, x s, y s, standardise s, seed u",
    "model": "hidden u, init s",
    "train": "epochs u, learning-rate f, sampling s",
    "evaluate": "metrics.0 s, metrics.1 s",
}
# Alternatives, of which a section has exactly one.
ONE_OF = {"evaluate": ["every.epochs u", "every.steps u"], "data.csv": ["validation.share f", "validation.file s", "validation.folds u"]}
ONE_OF["data.mat"] = ONE_OF["data.csv"]
CHOICES = {
    "model.init": ["uniform", "normal", "he", "glorot"],
    "train.sampling": ["with-replacement", "shuffle"],
    "evaluate.metrics.0": ["loss"],
    "evaluate.metrics.1": ["error"],
    # Settings that were added later are in a proof only if they differ from their default.
    "data.csv.header": ["false"],
    "data.csv.missing": ["drop", "mean", "indicator"],
    "data.csv.encode": ["one-hot"],
    "data.csv.stratified": ["true"],
    "data.mat.stratified": ["true"],
}
# After these two, any of the others, each at most once.
MORE_METRICS = ["brier", "auc"]
MORE_PLACES = [f"evaluate.metrics.{2 + i}" for i in range(len(MORE_METRICS))]
CHOICES |= dict.fromkeys(MORE_PLACES, MORE_METRICS)
PATH = re.compile(r"(data|evaluate|model|stop|train)(\.([a-z][a-z0-9]*(-[a-z0-9]+)*|0|[1-9][0-9]*))+")
DIGEST = re.compile("[0-9a-f]{64}")
KEYS = ["proof", "study", "root", "run", "digest", "outcome", "final", "path", "seal"]


class Fault(Exception):
    """A reason why the proof is invalid."""


def require(holds, fault):
    if not holds:
        raise Fault(fault)


def kind(value):
    return {str: "s", int: "u", float: "f"}.get(type(value))


def listed(settings, name, data="data.csv"):
    """Return the number of items in a list of the data section."""
    return sum(re.fullmatch(rf"{re.escape(data)}\.{re.escape(name)}\.[0-9]+", path) is not None for path in settings)


def run_has(settings):
    """Return the paths of the settings of such a run, with their kinds."""
    data = {".".join(path.split(".")[:2]) for path in settings if path.startswith("data.")}
    require(len(data) == 1 and data <= FORMS.keys(), "run: these are not the settings of a run")
    kinds = {}
    for section in [*data, "model", "train", "evaluate"]:
        own = FORMS[section].split(", ")
        choices = [one for one in ONE_OF.get(section, ()) if f"{section}.{one.split()[0]}" in settings]
        require(len(choices) == (section in ONE_OF), f"run: one of {ONE_OF.get(section)} is needed")
        kinds |= {f"{section}.{name}": kind for name, kind in (one.split() for one in own + choices)}
    optional = {"stop.zero-error-epochs": "u", "stop.loss-below": "f"}
    more = [place for place in MORE_PLACES if place in settings]
    require(more == MORE_PLACES[: len(more)], "run: a place in the list of metrics is empty")
    require(len({settings[place] for place in more}) == len(more), "run: a metric is listed twice")
    optional |= dict.fromkeys(more, "s")
    if data == {"data.csv"}:
        for name in "features", "features.except":
            optional |= {f"data.csv.{name}.{i}": "s" for i in range(listed(settings, name))}
        require(not (listed(settings, "features") and listed(settings, "features.except")), "run: features are listed twice")
        optional |= {f"data.csv.{name}": "s" for name in ("header", "missing", "encode")}
    for section, label in ("data.csv", "s"), ("data.mat", "f"):
        if data != {section}:
            continue
        pair = [f"{section}.{name}" in settings for name in ("negative", "positive")]
        require(pair[0] == pair[1], "run: negative and positive go together")
        optional |= {f"{section}.negative": label, f"{section}.positive": label}
        pair = [f"{section}.labels.{name}.0" in settings for name in ("negative", "positive")]
        require(pair[0] == pair[1], "run: labels of both classes go together")
        for name in "labels.negative", "labels.positive":
            optional |= {f"{section}.{name}.{i}": label for i in range(listed(settings, name, section))}
        optional[f"{section}.stratified"] = "s"
        if f"{section}.validation.folds" in settings:
            kinds[f"{section}.fold"] = "u"
    if data == {"data.mat"} and "data.mat.validation.file" in settings:
        optional |= {"data.mat.validation-x": "s", "data.mat.validation-y": "s"}
    return kinds | {path: kind for path, kind in optional.items() if path in settings}


def check_settings(settings):
    require(all(PATH.fullmatch(path) for path in settings), "run: a key is not the path of a setting")
    kinds = run_has(settings)
    require(kinds.keys() == settings.keys(), "run: these are not the settings of a run")
    for path, value in settings.items():
        per_run = path.endswith(".seed") and value == "per-run"
        require(kind(value) == kinds[path] or per_run, f"run: {path} is not of its kind")
        require(not isinstance(value, int) or 0 <= value < 2**64, f"run: {path} is out of range")
        require(value in CHOICES.get(path, [value]), f"run: {path} is none of its values")
        if path.startswith("data.") and path.endswith(".file"):
            require(value.startswith("blake3:") and DIGEST.fullmatch(value[7:]), f"run: {path} is no digest")
        if path.endswith(".standardise"):
            require(value in ("true", "false"), f"run: {path} is neither true nor false")
    require(settings["model.hidden"] > 0 and settings["train.epochs"] > 0, "run: a number is out of range")


def line(path, value):
    own = {"s": lambda: f"s{len(value.encode())}:{value}", "u": lambda: f"u{value}", "f": lambda: f"f{bits(value):016x}"}
    return f"{path}={own[kind(value)]()}\n"


def number(value):
    return struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000000))[0] if value == "inf" else value


def check(proof, published):
    require(list(proof) == KEYS and proof["proof"] == 1, "its keys or its version are not those of a proof")
    require(isinstance(proof["study"], str) and is_name(proof["study"]), "study: it is not the name of a study")
    run, last = proof["run"], proof["final"]
    require(list(run) == ["id", "contract", "seed", "settings"] and run["contract"] == 1, "run: its keys or its contract")
    keys = ["epoch", "step", "train", "validation", "parameters", "previous"]
    outcome = re.fullmatch("(completed)|(converged|diverged) (0|[1-9][0-9]*)", proof["outcome"])
    require(outcome, "outcome: it is none that a run can have")
    diverged = outcome[2] == "diverged"
    require(list(last) == [key for key in keys if key != "parameters" or not diverged], "final: its keys")
    digests = [proof["root"], run["id"], proof["digest"], last["previous"], proof["seal"], *(node for step in proof["path"] for node in step.values())]
    require(all(isinstance(digest, str) and DIGEST.fullmatch(digest) for digest in digests), "a digest is none")
    require(all(kind(whole) == "u" and 0 <= whole < 2**64 for whole in (run["seed"], last["epoch"], last["step"])), "a whole number is none")

    settings = run["settings"]
    check_settings(settings)
    text = "".join(line(path, settings[path]) for path in sorted(settings, key=str.encode))
    identity = blake3(f"restudy/id\ncontract=1\n{text}seed={run['seed']}\n".encode())
    require(identity.hex() == run["id"], "run: settings and seed are not those of the identity")

    names = [settings[f"evaluate.metrics.{i}"] for i in range(sum(path.startswith("evaluate.metrics.") for path in settings))]
    require(all(list(last[part]) == sorted(names) for part in ("train", "validation")), "final: the metrics are not those of the settings")
    metrics = [number(last[part][name]) for part in ("train", "validation") for name in names]
    parameters = last.get("parameters", [])
    numbers = metrics + parameters
    require(all(kind(x) == "f" and x == x for x in numbers) and min(metrics) >= 0, "final: a number is none")
    require(diverged or max(map(abs, numbers)) < float("inf"), "outcome: a run with numbers that are not finite has diverged")
    if not diverged:
        hidden = settings["model.hidden"]
        inputs, rest = divmod(len(parameters) - 1 - 2 * hidden, hidden)
        known = {2} if "data.csv.file" not in settings and "data.mat.file" not in settings else range(1, 1 << 60)
        same = settings.get("data.csv.encode") is None and settings.get("data.csv.missing") != "indicator"
        named = listed(settings, "features") if same else 0
        require(rest == 0 and inputs in ({named} if named else known), "final: there are not as many parameters as the settings ask for")
    require(outcome[3] is None or int(outcome[3]) == last["epoch"], "outcome: its epoch is not that of `final`")
    link = blake3(b"restudy/link" + bytes.fromhex(last["previous"]) + count(last["epoch"]) + count(last["step"]) + doubles(numbers))
    digest = blake3(b"restudy/run" + link + proof["outcome"].encode())
    require(digest.hex() == proof["digest"], "final: numbers and outcome are not those of the run's digest")

    node = blake3(b"restudy/leaf" + identity + digest)
    require(len(proof["path"]) <= 64, "path: it is longer than that of any study")
    for step in proof["path"]:
        require(list(step) in (["left"], ["right"]), "path: its keys")
        pair = (bytes.fromhex(step["left"]) + node) if "left" in step else (node + bytes.fromhex(step["right"]))
        node = blake3(b"restudy/node" + pair)
    require(node.hex() == proof["root"], "path: it does not lead from the run to the root")
    require(proof["root"] == published, "root: it is not the published one")
    sealed = {key: value for key, value in proof.items() if key != "seal"}
    require(blake3(b"restudy/proof\n" + written(sealed).encode()).hex() == proof["seal"], "seal: the file was changed after it was made")


def main():
    file, published = sys.argv[1:]
    try:
        text = open(file, encoding="utf-8", newline="").read()
        proof = read(text)
    except (ValueError, RecursionError) as error:
        print(error)
        sys.exit(4 if "twice" in str(error) else 2)
    if not isinstance(proof, dict) or "proof" not in proof:
        sys.exit(2)
    try:
        require(bare(text) == written(proof), "text: it is not the one that these values have")
        settings = proof["run"]["settings"]
        require(list(settings) == sorted(settings, key=str.encode), "run: the settings are not sorted")
        check(proof, published)
    except Fault as fault:
        print(f"{fault}\nNOT proven: {file}")
        sys.exit(4)
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        print(f"its parts are not those of a proof: {error!r}\nNOT proven: {file}")
        sys.exit(4)
    print(f"proven: run {proof['run']['id'][:12]}: it is under the root")


if __name__ == "__main__":
    main()
