"""MLPClassifier of scikit-learn with batches of one; it shuffles, while the others draw with replacement."""
import warnings

import numpy
from sklearn.neural_network import MLPClassifier

from common import study

warnings.filterwarnings("ignore")


def train(data, h, rate, seeds, epochs):
    (x, y), (other, labels) = data
    errors = []
    for seed in seeds:
        network = MLPClassifier((h,), solver="sgd", alpha=0.0, batch_size=1, learning_rate_init=rate, momentum=0.0, random_state=seed)
        for _ in range(epochs):
            network.partial_fit(x, y, classes=[-1.0, 1.0])
            network.predict_proba(other), numpy.mean(network.predict(other) != labels)
            network.predict_proba(x)
            error = numpy.mean(network.predict(x) != y)
        errors.append(error)
    return numpy.mean(errors)


if __name__ == "__main__":
    study(train, seeds=1, epochs=3)
