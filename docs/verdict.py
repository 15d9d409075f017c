"""How often a best trial is named on coin flips: 400 studies of data whose labels are drawn by a fair coin.

    RESTUDY=target/debug/restudy python3 docs/verdict.py

Each study has 200 points of two inputs, half of them held out, and sweeps 8 widths by 4 learning rates under 20 seeds. What restudy says is
read from `sweep --json`; its terminal and its report say the same sentence.
"""

import collections, json, os, pathlib, random, subprocess, tempfile

RESTUDY = str(pathlib.Path(os.environ.get("RESTUDY", "restudy")).absolute()) if "/" in os.environ.get("RESTUDY", "") else "restudy"
SPECIFICATION = """[study]
question = "Can coin flips be learned?"
[data.csv]
file = "flips.csv"
label = "y"
[train]
epochs = 10
[sweep]
"model.hidden" = [1, 2, 3, 5, 8, 13, 21, 34]
"train.learning-rate" = [0.001, 0.01, 0.1, 1]
seeds = 20
[figures.error]
final = { metric = "error", by = "model.hidden" }
"""


def study(folder, number):
    draw = random.Random(number)
    rows = [f"{draw.gauss(0, 1):.3f},{draw.gauss(0, 1):.3f},{int(draw.random() < 0.5)}" for _ in range(200)]
    (folder / "flips.csv").write_text("a,b,y\n" + "\n".join(rows) + "\n")
    (folder / "flips.toml").write_text(SPECIFICATION)
    words = [RESTUDY, "sweep", "flips.toml", "--results", f"results-{number}", "--progress", "none", "--json"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])["verdict"]


found = collections.Counter()
with tempfile.TemporaryDirectory() as folder:
    for number in range(400):
        found[study(pathlib.Path(folder), number)["finding"]] += 1
for finding, count in found.most_common():
    print(f"{finding}: {count} of 400")
assert found["best"] + found["set"] <= 20, "a best trial is named on noise in more than 5 % of studies"
