"""Writes halves.jsonl here: calls on float16 and bfloat16 tensors and what PyTorch 1.13 computes on the CPU.

Calls that it has no CPU kernel for are left out: most of float16 but arithmetic, and products of float16.
"""
import json
import os

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
GEN = torch.Generator().manual_seed(3)
HALVES = [torch.float16, torch.bfloat16]


def name(t):
    return str(t).replace("torch.", "")


def number(v):
    if isinstance(v, bool):
        return int(v)
    return v if v == v and abs(v) != float("inf") else {True: "Infinity", False: "-Infinity"}.get(v > 0) if v == v else "NaN"


def tensor(t, grad=False):
    r = {"dtype": name(t.dtype), "shape": list(t.shape), "data": [number(v) for v in t.detach().reshape(-1).tolist()]}
    if grad:
        r["requires_grad"] = t.requires_grad
    return r


def record(id, api, f, tensors, args=None, kwargs=None):
    """One call; with a pullback where an input requires grad."""
    tagged = args if args is not None else [{"tensor": i} for i in range(len(tensors))]
    try:
        y = f(*tensors)
    except RuntimeError:
        return None
    diff = [i for i, t in enumerate(tensors) if t.requires_grad]
    r = {"kind": "case" if diff and y.requires_grad else "forward", "id": id, "op": id, "variant": "", "tier": "core", "api": api, "args": tagged,
         "kwargs": kwargs or {}, "tensors": [tensor(t, True) for t in tensors], "out_kind": "tensor", "outputs": [tensor(y, True)]}
    if y.requires_grad:
        v = torch.randint(-2, 3, y.shape, generator=GEN).to(y.dtype)
        try:
            g = torch.autograd.grad(y, [tensors[i] for i in diff], v)
        except RuntimeError:
            return None
        r.update(diff_in=diff, diff_out=[0], v=[tensor(v)], vjp=[tensor(t) for t in g])
    return r


def some(dtype, *shape):
    if not dtype.is_floating_point:
        return torch.randint(1, 5, shape, generator=GEN).to(dtype)
    return torch.rand(shape, generator=GEN).mul(3).add(0.25).to(dtype).requires_grad_()


def main():
    rows = []
    others = HALVES + [torch.float32, torch.float64, torch.int64, torch.bool]
    for a in HALVES:
        for b in others:
            for op in ["add", "mul", "div", "maximum", "pow"]:
                rows.append(record(f"{op}_{name(a)}_{name(b)}", "torch." + op, getattr(torch, op), [some(a, 2, 3), some(b, 3)]))
        for op in ["exp", "log", "tanh", "sigmoid", "sqrt", "sin", "abs", "square", "reciprocal", "neg", "floor", "erf"]:
            rows.append(record(f"{op}_{name(a)}", "torch." + op, getattr(torch, op), [some(a, 2, 3)]))
        for op in ["sum", "mean", "prod", "amax", "argmax", "cumsum", "softmax", "log_softmax", "var", "norm"]:
            args, kwargs = [{"tensor": 0}], {}
            if op in ("cumsum", "softmax", "log_softmax"):
                args = [{"tensor": 0}, {"int": 1}]
            f = getattr(torch, op)
            rows.append(record(f"{op}_{name(a)}", "torch." + op, lambda x, f=f, k=args[1:]: f(x, *[v["int"] for v in k]), [some(a, 4, 5)], args, kwargs))
        rows.append(record(f"matmul_{name(a)}", "torch.matmul", torch.matmul, [some(a, 3, 4), some(a, 4, 2)]))
        for t, m in [(torch.float32, "half"), (torch.float32, "bfloat16"), (a, "float"), (a, "double"), (a, "long")]:
            x = torch.tensor([1.0009765625, 65519.0, 65520.0, 2.0 ** -25, -3.3, 0.1]).to(t)
            x = x[:1] if m == "long" else x
            rows.append(record(f"{m}_{name(t)}_{name(a)}", "torch.Tensor." + m, lambda x, m=m: getattr(x, m)(), [x]))
        rows.append(record(f"to_{name(a)}", "torch.Tensor.to", lambda x, a=a: x.to(a), [some(torch.float32, 5)],
                           [{"tensor": 0}, {"dtype": name(a)}]))
        rows.append(record(f"sum_dtype_{name(a)}", "torch.sum", lambda x: x.sum(dtype=torch.float32), [some(a, 5)], None, {"dtype": {"dtype": "float32"}}))
    rows = [r for r in rows if r]
    with open(os.path.join(HERE, "halves.jsonl"), "w") as out:
        for r in rows:
            print(json.dumps(r), file=out)
    print(len(rows), "records")


main()
