package org.cotangent.examples.conformance;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/** New tensors. */
final class CreationApis {
  private CreationApis() {}

  static void register(Apis apis) {
    apis.add("torch.zeros", c -> full(c, sizes(c, 0, "size"), 0, DType.FLOAT32));
    apis.add("torch.ones", c -> full(c, sizes(c, 0, "size"), 1, DType.FLOAT32));
    apis.add("torch.full", c -> full(c, sizes(c, 0, "size"), c.number(1, "fill_value"), c.natural(1, "fill_value")));
    apis.add("torch.zeros_like", c -> like(c, 0));
    apis.add("torch.ones_like", c -> like(c, 1));
    apis.add("torch.full_like", c -> like(c, c.number(1, "fill_value")));
    apis.add("torch.Tensor.new_zeros", c -> full(c, sizes(c, 1, "size"), 0, c.tensor(0, "self").dtype()));
    apis.add("torch.Tensor.new_ones", c -> full(c, sizes(c, 1, "size"), 1, c.tensor(0, "self").dtype()));
    apis.add("torch.Tensor.new_full", c -> full(c, Shape.of(c.ints(1, "size")), c.number(2, "fill_value"), c.tensor(0, "self").dtype()));
    apis.add("torch.eye", c -> placed(c, Tensor.eye(
        c.integer(0, "n"), c.intOr(1, "m", c.integer(0, "n")), c.dtypeOr("dtype", DType.FLOAT32))));
    apis.add("torch.arange", CreationApis::arange);
    apis.add("torch.linspace", c -> placed(c, Tensor.linspace(
        c.number(0, "start"), c.number(1, "end"), c.integer(2, "steps"), c.dtypeOr("dtype", DType.FLOAT32))));
    apis.add("torch.logspace", c -> placed(c, Tensor.logspace(
        c.number(0, "start"), c.number(1, "end"), c.integer(2, "steps"), c.numberOr(3, "base", 10), c.dtypeOr("dtype", DType.FLOAT32))));
    apis.add("torch.tril_indices", c -> placed(c, Tensor.trilIndices(c.integer(0, "row"), c.integer(1, "col"), c.intOr(2, "offset", 0))
        .to(c.dtypeOr("dtype", DType.INT64))));
    apis.add("torch.triu_indices", c -> placed(c, Tensor.triuIndices(c.integer(0, "row"), c.integer(1, "col"), c.intOr(2, "offset", 0))
        .to(c.dtypeOr("dtype", DType.INT64))));
    apis.add("torch.fill", c -> filled(c, c.input()));
    apis.add("composite:zero_", c -> c.input().copy().zero_());
  }

  private static Shape sizes(Call c, int i, String name) {
    return Shape.of(c.restInts(i, name));
  }

  /** On the call's device; the other options of PyTorch's factories choose nothing here. */
  private static Tensor placed(Call c, Tensor x) {
    Tensor y = x.to(c.ignoring("device", "layout", "pin_memory", "memory_format").device());
    return c.boolOr("requires_grad", false) ? y.requiresGrad_() : y;
  }

  private static Tensor full(Call c, Shape shape, double v, DType otherwise) {
    return placed(c, Tensor.full(shape, v, c.dtypeOr("dtype", otherwise), c.device()));
  }

  private static Tensor like(Call c, double v) {
    Tensor x = c.input();
    return full(c, x.shape(), v, x.dtype());
  }

  private static Tensor arange(Call c) {
    int n = c.count();
    boolean whole = (n > 0 ? c.isIntegral(0, "end") : c.isIntegral(-1, "end"))
        && (n < 2 || c.isIntegral(1, "end")) && (n < 3 || c.isIntegral(2, "step"))
        && (!c.has("start") || c.isIntegral(-1, "start")) && (!c.has("step") || c.isIntegral(-1, "step"));
    DType type = c.dtypeOr("dtype", whole ? DType.INT64 : DType.FLOAT32);
    boolean both = n > 1 || n == 1 && c.has("end");
    double start = both ? c.number(0, "start") : c.numberOr(-1, "start", 0);
    double end = both ? c.number(1, "end") : c.number(0, "end");
    return placed(c, Tensor.arange(start, end, c.numberOr(2, "step", 1), type));
  }

  private static Tensor filled(Call c, Tensor x) {
    return c.isTensor(1, "value") ? x.fill(c.tensor(1, "value")) : x.fill(c.number(1, "value"));
  }
}
