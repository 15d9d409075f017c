#!/usr/bin/env python3
"""Logistic regression on a CSV file, by mini-batch gradient descent."""
import argparse
import csv
import json
import math
import random
import time


def get_args():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", default="data/breast_cancer.csv", help="CSV file, label (-1 or 1) in the last column")
    parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--val-split", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--no-standardize", action="store_true")
    parser.add_argument("--output", default="model.json")
    return parser.parse_args()


def load(path):
    with open(path, newline="") as f:
        reader = csv.reader(f)
        next(reader)
        rows = [[float(v) for v in row] for row in reader]
    return [(row[:-1], (row[-1] + 1) / 2) for row in rows]


def standardize(train, val):
    for j in range(len(train[0][0])):
        column = [x[j] for x, _ in train]
        mean = sum(column) / len(column)
        std = math.sqrt(sum((v - mean) ** 2 for v in column) / len(column)) or 1.0
        for x, _ in train + val:
            x[j] = (x[j] - mean) / std


def predict(w, b, x):
    z = b + sum(wj * xj for wj, xj in zip(w, x))
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, z))))


def evaluate(w, b, data):
    eps, loss, correct = 1e-12, 0.0, 0
    for x, y in data:
        p = predict(w, b, x)
        loss -= math.log(max(p, eps)) if y == 1 else math.log(max(1 - p, eps))
        correct += (p > 0.5) == (y == 1)
    return loss / len(data), correct / len(data)


def main():
    args = get_args()
    random.seed(args.seed)
    data = load(args.data)
    random.shuffle(data)
    n_val = int(len(data) * args.val_split)
    val, train = data[:n_val], data[n_val:]
    if not args.no_standardize:
        standardize(train, val)
    print(f"{len(train)} training and {len(val)} validation samples, {len(train[0][0])} features")

    w, b = [0.0] * len(train[0][0]), 0.0
    for epoch in range(1, args.epochs + 1):
        start = time.time()
        random.shuffle(train)
        for i in range(0, len(train), args.batch_size):
            batch = train[i : i + args.batch_size]
            gw, gb = [args.weight_decay * wj for wj in w], 0.0
            for x, y in batch:
                error = predict(w, b, x) - y
                gw = [g + error * xj / len(batch) for g, xj in zip(gw, x)]
                gb += error / len(batch)
            w = [wj - args.lr * g for wj, g in zip(w, gw)]
            b -= args.lr * gb
        train_loss, train_acc = evaluate(w, b, train)
        val_loss, val_acc = evaluate(w, b, val)
        print(json.dumps({"epoch": epoch, "train": {"loss": train_loss, "acc": train_acc},
                          "validation": {"loss": val_loss, "acc": val_acc}, "seconds": time.time() - start}))

    with open(args.output, "w") as f:
        json.dump({"weights": w, "bias": b}, f)
    print(f"Saved the model to {args.output}")


if __name__ == "__main__":
    main()
