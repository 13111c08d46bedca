"""Writes softmax_trap.pt beside this file: a perceptron 16-64-32-5 with relu, tanh and softmax, and softmax_trap.toml, its schedule with
the types that operand widths alone suggest. The sum before the softmax gets 38 bits, 18 of them integer, and a table behind it looks at the
upper 10: fixed<10,18>, steps of 256. Run by hand: python3 -c "exec(compile(open('softmax_trap.py').read(), 'softmax_trap.py', 'exec'))" """
import torch


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(16, 64)
        self.fc2 = torch.nn.Linear(64, 32)
        self.fc3 = torch.nn.Linear(32, 5)

    def forward(self, x):
        hidden = torch.relu(self.fc1(x))
        hidden = torch.tanh(self.fc2(hidden))
        return torch.softmax(self.fc3(hidden), dim=1)


torch.manual_seed(3)
model = Classifier().eval()
with torch.no_grad():
    for parameter in model.parameters():
        parameter.copy_(torch.round(parameter * 2 * 64) / 64)
torch.jit.script(model).save("softmax_trap.pt")
