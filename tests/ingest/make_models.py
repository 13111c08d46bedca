#!/usr/bin/python3
"""make_models.py FOLDER: small TorchScript models, scripted and traced, and hostile files, for the ingest test.

Writes FOLDER/accepted.txt (name|input shapes|operators but constants|output shapes as torch computes them) and FOLDER/refused.txt
(name|input shapes|code|exit code|text that the message or place contains). Inputs and outputs of the accepted models go to
NAME.inK.npy and NAME.outK.npy."""
import pathlib
import sys

import numpy
import torch

from hostile_files import write_hostile
from operator_models import MODELS

torch.set_num_threads(1)
torch.manual_seed(1)


def flatten(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in value for tensor in flatten(item)]


def shape_text(shape):
    return ",".join(map(str, shape)) or "scalar"


def write_model(folder, name, module, inputs, ops, how):
    module = module.eval().double()
    saved = torch.jit.script(module) if how == "script" else torch.jit.trace(module, inputs, check_trace=False)
    saved.save(str(folder / f"{name}.pt"))
    outputs = flatten(module(*[tensor.clone() for tensor in inputs]))
    for kind, tensors in (("in", inputs), ("out", outputs)):
        for index, tensor in enumerate(tensors):
            numpy.save(folder / f"{name}.{kind}{index}.npy", tensor.detach().numpy())
    return "|".join([name, ";".join(shape_text(x.shape) for x in inputs), " ".join(ops),
                     ";".join(shape_text(y.shape) for y in outputs)])


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, (module, shapes, ops, ways) in MODELS.items():
        inputs = tuple(0.1 + torch.rand(shape, dtype=torch.float64) for shape in shapes)
        for how in ways.split():
            rows.append(write_model(folder, f"{name}_{how}", module(), inputs, ops.split(), how))
    (folder / "accepted.txt").write_text("\n".join(rows) + "\n")
    (folder / "refused.txt").write_text("\n".join(write_hostile(folder)) + "\n")


main()
