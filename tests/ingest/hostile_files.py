"""Files that must be refused, and models outside what is supported. write_hostile returns the rows of refused.txt."""
import io
import pickle
import struct
import zipfile

import torch
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)


class SetState(Net):
    @torch.jit.export
    def __getstate__(self):
        return 1, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[int, bool]):
        print("executed")
        self.training = state[1]


class Stateful(Net):
    def __init__(self):
        super().__init__()
        self.count = 0

    def forward(self, x: Tensor) -> Tensor:
        self.count = self.count + 1
        return self.fc(x) * self.count


class BufferInPlace(Net):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(3))

    def forward(self, x: Tensor) -> Tensor:
        self.seen.add_(1.0)
        return self.fc(x) + self.seen


class UnknownOperator(Net):
    def forward(self, x: Tensor) -> Tensor:
        return torch.erfinv(self.fc(x))


class HiddenOperator(Net):
    """The operator stands in a branch that is never taken."""
    def forward(self, x: Tensor) -> Tensor:
        if x.dim() == 7:
            return torch.erfinv(x)
        return self.fc(x)


class WritesFile(Net):
    def forward(self, x: Tensor) -> Tensor:
        torch.save(x, "written")
        return self.fc(x)


class DataBranch(Net):
    def forward(self, x: Tensor) -> Tensor:
        if bool(x.sum() > 0):
            return self.fc(x)
        return x


class EndlessLoop(Net):
    def forward(self, x: Tensor) -> Tensor:
        for _ in range(1000000000000):
            x = x + 1
        return x


class StaleView(Net):
    def forward(self, x: Tensor) -> Tensor:
        y = x * 2
        z = y[:, 0:2]
        y.mul_(3)
        return z


class Training(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x)


class TrainingDropout(Training):
    def forward(self, x: Tensor) -> Tensor:
        return torch.dropout(x, 0.5, True)


class Transposed(Training):
    def __init__(self):
        super().__init__()
        self.conv = nn.ConvTranspose1d(1, 1, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x.unsqueeze(1))


class Reflect(Training):
    def forward(self, x: Tensor) -> Tensor:
        return torch.nn.functional.pad(x.unsqueeze(1), [9, 1], mode="reflect")


def spoiled(value):
    net = Net()
    with torch.no_grad():
        net.fc.weight[1, 2] = value
    return net


def giant():
    net = Training()
    net.register_buffer("huge", torch.ones(1).expand(1 << 20, 1 << 20))
    return net


def saved_bytes(module, train=False):
    buffer = io.BytesIO()
    module.train(train)
    torch.jit.save(torch.jit.script(module), buffer)
    return buffer.getvalue()


def rezipped(data, change=lambda name, bytes_: bytes_, compress=False, extra=()):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            new.writestr(item.filename, change(item.filename, old.read(item)),
                         zipfile.ZIP_DEFLATED if compress or "/code/" in item.filename else zipfile.ZIP_STORED)
        for name, bytes_, method in extra:
            new.writestr(name, bytes_, method)
    return out.getvalue()


def renamed(data, old, new):
    """Every occurrence of a name replaced by one of the same length: in local headers and in the directory."""
    assert len(old) == len(new) and old in data
    return data.replace(old, new)


def wrong_local_size(data):
    at = data.index(b"PK\3\4")
    return data[:at + 22] + struct.pack("<I", 12345) + data[at + 26:]


def flipped_weight(data):
    """One bit of the first weight is another one, its checksum is not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        item = next(item for item in archive.infolist() if item.filename.endswith("/data/0"))
    name_size, extra_size = struct.unpack("<HH", data[item.header_offset + 26:item.header_offset + 30])
    at = item.header_offset + 30 + name_size + extra_size
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def evil_pickle(name, bytes_):
    class Evil:
        def __reduce__(self):
            return print, ("executed",)
    return pickle.dumps(Evil(), 2) if name.endswith("/data.pkl") else bytes_


def default_call(name, bytes_):
    return bytes_.replace(b"x: Tensor)", b"x: Tensor=torch.rand([2]))") if name.endswith(".py") else bytes_


def class_call(name, bytes_):
    return bytes_.replace(b"  fc :", b"  evil : Final[int] = torch.len([1])\n  fc :") if name.endswith(".py") else bytes_


def files():
    good = saved_bytes(Net())
    top = zipfile.ZipFile(io.BytesIO(good)).namelist()[0].split("/")[0]
    bomb = b"\0" * (64 << 20)
    cut = rezipped(good, lambda name, b: b[:4] if "/data/0" in name else b)
    return {
        "empty": (b"", "E0110", 2, "no zip archive"),
        "no_zip": (b"import os\n" * 50, "E0110", 2, "no zip archive"),
        "truncated": (good[:len(good) // 2], "E0111", 2, "truncated"),
        "truncated_end": (good[:-3], "E0111", 2, "truncated"),
        "bit_flipped": (flipped_weight(good), "E0111", 2, "checksum"),
        "compressed": (rezipped(good, compress=True), "E0112", 2, "compressed"),
        "data_bomb": (rezipped(good, extra=[(f"{top}/data/9", bomb, zipfile.ZIP_DEFLATED)]), "E0112", 2, "compressed"),
        "code_bomb": (rezipped(good, extra=[(f"{top}/code/bomb.py", bomb, zipfile.ZIP_DEFLATED)]), "E0113", 2, "unpack"),
        "state_dict": (state_dict(), "E0110", 2, "no TorchScript"),
        "duplicate": (renamed(good, b"data/1", b"data/0"), "E0112", 2, "two records"),
        "duplicate_case": (rezipped(good, extra=[(f"{top}/DATA.pkl", b"x", zipfile.ZIP_STORED)]), "E0112", 2, "two records"),
        "foreign_record": (rezipped(good, extra=[(f"{top}/model.json", b"{}", zipfile.ZIP_STORED)]), "E0112", 2, "belongs to no"),
        "local_size": (wrong_local_size(rezipped(good)), "E0112", 2, "differs from the directory"),
        "storage_cut": (cut, "E0115", 2, "too few"),
        "storage_missing": (rezipped(renamed(good, b"data/1", b"data/7")), "E0115", 2, "not there"),
        "evil_pickle": (rezipped(good, evil_pickle), "E0114", 2, "print"),
        "pickle_cut": (rezipped(good, lambda name, b: b[:40] if name.endswith("/data.pkl") else b), "E0111", 2, "damaged"),
        "default_call": (rezipped(good, default_call), "E0114", 2, "default value calls 'rand'"),
        "class_call": (rezipped(good, class_call), "E0114", 2, "class attribute calls 'len'"),
        "broken_code": (rezipped(good, lambda name, b: b"class (" if name.endswith(".py") else b), "E0119", 2, "cannot load"),
    }


def state_dict():
    buffer = io.BytesIO()
    torch.save(Net().state_dict(), buffer)
    return buffer.getvalue()


def models():
    nan, infinity = float("nan"), float("inf")
    return {
        "setstate": (SetState(), "E0114", 2, "__setstate__"),
        "giant": (giant(), "E0115", 2, "more elements"),
        "nan": (spoiled(nan), "E0414", 2, "fc.weight"),
        "infinity": (spoiled(-infinity), "E0414", 2, "fc.weight"),
        "stateful": (Stateful(), "E0117", 3, "count"),
        "buffer_in_place": (BufferInPlace(), "E0117", 3, "aten::add_"),
        "unknown_operator": (UnknownOperator(), "E0401", 3, "aten::erfinv"),
        "hidden_operator": (HiddenOperator(), "E0401", 3, "hostile_files.py"),
        "writes_file": (WritesFile(), "E0401", 3, "aten::save"),
        "data_branch": (DataBranch(), "E0121", 3, "aten::gt"),
        "endless_loop": (EndlessLoop(), "E0116", 2, "hostile_files.py"),
        "stale_view": (StaleView(), "E0121", 3, "view"),
        "dropout_training": (TrainingDropout(), "E0121", 3, "training"),
        "transposed": (Transposed(), "E0401", 3, "aten::conv_transpose1d"),
        "reflect": (Reflect(), "E0120", 2, "mode 'reflect'"),
    }


def write_hostile(folder):
    rows = []
    for name, (data, *expected) in files().items():
        (folder / f"{name}.pt").write_bytes(data)
        rows.append("|".join([name, "1,4", *map(str, expected)]))
    for name, (module, *expected) in models().items():
        (folder / f"{name}.pt").write_bytes(saved_bytes(module))
        rows.append("|".join([name, "1,4", *map(str, expected)]))
    (folder / "training.pt").write_bytes(saved_bytes(Training(), train=True))
    (folder / "good.pt").write_bytes(saved_bytes(Net()))
    rows += ["training|1,4|E0117|2|training mode", "good|1,5|E0120|2|1x5", "good|1,4;1,4|E0120|2|takes 1 inputs",
             "good||E0120|2|--input-shape", "good|1,0|E0120|2|below 1", "missing|1,4|E0101|2|missing.pt"]
    return rows
