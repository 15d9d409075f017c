#!/usr/bin/env python3
"""Compares the time that a run of a program takes in a sweep, in `xargs -P` and in GNU parallel, by turns.

Each run starts `sh`, which prints one line. The time of a run is the difference between many and few runs, divided by
their number: what happens once (reading the specification, writing tables) is not part of it. Prints the medians over
the rounds.

    benches/programs.py [ROUNDS]          needs target/debug/restudy, xargs, and parallel (or it says so)
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

FEW, MANY = 50, 450
PROGRAM = os.path.abspath("target/debug/restudy")
THREADS = str(os.cpu_count())
SPEC = """[study]
question = "How long does a run take?"
[command]
run = ["sh", "run.sh", "{seed}"]
inputs = ["run.sh"]
[measurements]
loss = { direction = "lower", objective = true }
[figures.last]
final = { metric = "loss", by = "parameters.x" }
[parameters]
x = 1
[sweep]
"parameters.x" = [1]
seeds = %d
"""
SCRIPT = """echo '{"loss": 1}'\n"""


def restudy(runs):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in [("run.sh", SCRIPT), ("study.toml", SPEC % runs)]:
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        begin = time.perf_counter()
        subprocess.run([PROGRAM, "sweep", "study.toml", "--quiet", "--threads", THREADS], cwd=folder, check=True)
        return time.perf_counter() - begin


def lines(words):
    def measured(runs):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "run.sh"), "w") as file:
                file.write(SCRIPT)
            text = "".join(f"{seed}\n" for seed in range(runs))
            begin = time.perf_counter()
            subprocess.run(words, cwd=folder, input=text, text=True, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - begin

    return measured


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    runners = {"restudy": restudy, "xargs -P": lines(["xargs", "-P", THREADS, "-n", "1", "sh", "run.sh"])}
    if shutil.which("parallel"):
        runners["parallel"] = lines(["parallel", "--will-cite", "-j", THREADS, "sh", "run.sh"])
    else:
        print("NOT MEASURED: GNU parallel is not installed")
    times = {name: [] for name in runners}
    for _ in range(rounds):
        for name, runner in runners.items():
            few, many = runner(FEW), runner(MANY)
            times[name].append(1e3 * (many - few) / (MANY - FEW))
    for name, found in times.items():
        print(f"{name:10} {statistics.median(found):6.2f} ms a run on {THREADS} threads")
    beyond = [own - plain for own, plain in zip(times["restudy"], times["xargs -P"])]
    print(f"beyond xargs {statistics.median(beyond):.2f} ms a run")


if __name__ == "__main__":
    main()
