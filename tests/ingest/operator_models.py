"""One small model an operator: MODELS[name] = (class or factory, input shapes, expected operators in graph order
or None where only the values are of interest, ways to save it)."""
from typing import List, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BOTH = "script trace"


def function(body):
    """A module whose forward is that function of one tensor."""
    class One(nn.Module):
        def forward(self, x: Tensor):
            return body(x)
    return One


def layers(*parts):
    return lambda: nn.Sequential(*[part() for part in parts])


class Conv1dSame(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 4, padding="same", bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class NoBatchConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Addmm(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 3))
        self.b = nn.Parameter(torch.randn(3))

    def forward(self, x: Tensor) -> Tensor:
        return torch.addmm(self.b, x, self.w)


class ScaledAddmm(Addmm):
    def forward(self, x: Tensor) -> Tensor:
        return torch.addmm(self.b, x, self.w, beta=0.5, alpha=2.0)


class WeightMoved(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(2, 4, 6))

    def forward(self, x: Tensor) -> Tensor:
        return torch.matmul(x, self.w[1, :, 1:5:2]) + self.w[0].t().reshape(-1)[3]


class TwoProducts(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tuple[Tensor, Tensor]:
        return torch.bmm(x, y), torch.matmul(x[0, 0], y)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5, 5)
        self.norm = nn.BatchNorm1d(5, affine=False)
        self.norm.running_mean.uniform_(-1, 1)
        self.norm.running_var.uniform_(0.5, 2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(self.fc(x))
        y += x
        return y.relu_()


class InPlaceOnInput(nn.Module):
    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        y = x * 2
        z = y
        y.mul_(3)
        return z, y + x


class Loops(nn.Module):
    """A constant loop, a list that grows, a branch decided by the shape."""
    def forward(self, x: Tensor) -> Tensor:
        parts: List[Tensor] = []
        for i in range(x.size(1)):
            if i % 2 == 0:
                parts.append(x[:, i])
        if x.dim() != 2:
            raise ValueError("expected two dimensions")
        return torch.stack(parts, 1)


class Split(nn.Module):
    def forward(self, x: Tensor) -> Tuple[Tensor, List[Tensor]]:
        a, b = torch.chunk(x, 2, 1)
        return torch.cat([b, a], 1), x.split(2, 1)


class ModuleList(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])
        self.shared = self.parts[0]

    def forward(self, x: Tensor) -> Tensor:
        for part in self.parts:
            x = torch.tanh(part(x))
        return self.shared(x)


class LstmCell(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(3, 2)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> Tuple[Tensor, Tensor]:
        return self.cell(x, (h, c))


class OptionalState(nn.Module):
    """The state is an optional tuple; without it the cell makes zeros."""
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(3, 2, bias=False)

    def forward(self, x: Tensor, state: Optional[Tuple[Tensor, Tensor]] = None, scale: float = 2.0) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        h, c = self.cell(x, state)
        return h * scale, (h, c)


class OtherCells(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRUCell(3, 2)
        self.rnn = nn.RNNCell(2, 2, nonlinearity="relu")

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        return self.rnn(self.gru(x, h))


class StateFromFile(nn.Module):
    """A learnt initial state, two layers with projections."""
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, num_layers=2, proj_size=2)
        self.h = nn.Parameter(torch.randn(2, 1, 2))
        self.c = nn.Parameter(torch.randn(2, 1, 4))

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.lstm(x, (self.h, self.c))
        return y


class Recurrent(nn.Module):
    def __init__(self, part):
        super().__init__()
        self.part = part

    def forward(self, x: Tensor):
        return self.part(x)


class UnusedCode(nn.Module):
    """Nothing uses the phase, so that atan2 need not be supported."""
    def forward(self, x: Tensor) -> Tensor:
        magnitude, phase = torch.sqrt(x ** 2 + x), torch.atan2(x, x)
        parts = (magnitude, phase)
        return parts[0]


class Filled(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        offset = torch.full([2, 3], 0.5, dtype=x.dtype) + torch.ones_like(x)
        return torch.cat([torch.zeros([2, 1], dtype=x.dtype), x + offset], 1)


def pool_chain():
    return nn.Sequential(nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d((2, 1), 1, count_include_pad=False), nn.AdaptiveAvgPool2d((2, None)))


MODELS = {
    "linear": (layers(lambda: nn.Linear(4, 3), nn.ReLU, lambda: nn.Linear(3, 2, bias=False)), [(1, 4)], "input linear relu linear", BOTH),
    "linear_any_rank": (layers(lambda: nn.Linear(4, 3)), [(2, 3, 4)], "input linear", BOTH),
    "conv2d": (layers(lambda: nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2)), [(1, 4, 8, 9)], "input conv", BOTH),
    "conv1d": (layers(lambda: nn.Conv1d(2, 3, 3, stride=2, padding=1), nn.ReLU6), [(1, 2, 11)], "input conv hardtanh", BOTH),
    "conv1d_same": (Conv1dSame, [(1, 2, 9)], "input pad conv", "script"),
    "conv_unbatched": (NoBatchConv, [(2, 6, 5)], "input reshape conv reshape", BOTH),
    "addmm": (Addmm, [(1, 4)], "input linear", BOTH),
    "addmm_scaled": (ScaledAddmm, [(1, 4)], "input linear mul mul add", BOTH),
    "weight_moved": (WeightMoved, [(1, 4)], "input linear add", BOTH),
    "products": (TwoProducts, [(2, 3, 4), (2, 4, 5)], "input input matmul select select reshape matmul reshape", BOTH),
    "batch_norm": (Residual, [(1, 5)], "input linear batch_norm add relu", BOTH),
    "in_place": (InPlaceOnInput, [(1, 5)], "input mul mul add", BOTH),
    "loops": (Loops, [(1, 5)], "input select select select stack", BOTH),
    "split": (Split, [(1, 6)], "input slice slice cat slice slice slice", BOTH),
    "module_list": (ModuleList, [(1, 3)], "input linear tanh linear tanh linear", BOTH),
    "pools": (pool_chain, [(1, 2, 9, 8)], "input max_pool avg_pool adaptive_avg_pool", "trace"),
    "pools_fixed": (layers(lambda: nn.MaxPool2d(2), lambda: nn.AvgPool2d(2, divisor_override=3), lambda: nn.AdaptiveAvgPool2d(1)), [(1, 2, 9, 8)],
                    "input max_pool avg_pool adaptive_avg_pool", BOTH),
    "pools_1d": (layers(lambda: nn.MaxPool1d(2, padding=1), lambda: nn.AvgPool1d(3, 2), lambda: nn.AdaptiveAvgPool1d(2)), [(1, 2, 14)],
                 "input max_pool avg_pool adaptive_avg_pool", BOTH),
    "scalars": (function(lambda x: 1 - (2 * x + 3) / 4 - x.neg()), [(1, 3)], "input mul add div sub neg sub", "trace"),
    "alpha": (function(lambda x: torch.sub(torch.add(x, x, alpha=2), x, alpha=0.5)), [(1, 3)], "input mul add mul sub", "trace"),
    "broadcast": (function(lambda x: x[:, :, 0:1] * x[:, 0:1, :] / x), [(1, 3, 3)], "input slice slice mul div", "trace"),
    "activations": (function(lambda x: F.leaky_relu(torch.sigmoid(torch.tanh(x)).exp().log().sqrt().abs(), 0.2)), [(1, 3)],
                    "input tanh sigmoid exp log sqrt abs leaky_relu", "trace"),
    "activations_in_place": (function(lambda x: (x + 1).tanh_().sigmoid_().exp_().log_().sqrt_().abs_().neg_()), [(1, 3)],
                             "input add tanh sigmoid exp log sqrt abs neg", "trace"),
    "prelu": (layers(lambda: nn.PReLU(3), nn.PReLU, lambda: nn.LeakyReLU(0.1)), [(1, 3, 2)], "input prelu prelu leaky_relu", BOTH),
    "clamps": (function(lambda x: x.clamp(-1, 2).clamp(min=0).clamp_min(0.0).pow(3) + x.square() + x ** 2 + F.hardtanh(x)), [(1, 3)],
               "input hardtanh relu relu pow mul add mul add hardtanh add", "trace"),
    "powers": (function(lambda x: x ** -1 + x ** 0.5 + x.reciprocal()), [(1, 3)], "input pow sqrt add div add", "trace"),
    "softmax": (layers(lambda: nn.Softmax(-1), lambda: nn.Softmax(1)), [(1, 3, 4)], "input softmax softmax", BOTH),
    "reductions": (function(lambda x: (x.mean((1, -1)), x.sum(), x.mean(), x.sum(1, keepdim=True), torch.amax(x, (0, 2), True), torch.norm(x, dim=1))), [(2, 3, 4)],
                   "input mean sum mean sum amax mul sum sqrt", "trace"),
    "pad": (layers(lambda: nn.ConstantPad2d((1, 2, 0, 3), 0.5), lambda: nn.ZeroPad2d(1)), [(1, 1, 3, 4)], "input pad pad", BOTH),
    "reshapes": (function(lambda x: x.view(2, 12).reshape(2, 3, -1).flatten(1).unsqueeze(-1).squeeze(-1).unsqueeze(0).squeeze().contiguous().detach()), [(2, 3, 4)],
                 "input reshape reshape reshape reshape reshape reshape reshape", "trace"),
    "movement": (function(lambda x: (x.permute(2, 0, 1).transpose(0, -1), x[0].t(), x[0].T, x[:, 1, ::2], x.narrow(2, 1, 2), torch.stack(x.unbind(0)))), [(2, 3, 4)],
                 "input permute permute select permute select permute select slice slice select select stack", "trace"),
    "expand": (function(lambda x: x.expand(3, -1, 4) + x), [(2, 1)], "input expand add", "trace"),
    "dropout": (layers(lambda: nn.Linear(3, 3), lambda: nn.Dropout(0.5), lambda: nn.Dropout(0.5, inplace=True), lambda: nn.Dropout2d(0.3)), [(1, 3)], "input linear", "script"),
    "casts": (function(lambda x: x.to(torch.float64).to(x.dtype) + x.double()), [(1, 3)], "input add", "trace"),
    "traced_sizes": (function(lambda x: x.view(x.size(0), x.shape[1] * x.size(2) // 1)), [(2, 3, 4)], "input reshape", "trace"),
    "lstm_cell": (LstmCell, [(1, 3), (1, 2), (1, 2)],
                  "input input input linear linear add slice sigmoid slice tanh slice sigmoid mul slice sigmoid mul add tanh mul", "script"),
    "lstm_cell_traced": (LstmCell, [(1, 3), (1, 2), (1, 2)], None, "trace"),
    "state_given": (OptionalState, [(1, 3), (1, 2), (1, 2)],
                    "input input input linear linear add slice sigmoid slice tanh slice sigmoid mul slice sigmoid mul add tanh mul mul", "script"),
    "state_left_out": (OptionalState, [(1, 3)], "input linear slice sigmoid slice tanh slice sigmoid mul tanh mul mul", "script"),
    "other_cells": (OtherCells, [(1, 3), (1, 2)], None, BOTH),
    "lstm": (lambda: Recurrent(nn.LSTM(3, 2, batch_first=True, bidirectional=True)), [(1, 2, 3)], None, BOTH),
    "lstm_unbatched": (lambda: Recurrent(nn.LSTM(3, 2)), [(2, 3)], None, BOTH),
    "lstm_projected": (StateFromFile, [(3, 1, 3)], None, BOTH),
    "gru": (lambda: Recurrent(nn.GRU(3, 2, num_layers=2)), [(3, 1, 3)], None, BOTH),
    "rnn": (lambda: Recurrent(nn.RNN(3, 2, bias=False, batch_first=True)), [(1, 3, 3)], None, BOTH),
    "unused_code": (UnusedCode, [(1, 3)], "input mul add sqrt", BOTH),
    "filled": (Filled, [(2, 3)], None, BOTH),
    "mirrored_pads": (function(lambda x: (F.pad(x, (2, 1), "reflect"), F.pad(x, (3, 0), "replicate"), F.pad(x, (1, 2), "circular"))), [(1, 2, 4)],
                      "input pad pad pad", "trace"),
    "mirrored_pads_2d": (layers(lambda: nn.ReflectionPad2d((1, 0, 2, 1)), lambda: nn.ReplicationPad2d(2)), [(1, 1, 3, 4)], "input pad pad", BOTH),
    "one_sided_clamps": (function(lambda x: x.clamp(min=0.3) + x.clamp(max=0.4) + x.clamp_max(0.6)), [(1, 3)],
                         "input reshape pad amax neg reshape pad amax neg add neg reshape pad amax neg add", "trace"),
    "extremes": (function(lambda x: torch.maximum(x, x[:, :1]) - torch.minimum(x * 2, x[:, 1:2] + 0.5)), [(2, 3)], None, "trace"),
    "swish": (function(lambda x: F.silu(x) + F.hardswish(x * 9 - 4) + F.hardsigmoid(x * 9 - 4)), [(1, 6)], None, "trace"),
    "units": (function(lambda x: (F.elu(x - 0.5, 0.7), F.selu(x - 0.5), F.celu(x - 0.5, 0.3), F.gelu(x - 0.5, approximate="tanh"))), [(1, 6)], None, "trace"),
    "waves": (function(lambda x: (torch.sin(9 * x), torch.cos(9 * x), torch.atan(x / 0.1), torch.erf(x - 0.5))), [(1, 6)], None, "trace"),
    "smooth": (function(lambda x: (F.gelu(4 * x - 2), F.softplus(x - 0.5), F.softplus(9 * x - 4, 0.5), F.mish(x - 0.5))), [(1, 6)], None, "trace"),
    "logarithms": (function(lambda x: (F.log_softmax(x, 1), F.logsigmoid(x), torch.rsqrt(x))), [(1, 6)], "input softmax log sigmoid log sqrt div", "trace"),
    "layer_norm": (layers(lambda: nn.LayerNorm((3, 4))), [(2, 3, 4)], "input mean sub mul mean add sqrt div mul add", BOTH),
    "group_norm": (layers(lambda: nn.GroupNorm(2, 4), lambda: nn.InstanceNorm2d(4, affine=True)), [(1, 4, 2, 3)], None, BOTH),
}
