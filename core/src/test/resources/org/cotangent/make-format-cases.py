"""Writes format-cases.txt: tensors, and what PyTorch prints for them with its default print options.

    python3 make-format-cases.py > format-cases.txt

Needs PyTorch (1.13 or later, CPU). The tests need only its output.
"""
import math

import torch
from torch import _tensor_str as printer

HEADER = """\
# What PyTorch {version} prints for {count} tensors; written by make-format-cases.py. "torch." is removed from
# the names of dtypes before the suffixes are placed.
#
# case NAME
# dtype NAME
# shape SIZE...
# values VALUE...                  the elements, row-major; or
# pattern P M SHIFT SCALE          element i is ((i * P) mod M - SHIFT) * SCALE
# device NAME                      if not the default
# grad TEXT                        if any
# suffix TEXT                      each suffix, in order
# | TEXT                           each line printed
"""

captured = []
place = printer._add_suffixes


def capture(text, suffixes, indent, force_newline):
    named = [s.replace("torch.", "") for s in captured + suffixes]
    captured[:] = named
    return place(text, named, indent, force_newline)


printer._add_suffixes = capture


def number(value):
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return repr(value)
    return str(int(value))


cases = []


def case(name, t, pattern=None, device="", grad=""):
    """One case. PyTorch finds the suffixes, but for the device, which need not be there."""
    captured[:] = ["device='" + device + "'"] if device else []
    if grad.startswith("grad_fn"):
        # The text of a node that is awkward to make: placed as PyTorch places it.
        str(t)
        suffixes = captured + [grad]
        captured.clear()
        text = capture("tensor(" + printer._tensor_str(t, 7), suffixes, 7, False)
    else:
        if grad:
            t.requires_grad_()
        text = str(t)
        if t.grad_fn is not None:
            grad = "grad_fn=<" + type(t.grad_fn).__name__ + ">"
    lines = ["case " + name, "dtype " + str(t.dtype).replace("torch.", "")]
    lines.append(" ".join(["shape"] + [str(n) for n in t.shape]))
    if pattern:
        lines.append("pattern " + " ".join(str(p) for p in pattern))
    else:
        lines.append(" ".join(["values"] + [number(v) for v in t.detach().reshape(-1).tolist()]))
    lines += ["device " + device] if device else []
    lines += ["grad " + grad] if grad else []
    lines += ["suffix " + s for s in captured]
    lines += ["| " + line if line else "|" for line in text.split("\n")]
    cases.append("\n".join(lines))


def values(name, data, dtype=torch.float32, shape=None, **options):
    t = torch.tensor(data, dtype=dtype)
    case(name, t if shape is None else t.reshape(shape), **options)


def pattern(name, shape, p, m, shift, scale, dtype=torch.float32, **options):
    i = torch.arange(math.prod(shape), dtype=torch.int64)
    data = (i * p) % m - shift
    t = data.double() * scale if dtype.is_floating_point else data * int(scale)
    case(name, t.to(dtype).reshape(shape), pattern=(p, m, shift, scale), **options)


def scalars():
    for name, v in [("one", 1.0), ("fraction", 0.1), ("pi", -math.pi), ("zero", 0.0), ("minus zero", -0.0),
                    ("nan", math.nan), ("inf", math.inf), ("minus inf", -math.inf), ("large", 1e8),
                    ("too large", 2e8), ("small", 1e-4), ("tiny", 1.5e-45), ("max", 3.4028234e38)]:
        values("scalar " + name, v)
        values("scalar double " + name, v, torch.float64)
    values("scalar double just small enough", 9.9999e-5, torch.float64)
    values("scalar double subnormal", 5e-324, torch.float64)
    values("scalar double three-digit exponent", -1.7976931348623157e308, torch.float64)
    values("scalar int", -7, torch.int64)
    values("scalar int32", 2147483647, torch.int32)
    values("scalar bool", True, torch.bool)


def floats():
    values("whole", [1.0, 2.0, 3.0])
    values("whole negative", [-1.0, 20.0, -300.0])
    values("whole with nan and inf", [1.0, math.nan, math.inf, -math.inf, 25.0])
    values("whole ratio 1000", [1.0, 1000.0])
    values("whole ratio above 1000", [1.0, 1001.0])
    values("whole zeros", [0.0, -0.0, 0.0])
    values("only nan and inf", [math.nan, math.inf, -math.inf, 0.0])
    values("only nan, wrapped", [math.nan] * 40)
    values("fixed", [0.5, 1.25, -2.0])
    values("fixed with nan and inf", [0.5, math.nan, math.inf, -math.inf])
    values("fixed minus zero wider than the rest", [-0.0, 0.5])
    values("fixed ties", [0.00625, 0.03125, 0.09375, 1.00005, 2.50005], torch.float64)
    values("fixed rounds up to a new digit", [9.99996, 1.5])
    values("fixed ratio above 1000", [0.5, 501.0])
    values("fixed near ratio 1000", [0.5, 500.0])
    values("scientific small", [1e-5, 0.5])
    values("scientific mixed signs", [-1e-10, 1e10, 0.0, -0.0])
    values("scientific nan and inf", [1e-10, 1.0, math.nan, math.inf, -math.inf])
    values("scientific exponents of three digits", [1e-300, 1e300, -1.0], torch.float64)
    values("scientific rounds up to a new exponent", [9.99999e9, 1.0], torch.float64)
    values("scientific ties", [100005.0, 100015.0, 1.0], torch.float64)
    values("scientific whole", [1e9, 2e9])
    values("scientific overflowing ratio", [5e-324, 1e300], torch.float64)
    values("double", [0.1, 0.2, 0.30000000000000004], torch.float64)
    values("half", [0.1, 65504.0, -2.0], torch.float16)
    values("bfloat", [0.1, 3.14159, -2.0], torch.bfloat16)


def integers():
    values("int64", [1, -22, 333], torch.int64)
    values("int64 extremes", [-2 ** 63, 2 ** 63 - 1, 0], torch.int64)
    values("int32", [1, 2, 3], torch.int32)
    values("int16", [-32768, 5], torch.int16)
    values("int8", [-128, 127], torch.int8)
    values("uint8", [0, 255], torch.uint8)
    values("bool", [True, False, True], torch.bool)
    values("bool all false", [False, False], torch.bool)
    values("bool matrix", [True, False, True, True], torch.bool, (2, 2))
    pattern("bool wrapped", (30,), 1, 2, 0, 1, torch.bool)
    pattern("int wrapped", (60,), 7, 100, 50, 1, torch.int64)
    pattern("int wrapped in matrix", (2, 40), 37, 1000, 500, 1, torch.int32)
    pattern("int 3-d", (2, 2, 3), 5, 12, 0, 1, torch.int64)


def empties():
    for shape in [(0,), (0, 3), (3, 0), (2, 0, 4)]:
        for dtype in [torch.float32, torch.float64, torch.int64, torch.bool]:
            t = torch.empty(shape, dtype=dtype)
            case("empty " + " by ".join(map(str, shape)) + " " + str(dtype)[6:], t)
    case("empty with grad", torch.empty(0, 2), grad="requires_grad=True")
    case("empty elsewhere", torch.empty(0, 2, dtype=torch.int64), device="cuda:0")


def shapes():
    pattern("matrix", (2, 3), 1, 100, 0, 1.0)
    pattern("matrix 1x1", (1, 1), 1, 100, -3, 0.5)
    pattern("matrix column", (4, 1), 1, 100, 2, 0.25)
    pattern("3-d", (2, 2, 2), 3, 8, 4, 0.5)
    pattern("4-d", (2, 2, 2, 2), 3, 16, 8, 1.0)
    pattern("5-d", (1, 2, 1, 2, 2), 3, 16, 8, 0.125, torch.float64)
    pattern("8-d", (1, 1, 2, 1, 1, 2, 1, 2), 1, 16, 8, 0.125)
    pattern("wide row", (25,), 7, 25, 12, 0.3)
    pattern("wide row scientific", (15,), 7, 25, 12, 1e-7)
    pattern("wide row whole", (50,), 7, 50, 25, 1.0)
    pattern("wide matrix", (3, 12), 7, 36, 18, 0.25)
    pattern("wide 3-d", (2, 2, 11), 7, 44, 22, 1.0 / 3, torch.float64)
    for n in (8, 9, 10, 11):
        pattern("row around the line's end, " + str(n), (n,), 1, 100, 0, 0.1)
    pattern("widest cells", (7,), 1, 100, 3, 1e-301, torch.float64)


def summaries():
    pattern("1000 in full", (1000,), 1, 1000, 0, 1, torch.int64)
    pattern("1001", (1001,), 1, 2000, 0, 1, torch.int64)
    pattern("1001 floats", (1001,), 1, 2000, 500, 0.5)
    pattern("width of the shown only", (2000,), 1, 1000, 3, 1.0)
    pattern("scale of the shown only", (5, 300), 1, 300, -1, 0.01)
    pattern("summarised matrix", (40, 50), 13, 2000, 1000, 0.01)
    pattern("tall", (600, 2), 1, 1200, 0, 1, torch.int64)
    pattern("wide", (2, 600), 1, 1200, 0, 1, torch.int32)
    pattern("edge of summarising, 6 by 200", (6, 200), 1, 1200, 0, 1.0)
    pattern("edge of summarising, 7 by 200", (7, 200), 1, 1400, 0, 1.0)
    pattern("summarised 3-d", (8, 9, 30), 17, 2160, 1000, 0.125, torch.float64)
    pattern("summarised 3-d, one axis short", (2, 30, 30), 17, 1800, 1000, 0.5)
    pattern("summarised 4-d", (2, 7, 2, 40), 11, 1120, 0, 1, torch.int64)
    pattern("summarised bools", (40, 40), 3, 2, 0, 1, torch.bool)
    pattern("summarised row wrapped", (1200,), 997, 1200, 600, 1e-301, torch.float64)
    pattern("summarised, large", (300, 400), 7919, 120000, 60000, 1e-3)


def history():
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    case("leaf", x, grad="requires_grad=True")
    case("node", x * 2)
    case("sum", (x * x).sum())
    case("double leaf", torch.tensor([0.5], dtype=torch.float64), grad="requires_grad=True")
    values("elsewhere", [1.0, 2.0], device="cuda:0")
    values("elsewhere, all suffixes", [1.0, 2.0], torch.float64, device="cuda:1", grad="grad_fn=<AddBackward0>")
    values("elsewhere, leaf", [1.0, 2.0], torch.float64, device="cuda:0", grad="requires_grad=True")
    for n in range(4, 9):
        pattern("suffix around the line's end, " + str(n), (n,), 1, 100, 0, 0.1, torch.float64,
                grad="grad_fn=<NativeLayerNormBackward0>")
    for n in range(38, 44):
        values("suffix at the line's end, " + str(n), 1.0, grad="grad_fn=<" + "x" * n + ">", device="cuda:0")
    pattern("suffix after a matrix", (3, 8), 1, 100, 0, 0.1, torch.float64, device="cuda:0",
            grad="grad_fn=<SubBackward0>")
    pattern("two suffixes wrapped", (9,), 1, 100, 0, 0.1, torch.float64, device="cuda:0",
            grad="grad_fn=<LinalgCholeskyExBackward0WithAVeryLongNameIndeedOneThatFillsALine>")


def main():
    for group in (scalars, floats, integers, empties, shapes, summaries, history):
        group()
    print(HEADER.format(version=torch.__version__, count=len(cases)))
    print("\n\n".join(cases))


if __name__ == "__main__":
    main()
