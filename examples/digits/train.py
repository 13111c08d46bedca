#!/usr/bin/python3
"""Trains the two networks of this example on scikit-learn's 8x8 digits and writes the files the other steps read.

Pixels are k/16 with k = 0..16, so every input is a number of ufixed<5,1> (5 bits, 1 of them integer): no input is rounded.
One thread and one seed: the same versions of torch and scikit-learn on the same processor give the same weights.
"""

import pathlib

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).resolve().parent
TEST_SAMPLES = 397
FEW = 40  # samples to search with
EPOCHS = 80
BATCH = 32


def mlp() -> torch.nn.Sequential:
    """64-128-128-128-10, ReLU between the layers."""
    return torch.nn.Sequential(
        torch.nn.Linear(64, 128), torch.nn.ReLU(),
        torch.nn.Linear(128, 128), torch.nn.ReLU(),
        torch.nn.Linear(128, 128), torch.nn.ReLU(),
        torch.nn.Linear(128, 10))


def conv_net() -> torch.nn.Sequential:
    """1x8x8 -> 8x8x8 -> 8x4x4 -> 16x4x4 -> 16x2x2 -> 64 -> 10."""
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(8, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(64, 10))


def fit(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> None:
    """Adam with weight decay and a cosine step size: small weights need few integer bits."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=0.05)
    model.train()
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss(model(x[batch]), y[batch]).backward()
            optimizer.step()
        scheduler.step()
    model.eval()


def accuracy(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    with torch.no_grad():
        return (model(x).argmax(dim=1) == y).double().mean().item()


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    pixels, labels = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        (pixels / 16).astype(np.float32), labels, test_size=TEST_SAMPLES, random_state=1, stratify=labels)
    shapes = {"mlp": (-1, 64), "conv": (-1, 1, 8, 8)}
    for name, build in (("mlp", mlp), ("conv", conv_net)):
        torch.manual_seed(1)
        model = build()
        fit(model, torch.from_numpy(x_train.reshape(shapes[name])), torch.from_numpy(y_train))
        share = accuracy(model, torch.from_numpy(x_test.reshape(shapes[name])), torch.from_numpy(y_test))
        print(f"{name}: test accuracy {share:.4f} on {len(y_test)} samples")
        torch.jit.script(model).save(str(HERE / f"{name}.pt"))
    np.save(HERE / "x_test.npy", x_test)
    np.save(HERE / "x_few.npy", x_test[:FEW])
    np.save(HERE / "x_test_conv.npy", x_test.reshape(shapes["conv"]))
    np.save(HERE / "x_few_conv.npy", x_test[:FEW].reshape(shapes["conv"]))
    np.save(HERE / "y_test.npy", y_test.astype(np.int64))


if __name__ == "__main__":
    main()
