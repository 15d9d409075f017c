"""Write reference.json: SciPy's results, with which crates/stats/src/tests.rs compares.

    pip install numpy scipy && python3 tests/stats/reference.py > tests/stats/reference.json

The bootstrap is scipy.stats.bootstrap on the draws of the arithmetic contract (tests/contract/contract.py), so that both use
the same resamples; the stratified one follows rliable's published definition, with the same draws.
"""

import itertools
import json
import math
import pathlib
import sys

import numpy as np
import scipy
from scipy import stats

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "contract"))
import contract

RESAMPLES = 2000


class OurDraws(np.random.RandomState):
    """A generator for SciPy that draws integers below n from seed 0, stream 5."""

    def __init__(self):
        super().__init__(0)
        self.draws = contract.Draws(0, 5)

    def randint(self, low, high=None, size=None, dtype=int):
        low, high = (0, low) if high is None else (low, high)
        flat = [low + self.draws.below(high - low) for _ in range(math.prod(size))]
        return np.array(flat).reshape(size)


def values(n, multiplier, modulus):
    return [float(i * i * multiplier % modulus) / modulus for i in range(n)]


def quantiles(found):
    return [float(np.quantile(found, q)) for q in (0.025, 0.975)]


def bootstrap(x):
    found = stats.bootstrap((np.array(x),), np.mean, n_resamples=RESAMPLES, method="percentile", random_state=OurDraws(), vectorized=True, batch=RESAMPLES)
    return [float(found.confidence_interval.low), float(found.confidence_interval.high)]


def many(x, statistic):
    found = stats.bootstrap((np.array(x),), statistic, n_resamples=100_000, method="percentile", rng=np.random.default_rng(1), vectorized=True, batch=1000)
    return [float(found.confidence_interval.low), float(found.confidence_interval.high), float(found.standard_error)]


def iqm(x, axis=None):
    """rliable's aggregate_iqm."""
    return stats.trim_mean(x, proportiontocut=0.25, axis=axis)


def stratified(strata, statistic):
    draws = contract.Draws(0, 5)
    resample = lambda: [np.array([x[draws.below(len(x))] for _ in x]) for x in strata]
    return quantiles([statistic(resample()) for _ in range(RESAMPLES)])


def beats(x, y):
    """rliable's probability_of_improvement for one task: the Mann-Whitney statistic; higher is better."""
    return float(stats.mannwhitneyu(x, y, alternative="greater").statistic) / (len(x) * len(y))


def pairs_needed(effect):
    """Return the exact number of pairs for a two-sided t test at 5 % with power 80 %, by the noncentral t distribution."""
    def power(n):
        t = stats.t.ppf(0.975, n - 1)
        return stats.nct.sf(t, n - 1, effect * math.sqrt(n)) + stats.nct.cdf(-t, n - 1, effect * math.sqrt(n))
    return next(n for n in itertools.count(2) if power(n) >= 0.8)


a, b = values(24, 7, 101), values(24, 3, 97)
ties = [round(x, 1) for x in a], [round(x, 1) for x in b]
tasks = [a[:8], a[8:16], a[16:24]], [b[:8], b[8:16], b[16:24]]
thresholds = [0.1, 0.25, 0.5, 0.75, 0.9]

json.dump(
    {
        "made with": {"numpy": np.__version__, "scipy": scipy.__version__, "python": sys.version.split()[0]},
        "a": a, "b": b, "a rounded": ties[0], "b rounded": ties[1],
        "bootstrap": {"a": bootstrap(a), "b": bootstrap(b), "a 100000 resamples": many(a, np.mean)},
        "iqm": {"a": float(iqm(a)), "tasks": float(iqm(np.array(tasks[0]))), "tasks interval": stratified(tasks[0], lambda x: iqm(np.array(x))),
                "a 100000 resamples": many(a, lambda x, axis: iqm(x, axis))},
        "trimmed": {str(n): [float(iqm(a[:n])), float(np.mean(sorted(a[:n])[n // 4 : n - n // 4]))] for n in (1, 2, 3, 4, 8, 12, 20)},
        "improvement": {"plain": beats(a, b), "with ties": beats(*ties),
                        "tasks": float(np.mean([beats(x, y) for x, y in zip(*tasks)])),
                        "tasks interval": stratified(tasks[0] + tasks[1], lambda z: np.mean([beats(x, y) for x, y in zip(z[:3], z[3:])]))},
        "profile": {"thresholds": thresholds, "share": [float(np.mean(np.array(tasks[0]) > tau)) for tau in thresholds],
                    "interval": [stratified(tasks[0], lambda x, tau=tau: np.mean(np.array(x) > tau)) for tau in thresholds]},
        "sign test": [[w, l, float(stats.binomtest(w, w + l).pvalue)]
                      for w, l in [(1, 0), (5, 0), (6, 0), (7, 2), (20, 10), (3, 27), (15, 15), (60, 40), (530, 470), (700, 300), (5200, 4800)]],
        "pairs needed": [[effect, pairs_needed(effect)] for effect in (0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 1.5)],
        "width": [[n, math.sqrt((n - 1) / n) * stats.norm.ppf(0.975) / stats.t.ppf(0.975, n - 1)] for n in (4, 5, 10, 20, 30, 100)],
    },
    sys.stdout, indent=1,
)
print()
