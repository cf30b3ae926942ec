"""The work that `./cotangent gpu-check` times, in PyTorch on the same card: python3 benchmarks/peers/pytorch/gpu_check.py

Needs PyTorch with CUDA. Lines have the names of gpu-check's; times are medians and quartiles of 25 rounds, the host waiting at the end of
each, after two seconds of work of the same kind. TF32 is off, as there.
"""
import statistics
import time

import torch
from torch.nn import functional as F

ROUNDS = 25
WARM_UP = 2.0
SIDE = 8192
ELEMENTS = 4 * SIDE * SIDE
DEVICE = "cuda"


def times(work):
    def once():
        torch.cuda.synchronize()
        start = time.perf_counter()
        result = work()
        torch.cuda.synchronize()
        spent = time.perf_counter() - start
        del result
        return spent

    begin = time.perf_counter()
    for _ in range(3):
        once()
    while time.perf_counter() - begin < WARM_UP:
        once()
    lower, median, upper = statistics.quantiles((once() for _ in range(ROUNDS)), n=4)
    return median, lower, upper


def line(name, work):
    median, lower, upper = (1e3 * t for t in times(work))
    print(f"{name:<62} {median:9.3f} ms {lower:8.3f} .. {upper:7.3f}", flush=True)


def normal(*shape):
    return torch.randn(*shape, device=DEVICE)


def model(*widths):
    layers = []
    for i in range(1, len(widths)):
        layers.append(torch.nn.Linear(widths[i - 1], widths[i]))
        if i < len(widths) - 1:
            layers.append(torch.nn.GELU())
    return torch.nn.Sequential(*layers).to(DEVICE)


def products():
    s = SIDE
    for batch, m, k, n, name in (
        (1, s, s, s // 8, f"product of [{s}, {s}] and [{s}, {s // 8}]"),
        (1, s, s // 8, s, f"product of [{s}, {s // 8}] and [{s // 8}, {s}]"),
        (16, s // 4, s // 4, s // 4, f"16 products of [{s // 4}, {s // 4}]"),
    ):
        a, b = normal(batch, m, k), normal(batch, k, n)
        line(name, lambda: a @ b)


def chains():
    x, y, bias = normal(ELEMENTS // 1024, 1024), normal(ELEMENTS // 1024, 1024), normal(1024)
    line("x + y", lambda: x + y)
    line("gelu(x + bias) * y", lambda: F.gelu(x + bias) * y)
    line("softmax over rows of 1024", lambda: x.softmax(-1))
    line("sum of all", lambda: x.sum())
    line("sums of rows", lambda: x.sum(1))
    line("sums of columns", lambda: x.sum(0))
    line("transposed copy", lambda: x.t().contiguous())

    def tanh():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad((leaf.tanh() * y).sum(), leaf)

    line("tanh, forward and backward", tanh)


def layer_norm():
    x, y = normal(ELEMENTS // 8192, 1024), normal(ELEMENTS // 8192, 1024)
    norm = torch.nn.LayerNorm(1024).to(DEVICE)

    def work():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad((norm(leaf) * y).sum(), [leaf, *norm.parameters()])

    line("layer norm, forward and backward", work)


def step(n, *widths):
    for kind, options in (("", {}), (", fused AdamW", {"fused": True})):
        net = model(*widths)
        optimizer = torch.optim.AdamW(net.parameters(), **options)
        x, y = normal(n, widths[0]), torch.randint(0, widths[-1], (n,), device=DEVICE)

        def work():
            optimizer.zero_grad()
            F.cross_entropy(net(x), y).backward()
            optimizer.step()

        line(f"training step, MLP {'-'.join(map(str, widths))}, batch {n}{kind}", work)


def jacobian():
    net, x = model(784, SIDE // 4, 10), normal(256, 784).requires_grad_()
    basis = torch.eye(10, device=DEVICE).unsqueeze(1).expand(10, 256, 10)

    def rows():
        y = net(x)
        return [torch.autograd.grad(y, x, basis[i], retain_graph=True)[0] for i in range(10)]

    line("batched Jacobian [10, 256, 784]", lambda: torch.autograd.grad(net(x), x, basis, is_grads_batched=True))
    line("row by row, Jacobian [10, 256, 784]", rows)


if __name__ == "__main__":
    torch.backends.cuda.matmul.allow_tf32 = False
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}")
    a, b = normal(ELEMENTS), torch.empty(ELEMENTS, device=DEVICE)
    line("copy of 1024 MiB", lambda: b.copy_(a))
    del a, b
    products()
    chains()
    layer_norm()
    step(512, 784, SIDE // 2, SIDE // 2, 10)
    step(128, 784, 256, 10)
    step(32, 64, 64, 10)
    jacobian()
