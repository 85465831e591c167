"""The losses that PyTorch finds for the runs of torch_test.go, from the same weights and batches. From the folder nn:

    go test -run LossesArePyTorchs -write-torch DIR .   and then   python3 testdata/trajectory.py DIR > testdata/torch.txt

A line a run: NAME: the loss of each of 30 steps before its update, and at the end the loss over all examples in evaluation."""
import json, struct, sys, numpy as np, torch, torch.nn as nn, torch.nn.functional as F


def safetensors(path):
    b = open(path, "rb").read()
    n = struct.unpack("<Q", b[:8])[0]
    out = {}
    for name, t in json.loads(b[8:8 + n]).items():
        if name != "__metadata__":
            lo, hi = t["data_offsets"]
            out[name] = torch.tensor(np.frombuffer(b[8 + n + lo:8 + n + hi], "<f4").reshape(t["shape"]).copy())
    return out


class Res(nn.Module):
    """The body's modules are numbered in the block itself, those of the shortcut in `downsample`."""

    def __init__(self, body, shortcut=()):
        super().__init__()
        self.n = len(body)
        for i, m in enumerate(body):
            self.add_module(str(i), m)
        if shortcut:
            self.downsample = nn.Sequential(*shortcut)

    def forward(self, x):
        y = x
        for i in range(self.n):
            y = getattr(self, str(i))(y)
        return y + (self.downsample(x) if hasattr(self, "downsample") else x)


def conv(i, o, k, **kw):
    return nn.Conv2d(i, o, k, bias=False, **kw)


def block(i, o, s):
    body = [conv(i, o, 3, stride=s, padding=1), nn.BatchNorm2d(o), nn.ReLU(), conv(o, o, 3, padding=1), nn.BatchNorm2d(o)]
    return Res(body, [] if s == 1 else [conv(i, o, 1, stride=s), nn.BatchNorm2d(o)])


head = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
runs = {
    "conv": ([nn.Conv2d(3, 16, 5), nn.ReLU(), nn.Conv2d(16, 24, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(384, 32), nn.ReLU(), nn.Linear(32, 5)],
             dict(lr=.005, momentum=.9, weight_decay=1e-3)),
    "pool": ([nn.Conv2d(3, 12, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(3, 2, 1), nn.Conv2d(12, 16, 3, 1, 1), nn.LeakyReLU(.1), nn.AvgPool2d(3, 2, 1), nn.Conv2d(16, 16, 3),
              nn.ReLU(), nn.MaxPool2d(2, 1), *head, nn.Linear(16, 5)], dict(lr=.02, momentum=.9)),
    "batchnorm": ([conv(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), block(8, 8, 1), nn.ReLU(), block(8, 16, 2), nn.ReLU(), *head, nn.Linear(16, 5)],
                  dict(lr=.05, momentum=.9, weight_decay=5e-4)),
    "mlp": ([nn.Flatten(), nn.Linear(60, 64), nn.Tanh(), nn.Linear(64, 48), nn.GELU(), nn.Linear(48, 32, bias=False), nn.BatchNorm1d(32), nn.Sigmoid(), nn.Linear(32, 5)],
            dict(lr=.1, momentum=.9)),
    "wide": ([nn.Conv2d(3, 32, 3, 1, 1), nn.ReLU(), nn.Conv2d(32, 48, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2), conv(48, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
              nn.Conv2d(64, 40, 3), nn.ReLU(), *head, nn.Linear(40, 5)], dict(lr=.01, momentum=.9, weight_decay=5e-4)),
    "squared error": ([nn.Flatten(), nn.Linear(48, 40), nn.GELU(), nn.Linear(40, 5)], dict(lr=.1, momentum=.5)),
}
for name, (modules, sgd) in runs.items():
    t = safetensors(f"{sys.argv[1]}/{name}.safetensors")
    x, y = t.pop("data.x"), t.pop("data.y").long()
    m = nn.Sequential(*modules)
    m.load_state_dict(t, strict=True)
    loss = (lambda out, y: F.mse_loss(out, F.one_hot(y, 5).float())) if name == "squared error" else F.cross_entropy
    opt, losses = torch.optim.SGD(m.parameters(), **sgd), []
    for step in range(30):
        at = step % 6 * 16
        opt.zero_grad()
        l = loss(m(x[at:at + 16]), y[at:at + 16])
        losses.append(l.item())
        l.backward()
        opt.step()
    m.eval()
    losses.append(loss(m(x), y).item())
    print(f"{name}: " + " ".join(f"{v:.9g}" for v in losses))
