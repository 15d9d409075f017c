"""All runs of a size at once."""
import jax

from common import study
from jax_common import arrays, compiled_vmap, start


def train(data, h, rate, seeds, epochs):
    data = arrays(data)
    params, keys = start(h, seeds)
    for number in range(epochs):
        params, measured = compiled_vmap(params, jax.vmap(lambda key: jax.random.fold_in(key, number))(keys), rate, data)
    return float(measured[:, 0, 1].mean())


if __name__ == "__main__":
    study(train, seeds=120, epochs=10, warm=True)
