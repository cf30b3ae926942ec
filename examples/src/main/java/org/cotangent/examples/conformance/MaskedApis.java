package org.cotangent.examples.conformance;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Masked;

/** torch.masked, whose functions PyTorch composes in Python. */
final class MaskedApis {
  private MaskedApis() {}

  private interface Reduction {
    Tensor of(Tensor x, Tensor mask, int[] axes, boolean keepdim);
  }

  private interface Along {
    Tensor of(Tensor x, Tensor mask, int axis);
  }

  static void register(Apis apis) {
    reduction(apis, "sum", Masked::sum);
    reduction(apis, "prod", Masked::prod);
    reduction(apis, "amax", Masked::amax);
    reduction(apis, "amin", Masked::amin);
    reduction(apis, "mean", Masked::mean);
    reduction(apis, "logsumexp", Masked::logSumExp);
    along(apis, "cumsum", Masked::cumsum);
    along(apis, "cumprod", Masked::cumprod);
    along(apis, "softmax", Masked::softmax);
    along(apis, "log_softmax", Masked::logSoftmax);
    along(apis, "softmin", Masked::softmin);
    add(apis, "median", c -> Masked.median(x(c), mask(c, "mask"), c.intOr(1, "dim", -1), c.boolOr("keepdim", false)));
    add(apis, "argmax", c -> place(c, Masked::argmax));
    add(apis, "argmin", c -> place(c, Masked::argmin));
    add(apis, "var", c -> Masked.var(x(c), mask(c, "mask"), c.intsOr(1, "dim"), correction(c), c.boolOr("keepdim", false)));
    add(apis, "std", c -> Masked.std(x(c), mask(c, "mask"), c.intsOr(1, "dim"), correction(c), c.boolOr("keepdim", false)));
    add(apis, "norm", c -> Masked.norm(x(c), mask(c, "mask"), c.numberOr(1, "ord", 2), c.intsOr(2, "dim"), c.boolOr("keepdim", false)));
    add(apis, "normalize", c ->
        Masked.normalize(x(c), mask(c, "mask"), c.number(1, "ord"), c.integer(2, "dim"), c.numberOr("eps", 1e-12)));
    add(apis, "logaddexp", c -> {
      Tensor y = c.tensor(1, "other");
      return Masked.logAddExp(x(c), y, mask(c, "input_mask"), c.has("other_mask") ? c.tensor(-1, "other_mask") : all(c, y));
    });
  }

  private static void add(Apis apis, String name, Api f) {
    for (String prefix : List.of("torch.masked.", "composite:masked.")) {
      apis.add(prefix + name, f);
    }
  }

  private static void reduction(Apis apis, String name, Reduction f) {
    add(apis, name, c -> f.of(x(c), mask(c, "mask"), c.intsOr(1, "dim"), c.boolOr("keepdim", false)));
  }

  private static void along(Apis apis, String name, Along f) {
    add(apis, name, c -> f.of(x(c), mask(c, "mask"), c.integer(1, "dim")));
  }

  private interface Place {
    Tensor of(Tensor x, Tensor mask, int axis, boolean keepdim);
  }

  /** Without an axis, of all elements; PyTorch gives the places in the type of the elements. */
  private static Tensor place(Call c, Place f) {
    Tensor x = x(c);
    Tensor mask = mask(c, "mask");
    if (c.has(1, "dim")) {
      return f.of(x, mask, c.integer(1, "dim"), c.boolOr("keepdim", false)).to(c.dtypeOr("dtype", x.dtype()));
    }
    boolean keep = c.boolOr("keepdim", false);
    c.tagged(1, "dim");
    Tensor flat = f.of(x.reshape(-1), mask.expand(x.shape().dims()).reshape(-1), 0, false);
    return (keep ? flat.reshape(ones(x.rank())) : flat).to(c.dtypeOr("dtype", x.dtype()));
  }

  private static int[] ones(int n) {
    int[] d = new int[n];
    java.util.Arrays.fill(d, 1);
    return d;
  }

  private static Tensor x(Call c) {
    Tensor x = c.input();
    return x.to(c.dtypeOr("dtype", x.dtype()));
  }

  private static Tensor mask(Call c, String name) {
    return c.has(name) ? c.tensor(-1, name) : none(c, name);
  }

  private static Tensor none(Call c, String name) {
    c.ignoring(name);
    return all(c, c.input());
  }

  private static Tensor all(Call c, Tensor x) {
    c.ignoring("other_mask");
    return Tensor.full(Shape.SCALAR, 1, DType.BOOL, x.device());
  }

  private static int correction(Call c) {
    return c.boolOr(2, "unbiased", false) ? 1 : 0;
  }
}
