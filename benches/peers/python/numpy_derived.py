"""The derivation in NumPy as on paper: every local derivative is a matrix, the chain rule their product."""
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
                by_output = numpy.array([[-y[i] / (1.0 + numpy.exp(y[i] * (wo @ hidden + bo)))]])
                by_pre = by_output @ wo[None, :] @ numpy.diag((a > 0.0).astype(float))
                by_weights = by_pre @ numpy.kron(x[i][None, :], numpy.identity(h))
                wo = wo - rate * (by_output @ hidden[None, :])[0]
                bo = bo - rate * by_output[0, 0]
                bi = bi - rate * (by_pre @ numpy.identity(h))[0]
                wi = wi - rate * by_weights.reshape((2, h)).T
            here, _ = measure(x, y), measure(*validation)
        errors.append(here[1])
    return numpy.mean(errors)


if __name__ == "__main__":
    study(train, seeds=1, epochs=3)
