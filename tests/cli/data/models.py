"""Writes tiny.pt (a network of 17 parameters) and unlisted.pt (an operator without a rule) beside this file. Run by hand:
python3 -c "exec(compile(open('models.py').read(), 'models.py', 'exec'))" """
import torch


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight1 = torch.nn.Parameter(torch.tensor([[0.3, -0.7], [0.9, 0.2], [-0.4, 0.6]]))
        self.bias1 = torch.nn.Parameter(torch.tensor([0.1, -0.2, 0.05]))
        self.weight2 = torch.nn.Parameter(torch.tensor([[0.8, -0.5, 0.3], [-0.6, 0.45, 0.7]]))
        self.bias2 = torch.nn.Parameter(torch.tensor([0.02, -0.01]))

    def forward(self, x):
        hidden = torch.relu(torch.nn.functional.linear(x, self.weight1, self.bias1))
        return torch.nn.functional.linear(hidden, self.weight2, self.bias2)


class Unlisted(torch.nn.Module):
    def forward(self, x):
        return torch.cumsum(x, 1)


torch.jit.script(Tiny().eval()).save("tiny.pt")
torch.jit.script(Unlisted()).save("unlisted.pt")
