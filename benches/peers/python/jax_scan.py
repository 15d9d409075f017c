"""One run at a time."""
import jax

from common import study
from jax_common import arrays, compiled, start


def train(data, h, rate, seeds, epochs):
    data, errors = arrays(data), []
    many, keys = start(h, seeds)
    for run in range(len(keys)):
        params = tuple(part[run] for part in many)
        for number in range(epochs):
            params, measured = compiled(params, jax.random.fold_in(keys[run], number), rate, data)
        errors.append(float(measured[0, 1]))
    return sum(errors) / len(errors)


if __name__ == "__main__":
    study(train, seeds=1, epochs=30, warm=True)
