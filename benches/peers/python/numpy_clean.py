"""The efficient form in NumPy, with few allocations."""
import numpy

from common import initial, losses, order, study


def train(data, h, rate, seeds, epochs):
    (x, y), validation = data
    errors = []
    for seed in seeds:
        wi, bi, wo, bo = initial(h, seed)

        def measure(points, labels):
            return losses(numpy.maximum(points @ wi.T + bi, 0.0) @ wo + bo, labels)

        measure(x, y), measure(*validation)
        for epoch in range(epochs):
            for i in order(seed, epoch):
                a = wi @ x[i] + bi
                hidden = numpy.maximum(a, 0.0)
                g = -y[i] / (1.0 + numpy.exp(y[i] * (wo @ hidden + bo)))
                s = rate * g
                t = s * wo * (a > 0.0)
                wo -= s * hidden
                bo -= s
                bi -= t
                wi -= numpy.outer(t, x[i])
            here, _ = measure(x, y), measure(*validation)
        errors.append(here[1])
    return numpy.mean(errors)


if __name__ == "__main__":
    study(train, seeds=1, epochs=10)
