"""The network in JAX: gradients by `grad`, an epoch as a `scan`, compiled."""
from functools import partial

import jax
import jax.numpy as jnp
import numpy

from common import STEPS, initial

jax.config.update("jax_enable_x64", True)


def output(params, x):
    wi, bi, wo, bo = params
    return jnp.maximum(x @ wi.T + bi, 0.0) @ wo + bo


def loss(params, x, y):
    return jnp.mean(jnp.logaddexp(0.0, -y * output(params, x)))


def epoch(params, key, rate, data):
    """A thousand steps, then loss and error on both splits."""
    (x, y), validation = data

    def step(params, i):
        slopes = jax.grad(loss)(params, x[i], y[i])
        return jax.tree.map(lambda value, slope: value - rate * slope, params, slopes), None

    params, _ = jax.lax.scan(step, params, jax.random.randint(key, (STEPS,), 0, STEPS))
    measured = [(loss(params, *split), jnp.mean(~(split[1] * output(params, split[0]) > 0.0))) for split in ((x, y), validation)]
    return params, jnp.array(measured)


def start(h, seeds):
    """Returns the parameters and keys of many runs, stacked."""
    drawn = [initial(h, seed) for seed in seeds]
    params = tuple(jnp.array(numpy.array([one[k] for one in drawn])) for k in range(4))
    return params, jax.vmap(jax.random.key)(jnp.array(list(seeds)))


def arrays(data):
    return tuple((jnp.array(x), jnp.array(y)) for x, y in data)


compiled = jax.jit(epoch)
compiled_vmap = jax.jit(jax.vmap(epoch, in_axes=(0, 0, None, None)))
