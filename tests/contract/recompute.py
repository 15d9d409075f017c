"""Recompute a study without restudy: `python3 tests/contract/recompute.py results/STUDY` (needs Python 3.11 or later).

Reads study.toml, trains every run by `contract.py`, and compares digests, the root, the tables and summary.csv with the
claims of the folder; not the table of points and not the figures. The exit status is 0 if everything agrees, else 1. Plain
Python is slow: a run of 7 hidden units, 1000 points and 100 epochs takes some seconds. `--runs N` recomputes only the first
N runs.
"""

import argparse
import copy
import csv
import itertools
import sys
import tomllib
from pathlib import Path

import contract
import reading
from contract import NAN, blake3, bits, count, doubles


def trials(study, folder):
    """Yield every trial: the values on the axes by path, and the settings. The last axis varies fastest."""
    sweep = dict(study.get("sweep", {}))
    zipped, excluded = sweep.pop("zip", []), sweep.pop("exclude", [])
    sweep.pop("seeds", None)
    sweep.pop("confidence", None)
    sweep.pop("confirm", None)
    axes = {path: axis["values"] if isinstance(axis, dict) else axis for path, axis in sweep.items()}
    groups = []
    for path in axes:
        group = next((group for group in zipped if path in group), [path])
        if group not in groups:
            groups.append(group)
    steps = [[dict(zip(group, values)) for values in zip(*(axes[path] for path in group))] for group in groups]
    for combination in itertools.product(*steps):
        found = {path: value for step in combination for path, value in step.items()}
        if any(all(found[path] == value for path, value in rule.items()) for rule in excluded):
            continue
        settings = {part: copy.deepcopy(study.get(part, {})) for part in ("data", "model", "train", "evaluate", "stop")}
        for path, value in found.items():
            put(settings, path.split("."), value)
        axes_of = {path: found[path] for path in axes}
        for data in settings["data"].values():
            for table in data, data.get("validation"):
                if isinstance(table, dict) and "file" in table:
                    table["file"] = str(folder / table["file"])
        ((name, data),) = settings["data"].items()
        if folds_of(study) == 1:
            yield axes_of, settings
        for fold in range(folds_of(study)) if folds_of(study) > 1 else ():
            on_fold = copy.deepcopy(settings)
            on_fold["data"][name]["fold"] = fold
            yield axes_of | {f"data.{name}.fold": fold}, on_fold


def folds_of(study):
    """Return the number of folds of every trial: 1 without cross-validation, and if one fold is named."""
    ((name, data),) = study["data"].items()
    if "fold" in data or f"data.{name}.fold" in study.get("sweep", {}):
        return 1
    validation = data.get("validation")
    return validation.get("folds", 1) if isinstance(validation, dict) else 1


def confirmed(study, rows):
    """Return the trials that the first stage chooses to run again, and their seeds."""
    confirm = study["sweep"]["confirm"]
    folds = folds_of(study)
    found = [{} for _ in range(rows[-1][0] // folds + 1)]
    for number, _, _, seed, run in rows:
        found[number // folds].setdefault(seed, []).append(final(study["evaluate"]["metrics"], run)["validation_error"])
    first = [{seed: contract.mean(values) for seed, values in of.items()} for of in found]
    again = [trial * folds + fold for trial in contract.best(first, False, confirm["best"]) for fold in range(folds)]
    return sorted(again), range(confirm["from"], confirm["from"] + confirm["seeds"])


def put(table, path, value):
    *parents, last = path
    for key in parents:
        table = table.setdefault(key, {})
    table[int(last) if isinstance(table, list) else last] = value


def seeds(study):
    given = study.get("sweep", {}).get("seeds", 1)
    if isinstance(given, list):
        return sorted(given)
    first, number = (0, given) if isinstance(given, int) else (given["from"], given["count"])
    return list(range(first, first + number))


# Tables, from rows (trial number, values on its axes, settings, seed, run) sorted by trial, then seed.

PARTS = ("train", "validation")


def zero_epoch(settings, run):
    error = settings["evaluate"]["metrics"].index("error")
    return next((float(epoch) for epoch, _, train, _ in run.points if train[error] == 0.0), NAN)


def final(names, run):
    """Return the metrics of the last measurement by their names in tables."""
    return {f"{part}_{name}": x for part, xs in zip(PARTS, run.points[-1][2:]) for name, x in zip(names, xs)}


def runs_table(rows, names):
    for number, axes, settings, seed, run in rows:
        epoch, step = run.points[-1][:2]
        row = {"run": run.identity.hex(), "trial": number, **axes, "seed": seed, "outcome": run.outcome.split()[0]}
        row |= {"epoch": epoch, "step": step, **final(names, run)}
        yield row | {"zero_epoch": zero_epoch(settings, run), "digest": run.digest().hex()}


def metrics_table(rows, names):
    for *_, run in rows:
        for (epoch, step, *both), link in zip(run.points, run.links):
            for part, values in zip(PARTS, both):
                row = {"run": run.identity.hex(), "epoch": epoch, "step": step, "split": part}
                yield row | dict(zip(names, values)) | {"chain": link.hex()}


def weights_table(rows, _):
    for *_, run in rows:
        network = run.network
        blocks = {"Wi": network.wi, "bi": [[b] for b in network.bi], "Wo": [network.wo], "bo": [[network.bo]]}
        for block, matrix in blocks.items() if run.outcome.split()[0] != "diverged" else ():
            for (i, row), k in itertools.product(enumerate(matrix), range(len(matrix[0]))):
                yield {"run": run.identity.hex(), "block": block, "row": i, "column": k, "value": row[k]}


def text_of(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def table_digest(rows, columns=()):
    """Return the digest of a table. A table that may have no rows needs `columns`."""
    columns = rows[0] if rows else columns
    text = b"restudy/table" + count(len(columns)) + count(len(rows))
    for name in columns:
        values = [row[name] for row in rows] or [columns[name]]
        kinds = {bool: "s", str: "s", float: "f", int: "u"}
        kind = min((kinds[type(value)] for value in values), key="sfu".index)
        text += count(len(name.encode())) + name.encode() + kind.encode()
        for value in values if rows else ():
            if kind == "s":
                text += count(len(text_of(value).encode())) + text_of(value).encode()
            else:
                text += count(value) if kind == "u" else doubles([NAN if value != value else value])
    return blake3(text).hex()


def summary(rows, names, version, level, folds):
    """Return the rows of summary.csv, one per trial; its folds under one seed count as a run."""
    for number, group in itertools.groupby(rows, key=lambda row: row[0] // folds):
        first, axes, settings, _, _ = (group := list(group))[0]
        by_seed = {}
        for *_, seed, run in group:
            by_seed.setdefault(seed, []).append(run)
        runs = list(by_seed.values())
        row = {"trial": first, **dict(list(axes.items())[: len(axes) - (folds > 1)]), "runs": len(runs)}
        finals = [[final(names, run) for run in together] for together in runs]
        for name in finals[0][0]:
            of_name = [[values[name] for values in together] for together in finals]
            means = [contract.mean(values) if folds > 1 else values[0] for values in of_name]
            numbers = contract.statistics(means, version, level, contract.RANGES[name.split("_")[1]])
            row |= {f"{name}_{what}": x for what, x in zip(("mean", "sd", "median", "iqm", "low", "high"), numbers)}
        epochs = [[zero_epoch(settings, run) for run in together] for together in runs]
        zero = [max(own) for own in epochs if all(epoch == epoch for epoch in own)]
        row |= {"zero_share": len(zero) / len(runs), "zero_epoch_median": contract.median(zero)}
        yield row | {"diverged": sum(any(run.outcome.split()[0] == "diverged" for run in together) for together in runs), "failed": 0}


def same(text, value):
    if isinstance(value, float):
        return bits(float(text)) == bits(value) or text == "NaN" and value != value
    return text == text_of(value)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path, help="the results of one study, such as results/hidden")
    arguments.add_argument("--runs", type=int, help="recompute only the first N runs")
    arguments = arguments.parse_args()
    study = tomllib.loads((arguments.folder / "study.toml").read_text(encoding="utf-8"))
    manifest = reading.read((arguments.folder / "manifest.json").read_text(encoding="utf-8"))
    if not reading.is_manifest(manifest):
        sys.exit("the manifest has a name that is none")
    if manifest["contract"] != 1:
        sys.exit(f"these results follow version {manifest['contract']} of the contract, this program version 1")
    statistics, level = manifest.get("statistics", 1), study.get("sweep", {}).get("confidence", 0.95)
    if statistics not in (1, 2):
        sys.exit(f"these results have version {statistics} of the statistics, this program versions 1 and 2")
    agrees = []

    def compare(what, ours, theirs):
        agrees.append(ours == theirs)
        print(f"{what}  {ours}  {'agrees' if agrees[-1] else f'DIFFERS: claimed {theirs}'}", flush=True)

    if "mat" in study["data"]:
        sys.exit("this program does not read MAT-files")
    tasks = [(i, *trial, seed) for i, trial in enumerate(trials(study, arguments.folder)) for seed in seeds(study)]
    # The first versions did not list the digests of measurements.
    measured = manifest.get("measurements", [None] * len(manifest["runs"]))
    if len(measured) != len(manifest["runs"]):
        sys.exit("the manifest has not one digest of measurements for each run")
    claimed = {(run["trial"], run["seed"]): (run["id"], run["digest"], own) for run, own in zip(manifest["runs"], measured)}
    confirm = study["sweep"].get("confirm")
    expected = len(tasks) + (confirm["best"] * confirm["seeds"] * folds_of(study) if confirm else 0)
    if expected != len(manifest["runs"]):
        compare("number of runs", expected, len(manifest["runs"]))
    rows, first = [], len(tasks)
    for place in itertools.count():
        if confirm and place == first and len(rows) == first:
            # All runs of the first stage are needed to choose the trials that run again.
            again, further = confirmed(study, rows)
            of_trial = {i: (axes, settings) for i, axes, settings, _ in tasks}
            tasks += [(i, *of_trial[i], seed) for i in again for seed in further]
            claims = sorted({i for i, seed in claimed if seed in further})
            compare("trials that run again", again, claims)
        if place >= len(tasks) or arguments.runs is not None and place >= arguments.runs:
            break
        i, axes, settings, seed = tasks[place]
        run = contract.run(settings, seed)
        rows.append((i, axes, settings, seed, run))
        ours, theirs = (run.identity.hex(), run.digest().hex()), claimed.get((i, seed), ("no such run", "", None))
        same_identity = ours[0] == theirs[0]
        compare(f"trial {i} seed {seed}", ours[same_identity], theirs[same_identity])
        if theirs[2] is not None:
            compare(f"trial {i} seed {seed}, measurements", run.measurements().hex(), theirs[2])
    if len(rows) == expected:
        rows.sort(key=lambda row: (row[0], row[3]))
        names = study["evaluate"]["metrics"]
        compare("root", contract.root((run.identity, run.digest()) for *_, run in rows).hex(), manifest["root"])
        columns = {"run": "", "block": "", "row": 0, "column": 0, "value": 0.0}
        for name, table in ("metrics", metrics_table), ("runs", runs_table), ("weights", weights_table):
            compare(f"table {name}", table_digest(list(table(rows, names)), columns), manifest["tables"][name]["digest"])
        with open(arguments.folder / "summary.csv", encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        first = [row for row in rows if row[3] in seeds(study)]
        for line, row in zip(lines, summary(first, names, statistics, level, folds_of(study)), strict=True):
            wrong = [name for name, text, value in zip(header, line, row.values()) if not same(text, value)]
            wrong = wrong if header == list(row) else ["their names"]
            compare(f"summary of trial {row['trial']}, columns that differ", wrong or "none", "none")
    print(f"{sum(agrees)} of {len(agrees)} agree")
    sys.exit(0 if all(agrees) else 1)


if __name__ == "__main__":
    main()
