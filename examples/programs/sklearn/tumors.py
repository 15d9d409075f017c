"""Train the MLPClassifier of scikit-learn on the breast-cancer data, and print how well it does after every epoch."""
import argparse
import csv
import json

import numpy as np
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="breast_cancer.csv")
parser.add_argument("--hidden", type=int, default=10)
parser.add_argument("--alpha", type=float, default=1e-4)
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()

with open(args.data) as file:
    rows = list(csv.reader(file))[1:]
x = np.array([[float(value) for value in row[:-1]] for row in rows])
y = np.array([int(row[-1]) for row in rows])
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.3, stratify=y, random_state=args.seed)
scaler = StandardScaler().fit(x_train)
splits = {"train": (scaler.transform(x_train), y_train), "validation": (scaler.transform(x_test), y_test)}

model = MLPClassifier((args.hidden,), alpha=args.alpha, batch_size=32, learning_rate_init=0.01, random_state=args.seed)
for epoch in range(1, args.epochs + 1):
    model.partial_fit(*splits["train"], classes=[-1, 1])
    measured = {
        name: {"loss": log_loss(labels, model.predict_proba(points)), "error": 1.0 - model.score(points, labels)}
        for name, (points, labels) in splits.items()
    }
    print(json.dumps({"epoch": epoch} | measured))

np.savetxt("weights.csv", np.concatenate([part.ravel() for part in (*model.coefs_, *model.intercepts_)]))
