"""PyTorch as in its tutorials: a module, an optimizer, a step for every example."""
import torch

from common import initial, order, study

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def train(data, h, rate, seeds, epochs):
    (x, y), validation = ((torch.tensor(points), torch.tensor(labels)) for points, labels in data)
    errors = []
    for seed in seeds:
        network = torch.nn.Sequential(torch.nn.Linear(2, h), torch.nn.ReLU(), torch.nn.Linear(h, 1))
        with torch.no_grad():
            wi, bi, wo, bo = initial(h, seed)
            for parameter, value in zip(network.parameters(), (wi, bi, wo[None, :], [bo])):
                parameter.copy_(torch.tensor(value))
        descent = torch.optim.SGD(network.parameters(), lr=rate)
        for epoch in range(epochs):
            for i in order(seed, epoch):
                descent.zero_grad()
                torch.nn.functional.softplus(-y[i] * network(x[i])).sum().backward()
                descent.step()
            with torch.no_grad():
                for points, labels in (validation, (x, y)):
                    margins = labels * network(points)[:, 0]
                    torch.nn.functional.softplus(-margins).mean()
                    error = (~(margins > 0)).double().mean().item()
        errors.append(error)
    return sum(errors) / len(errors)


if __name__ == "__main__":
    study(train, seeds=1, epochs=1)
