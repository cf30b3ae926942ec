"""Writes promotion.txt and reference.txt here, and ../indexing/indexing.txt, from what PyTorch 1.13 computes.

A line is a case: tab-separated the operation, its arguments, its inputs (" | " between them) and its output.
A tensor is written dtype[shape]:elements.
"""
import itertools
import os
import random

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
DTYPES = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float32, torch.float64]
HALVES = [torch.float16, torch.bfloat16]


def name(t):
    return str(t).replace("torch.", "")


def text(t):
    data = t.reshape(-1).tolist()
    return name(t.dtype) + "[" + ",".join(map(str, t.shape)) + "]:" + ",".join(str(int(v)) if isinstance(v, bool) else repr(v) for v in data)


def sample(dtype, shape, gen, wide=False):
    if dtype.is_floating_point:
        return torch.randn(shape, generator=gen, dtype=torch.float64).to(dtype)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=gen).bool()
    low = 0 if dtype == torch.uint8 else -5
    return torch.randint(low, 6, shape, generator=gen).to(dtype)


def promotion():
    ops = {"add": torch.add, "mul": torch.mul, "div": torch.div, "eq": torch.eq, "maximum": torch.maximum, "pow": torch.pow,
           "remainder": torch.remainder, "atan2": torch.atan2, "where": lambda a, b: torch.where(torch.ones((), dtype=torch.bool), a, b)}
    with open(os.path.join(HERE, "promotion.txt"), "w") as out:
        for op, f in ops.items():
            for a, b in itertools.product(DTYPES + HALVES, DTYPES + HALVES):
                for ra, rb in itertools.product((0, 1), (0, 1)):
                    try:
                        r = name(f(torch.ones([2] * ra, dtype=a), torch.ones([2] * rb, dtype=b)).dtype)
                    except RuntimeError:
                        r = "error"
                    print(op, name(a), ra, name(b), rb, r, sep="\t", file=out)
        for op, f in {"add": torch.add, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "eq": torch.eq, "sub": torch.sub,
                      "remainder": torch.remainder}.items():
            for a in DTYPES + HALVES:
                for ra in (0, 1):
                    for kind, v in (("long", 2), ("double", 2.5)):
                        try:
                            r = name(f(torch.ones([2] * ra, dtype=a), v).dtype)
                        except RuntimeError:
                            r = "error"
                        print(op, name(a), ra, kind, 0, r, sep="\t", file=out)


def combos(rank):
    return [c for k in range(0, rank + 1) for c in itertools.combinations(range(rank), k)]


SHAPES = [(), (3,), (1,), (0,), (2, 3), (3, 1, 2), (2, 0, 3), (2, 3, 2), (1, 2, 1, 2), (2, 1, 2, 1, 3), (2, 1, 2, 1, 2, 2), (1, 2, 1, 2, 1, 2, 2)]


def reference():
    gen = torch.Generator().manual_seed(1)
    with open(os.path.join(HERE, "reference.txt"), "w") as out:
        def case(op, args, ins, f):
            try:
                r = f()
            except (RuntimeError, IndexError):
                return
            print(op, args, " | ".join(map(text, ins)), text(r), sep="\t", file=out)

        for shape in SHAPES:
            floats = [sample(torch.float32, shape, gen), sample(torch.float64, shape, gen)]
            all_types = floats + [sample(t, shape, gen) for t in (torch.int32, torch.int64, torch.bool, torch.uint8, torch.int16)]
            if len(shape) > 3:
                floats, all_types = floats[:1], all_types[:3:2]
            axes = combos(len(shape))
            axes = axes if len(axes) <= 8 else random.Random(len(shape)).sample(axes, 6) + [axes[-1]]
            for a in axes:
                for keep in (False, True):
                    arg = ",".join(map(str, a)) + ";" + str(int(keep))
                    whole = tuple(a) if a else tuple(range(len(shape)))
                    for x in all_types if keep is False else floats[:1]:
                        case("sum", arg, [x], lambda: x.sum(whole, keepdim=keep) if len(shape) else x.sum())
                        if x.dtype != torch.bool:
                            case("amax", arg, [x], lambda: x.amax(whole, keepdim=keep) if len(shape) else x.amax())
                            case("amin", arg, [x], lambda: x.amin(whole, keepdim=keep) if len(shape) else x.amin())
                    for x in floats:
                        case("mean", arg, [x], lambda: x.mean(whole, keepdim=keep) if len(shape) else x.mean())
                        case("logSumExp", arg, [x], lambda: x.logsumexp(whole, keepdim=keep))
                        for c in (0, 1):
                            case("var", arg + ";" + str(c), [x], lambda: torch.var(x, whole, unbiased=bool(c), keepdim=keep))
                        case("std", arg + ";1", [x], lambda: torch.std(x, whole, unbiased=True, keepdim=keep))
                        for p in ("2.0", "1.0", "inf", "-inf", "0.0", "3.0") if not keep else ("2.0",):
                            case("norm", arg + ";" + p, [x], lambda: torch.linalg.vector_norm(x, float(p), whole, keepdim=keep))
            for x in all_types:
                case("prod", ";0", [x], lambda: x.prod())
                case("all", ";0", [x], lambda: x.bool().all())
                case("any", ";0", [x], lambda: x.bool().any())
                if x.numel() and x.dtype != torch.bool:
                    case("argmax", "", [x], lambda: (x == x.max()).reshape(-1).to(torch.int64).argmax())
                for axis in range(-len(shape), len(shape)):
                    case("cumsum", str(axis), [x], lambda: x.cumsum(axis))
                    case("cumprod", str(axis), [x], lambda: x.cumprod(axis))
                    for descending in (0, 1):
                        arg = str(axis) + ";" + str(descending)
                        case("sort.values", arg, [x], lambda: torch.sort(x, dim=axis, descending=bool(descending), stable=True)[0])
                        case("sort.indices", arg, [x], lambda: torch.sort(x, dim=axis, descending=bool(descending), stable=True)[1])
                    case("flip", str(axis), [x], lambda: x.flip(axis))
            for x in floats:
                for axis in range(len(shape)):
                    case("softmax", str(axis), [x], lambda: x.softmax(axis))
                    case("logSoftmax", str(axis), [x], lambda: x.log_softmax(axis))
        big = torch.tensor([[1000.0, 999.0, -1000.0], [-float("inf"), 0.0, 1.0]])
        for op, f in (("softmax", lambda: big.softmax(1)), ("logSoftmax", lambda: big.log_softmax(1))):
            case(op, "1", [big], f)
        case("logSumExp", "1;0", [big], lambda: big.logsumexp(1))
        holes = torch.tensor([3.0, float("nan"), -1.0, float("inf"), 3.0, -0.0, 0.0])
        for d in (0, 1):
            case("sort.values", "0;" + str(d), [holes], lambda: torch.sort(holes, descending=bool(d), stable=True)[0])
            case("sort.indices", "0;" + str(d), [holes], lambda: torch.sort(holes, descending=bool(d), stable=True)[1])
        case("cumsum", "0", [holes], lambda: holes.cumsum(0))
        for a, b in itertools.product([(2, 3), (2, 0), (2, 1)], repeat=2):
            for s, t in ((torch.float32, torch.float64), (torch.int32, torch.int64), (torch.bool, torch.float32), (torch.uint8, torch.int8)):
                x, y = sample(s, a, gen), sample(t, b, gen)
                case("cat", "1", [x, y], lambda: torch.cat([x, y], 1))
                case("cat", "-2", [x, y], lambda: torch.cat([x, y], -2))
        for shape in ((), (2,), (2, 3), (0, 2)):
            x, y, z = (sample(torch.float32, shape, gen) for _ in range(3))
            for axis in range(-len(shape) - 1, len(shape) + 1):
                case("stack", str(axis), [x, y, z], lambda: torch.stack([x, y, z], axis))
        for c, a, b in (((2, 3), (2, 3), (2, 3)), ((3,), (2, 1), ()), ((2, 1), (), (3,)), ((), (2, 2), (2, 2)), ((0, 3), (3,), (0, 1))):
            for s, t in ((torch.float32, torch.float32), (torch.int32, torch.float64), (torch.int64, torch.int32)):
                k, x, y = sample(torch.bool, c, gen), sample(s, a, gen), sample(t, b, gen)
                case("where", "", [k, x, y], lambda: torch.where(k, x, y))


def indexing():
    r = random.Random(5)
    with open(os.path.join(HERE, "..", "indexing", "indexing.txt"), "w") as out:
        done = 0
        while done < 400:
            shape = [r.randint(1, 4) for _ in range(r.randint(1, 4))]
            x = torch.arange(float(torch.Size(shape).numel())).reshape(shape)
            parts, words, axis, ellipsis, vector = [], [], 0, False, r.randint(1, 3)
            while axis < len(shape) and r.random() < 0.85:
                n = shape[axis]
                kind = r.choice(["at", "range", "all", "none", "ellipsis", "positions", "positions", "mask"])
                if kind == "at":
                    i = r.randint(-n, n - 1)
                    parts.append(i)
                    words.append(str(i))
                elif kind == "range":
                    a, b, s = r.randint(-n - 1, n), r.randint(-n - 1, n + 2), r.randint(1, 3)
                    parts.append(slice(a, b, s))
                    words.append("%d:%d:%d" % (a, b, s))
                elif kind == "all":
                    parts.append(slice(None))
                    words.append(":")
                elif kind == "none":
                    parts.append(None)
                    words.append("None")
                    continue
                elif kind == "ellipsis":
                    if ellipsis:
                        continue
                    ellipsis = True
                    parts.append(Ellipsis)
                    words.append("...")
                    axis = r.randint(axis, len(shape))
                    # Axes that the ellipsis skips follow from the parts after it: stop here.
                    break
                elif kind == "positions":
                    dims = r.choice([[vector], [1], [vector], [2, vector]])
                    k = torch.Size(dims).numel()
                    p = torch.tensor([r.randint(-n, n - 1) for _ in range(k)]).reshape(dims)
                    parts.append(p)
                    words.append(text(p))
                else:
                    m = torch.tensor([r.random() < 0.5 for _ in range(n)])
                    parts.append(m)
                    words.append(text(m))
                axis += 1
            if not parts:
                continue
            try:
                y = x[tuple(parts)]
            except (IndexError, RuntimeError):
                continue
            flat = y.reshape(-1).tolist()
            unique = len(set(flat)) == len(flat)
            v = -1 - torch.arange(float(y.numel())).reshape(y.shape)
            z = x.clone()
            if unique:
                z[tuple(parts)] = v
            print(" ".join(words), text(x), text(y), text(z) if unique else "-", sep="\t", file=out)
            done += 1


promotion()
reference()
indexing()
