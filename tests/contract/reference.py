"""Write crates/core/src/math/reference.csv: function, argument, value; both as bit patterns, values rounded from 60 digits.

Run: pip install mpmath && python3 tests/contract/reference.py > crates/core/src/math/reference.csv
"""
import random
import struct

from mpmath import mp, mpf

mp.dps = 60


def bits(x):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0]


def nearest(x):
    """Round once: mpmath rounds subnormal numbers to normal precision, so scale them first."""
    return float(x) if abs(x) >= mpf(2) ** -1022 else float(mp.nint(x * mpf(2) ** 1074)) * 2.0**-1074


random.seed(1)
spread = lambda low, high: 10 ** random.uniform(low, high)
functions = {
    "exp": (mp.exp, [random.uniform(-40, 40) for _ in range(150)] + [random.uniform(-745, 709.7) for _ in range(150)]
            + [random.choice([-1, 1]) * spread(-18, 0) for _ in range(60)] + [-708.5, -745.1, -744.4, 709.78, 0.34657, -0.34657, 0.0, 1.0]),
    "ln": (mp.log, [spread(-307, 308) for _ in range(150)] + [random.uniform(0.4, 2.5) for _ in range(200)]
           + [1 + random.choice([-1, 1]) * spread(-15, -1) for _ in range(60)] + [5e-324, 1e-310, 0.7071067811865475, 0.7071067811865477, 1.4142135623730951]),
    "ln_1p": (mp.log1p, [random.random() for _ in range(200)] + [spread(-300, 0) for _ in range(80)]
              + [-random.random() for _ in range(80)] + [spread(0, 300) for _ in range(60)] + [0.0, 1.0, 0.41421356237309503, 0.41421356237309515]),
    "sigmoid": (lambda z: 1 / (1 + mp.exp(-z)), [random.uniform(-40, 40) for _ in range(150)] + [random.uniform(-700, 50) for _ in range(100)]
                + [random.choice([-1, 1]) * spread(-18, 0) for _ in range(40)]),
    "softplus": (lambda z: mp.log1p(mp.exp(z)), [random.uniform(-40, 40) for _ in range(150)] + [random.uniform(-700, 50) for _ in range(100)]
                 + [random.choice([-1, 1]) * spread(-18, 0) for _ in range(40)] + [1e6, 1e300]),
}
print("function,argument,value")
for name, (function, arguments) in functions.items():
    for x in arguments:
        print(f"{name},{bits(x)},{bits(nearest(function(mpf(x))))}")
