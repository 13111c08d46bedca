#!/usr/bin/python3
"""make_models.py FOLDER: small TorchScript models, scripted and traced, and hostile files, for the ingest test.

Writes FOLDER/accepted.txt (name|input shapes|operators but constants or *|output shapes as torch computes them) and FOLDER/refused.txt
(name|input shapes|code|exit code|text that the message or place contains). Inputs and outputs of the accepted models go to
NAME.inK.npy and NAME.outK.npy; tensors saved by themselves to FOLDER/tensors."""
import pathlib
import sys

import numpy
import torch

from hostile_files import write_hostile
from operator_models import MODELS, OptionalState

torch.set_num_threads(1)
torch.manual_seed(1)


def flatten(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in value for tensor in flatten(item)]


def nested(module, inputs):
    """The inputs as forward takes them: a state of two tensors is a tuple."""
    return (inputs[0], (inputs[1], inputs[2])) if isinstance(module, OptionalState) and len(inputs) == 3 else inputs


def shape_text(shape):
    return ",".join(map(str, shape)) or "scalar"


def write_model(folder, name, module, inputs, ops, how):
    module = module.eval().double()
    saved = torch.jit.script(module) if how == "script" else torch.jit.trace(module, inputs, check_trace=False)
    saved.save(str(folder / f"{name}.pt"))
    outputs = flatten(module(*nested(module, [tensor.clone() for tensor in inputs])))
    for kind, tensors in (("in", inputs), ("out", outputs)):
        for index, tensor in enumerate(tensors):
            numpy.save(folder / f"{name}.{kind}{index}.npy", tensor.detach().numpy())
    return "|".join([name, ";".join(shape_text(x.shape) for x in inputs), " ".join(ops) if ops else "*",
                     ";".join(shape_text(y.shape) for y in outputs)])


class Stranger:
    pass


def write_tensors(folder):
    folder.mkdir(exist_ok=True)
    types = [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool]
    for dtype in types:
        torch.save(torch.arange(6).reshape(2, 3).to(dtype), folder / f"{str(dtype).removeprefix('torch.')}.pt")
    torch.save(torch.tensor([[-9.0, -1.5, 0.5], [0.0, 4.5, 6.5]]).t()[1:], folder / "view.pt")
    torch.save(torch.tensor(2.5), folder / "scalar.pt")
    torch.save({"x": torch.zeros(2)}, folder / "dictionary.pt")
    torch.save([torch.zeros(2)], folder / "list.pt")
    torch.save(torch.nn.Parameter(torch.zeros(2)), folder / "parameter.pt")
    torch.save(Stranger(), folder / "object.pt")
    torch.save(torch.tensor([2**53 + 2]), folder / "huge_integer.pt")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_tensors(folder / "tensors")
    rows = []
    for name, (module, shapes, ops, ways) in MODELS.items():
        inputs = tuple(0.1 + torch.rand(shape, dtype=torch.float64) for shape in shapes)
        for how in ways.split():
            rows.append(write_model(folder, f"{name}_{how}", module(), inputs, ops and ops.split(), how))
    (folder / "accepted.txt").write_text("\n".join(rows) + "\n")
    (folder / "refused.txt").write_text("\n".join(write_hostile(folder)) + "\n")


main()
