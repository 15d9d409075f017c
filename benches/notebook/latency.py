#!/usr/bin/env python3
"""Measures the waiting time in a notebook: until a kernel is ready, then cell after cell.

    python3 benches/notebook/latency.py [--rounds N] [KERNEL ...]

Needs jupyter_client (part of JupyterLab) and the kernels to compare, by their names in `jupyter kernelspec list`; the default is `restudy`
alone. The kernels take turns; it prints the medians in seconds. A kernel can have a setup cell after `=`: for a stock evcxr,
`rust=:dep restudy = { path = "..." }`.
"""
import argparse
import statistics
import sys
import time

from jupyter_client.manager import KernelManager

# Seconds without output: a stock evcxr silently compiles its dependencies in the first cell.
PATIENCE = 1800

CELLS = [
    ("first cell", "use restudy::prelude::*;"),
    ("untyped let", "let moons = DoubleMoon::default().load(Seed(2014)).expect(\"drawn, not read\");"),
    ("typed let", "let rate: f64 = 0.02;"),
    ("trains", "let params: Params = Model::default().initial(2, Seed(0)); let answers = sweep(&study_from(\"latency\", \"[study]\\nquestion = \\\"How long?\\\"\\n[data.double-moon]\\nseed = 1\\n[train]\\nepochs = 20\")?)?;"),
    ("table", "answers.trials()"),
    ("figure", "boundary(&params, &moons.validation)"),
    ("2 + 2", "2 + 2"),
    ("2 + 3", "2 + 3"),
]


def execute(client, code):
    """Runs a cell; returns the seconds until its reply and its idle status have arrived, and an error or None."""
    begun = time.perf_counter()
    request = client.execute(code, allow_stdin=False)
    problem = None
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "error":
            problem = message["content"]["evalue"]
        if message["msg_type"] == "stream" and "panicked" in message["content"]["text"]:
            problem = message["content"]["text"]
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    while client.get_shell_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != request:
        pass
    return time.perf_counter() - begun, problem


def once(name, setup, cells):
    """Starts a kernel, runs all cells, and yields (cell, seconds, error)."""
    manager = KernelManager(kernel_name=name)
    begun = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=300)
    # A kernel is ready when it can compile, not when it replies.
    if setup:
        yield "setup", *execute(client, setup)
    execute(client, "// ready")
    yield "ready", time.perf_counter() - begun, None
    for cell, code in cells:
        yield cell, *execute(client, code)
    client.stop_channels()
    manager.shutdown_kernel(now=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("kernels", nargs="*", default=["restudy"], metavar="KERNEL[=SETUP]")
    arguments = parser.parse_args()
    kernels = [tuple(kernel.split("=", 1)) if "=" in kernel else (kernel, "") for kernel in arguments.kernels]
    times, problems = {}, {}
    for round in range(arguments.rounds):
        for name, setup in kernels:
            for cell, seconds, problem in once(name, setup, CELLS):
                times.setdefault(cell, {}).setdefault(name, []).append(seconds)
                if problem:
                    problems[name, cell] = problem
            print(f"round {round + 1}: {name}", file=sys.stderr)
    names = [name for name, _ in kernels]
    print(f"{'seconds':14}" + "".join(f"{name:>12}" for name in names))
    for cell, of in times.items():
        row = (f"{statistics.median(of[name]):12.2f}" if name in of else " " * 12 for name in names)
        print(f"{cell:14}" + "".join(row))
    for (name, cell), problem in problems.items():
        print(f"{name}, {cell}: {problem.strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
