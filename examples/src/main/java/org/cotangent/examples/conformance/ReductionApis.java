package org.cotangent.examples.conformance;

import java.util.function.UnaryOperator;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.TensorStatistics.Spread;
import org.cotangent.ops.MatrixNorms;

/** Reductions, scans and sorting. */
final class ReductionApis {
  private ReductionApis() {}

  static void register(Apis apis) {
    sums(apis);
    extremes(apis);
    order(apis);
    scans(apis);
  }

  /** The input, in the type that is asked for. */
  private static Tensor typed(Call c) {
    Tensor x = c.input();
    return x.to(c.dtypeOr(-1, "dtype", x.dtype()));
  }

  /** The result in the type that is asked for, which integers leave while they are summed. */
  private static Tensor as(Call c, Tensor y) {
    return y.to(c.dtypeOr(-1, "dtype", y.dtype()));
  }

  /** A reduction over axes, with the sizes of its result. */
  private interface OverAxes {
    Tensor apply(Tensor x, int[] axes, boolean keepdim);
  }

  private static Tensor over(Call c, Tensor x, OverAxes f) {
    return f.apply(x, c.intsOr(1, "dim"), c.boolOr(2, "keepdim", false));
  }

  private static Tensor[] pair(Indexed r) {
    return new Tensor[] {r.values(), r.indices()};
  }

  private static Tensor[] pair(Spread r) {
    return new Tensor[] {r.value(), r.mean()};
  }

  private static void sums(Apis apis) {
    apis.add("torch.sum", c -> as(c, over(c, typed(c), Tensor::sum)));
    apis.add("torch.mean", c -> over(c, typed(c), Tensor::mean));
    apis.add("torch.nansum", c -> as(c, over(c, typed(c), Tensor::nanSum)));
    apis.add("torch.nanmean", c -> over(c, typed(c), Tensor::nanMean));
    apis.add("torch.prod", c -> as(c, c.has(1, "dim")
        ? typed(c).prod(c.integer(1, "dim"), c.boolOr(2, "keepdim", false)) : typed(c).prod()));
    apis.add("torch.logsumexp", c -> over(c, c.input(), Tensor::logSumExp));
    apis.add("torch.count_nonzero", c -> c.input().countNonzero(c.intsOr(1, "dim")));
    apis.add("torch.all", c -> logical(c, over(c, c.input(), Tensor::all)));
    apis.add("torch.any", c -> logical(c, over(c, c.input(), Tensor::any)));
    apis.add("torch.var", c -> moment(c, Tensor::var));
    apis.add("torch.std", c -> moment(c, Tensor::std));
    apis.add("torch.var_mean", c -> moment(c, (x, axes, k, keep) -> pair(x.varMean(axes, k, keep))));
    apis.add("torch.std_mean", c -> moment(c, (x, axes, k, keep) -> pair(x.stdMean(axes, k, keep))));
    apis.add("torch.norm", ReductionApis::norm);
    apis.add("torch.dist", c -> c.input().dist(c.tensor(1, "other"), c.numberOr(2, "p", 2)));
    apis.add("torch.trace", c -> c.input().trace());
  }

  /** PyTorch gives uint8 for uint8. */
  private static Tensor logical(Call c, Tensor y) {
    return c.input().dtype() == DType.UINT8 ? y.to(DType.UINT8) : y;
  }

  private interface Moment {
    Object apply(Tensor x, int[] axes, int correction, boolean keepdim);
  }

  /** var(input, dim, correction), var(input, dim, unbiased, keepdim) or var(input, unbiased). */
  private static Object moment(Call c, Moment f) {
    Tensor x = c.input();
    if (c.count() > 1 && c.isBool(1, "unbiased") || !c.has(1, "dim") && c.has("unbiased")) {
      return f.apply(x, c.intsOr(-1, "dim"), c.bool(1, "unbiased") ? 1 : 0, c.boolOr(-1, "keepdim", false));
    }
    int[] axes = c.intsOr(1, "dim");
    int correction = c.has("correction") ? c.integer(-1, "correction") : c.boolOr(2, "unbiased", true) ? 1 : 0;
    c.ignoring("correction");
    return f.apply(x, axes, correction, c.boolOr(3, "keepdim", false));
  }

  private static Tensor norm(Call c) {
    Tensor x = typed(c);
    if (c.isString(1, "p") && c.string(1, "p").equals("nuc")) {
      return MatrixNorms.matrixNorm(x, MatrixNorms.Kind.NUC, c.intsOr(2, "dim", 0, 1), c.boolOr(3, "keepdim", false));
    }
    double p = c.isString(1, "p") ? order(c.string(1, "p")) : c.numberOr(1, "p", 2);
    int[] axes = c.intsOr(2, "dim");
    return x.norm(p, axes, c.boolOr(3, "keepdim", false));
  }

  private static double order(String p) {
    return switch (p) {
      case "fro" -> 2;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw new UnsupportedException("norm " + p);
    };
  }

  private interface OverAxis {
    Indexed apply(Tensor x, int axis, boolean keepdim);
  }

  private static Object extreme(Call c, UnaryOperator<Tensor> all, OverAxis along, Api pairwise) {
    if (c.isTensor(1, "other")) {
      return pairwise.call(c);
    }
    return c.has(1, "dim") ? pair(along.apply(c.input(), c.integer(1, "dim"), c.boolOr(2, "keepdim", false))) : all.apply(c.input());
  }

  private static void extremes(Apis apis) {
    apis.add("torch.max", c -> extreme(c, Tensor::max, Tensor::max, d -> d.input().maximum(d.tensor(1, "other"))));
    apis.add("torch.min", c -> extreme(c, Tensor::min, Tensor::min, d -> d.input().minimum(d.tensor(1, "other"))));
    apis.add("torch.median", c -> extreme(c, Tensor::median, Tensor::median, d -> null));
    apis.add("torch.amax", c -> over(c, c.input(), Tensor::amax));
    apis.add("torch.amin", c -> over(c, c.input(), Tensor::amin));
    apis.add("torch.argmax", c -> c.has(1, "dim")
        ? c.input().argmax(c.integer(1, "dim"), c.boolOr(2, "keepdim", false)) : c.ignoring("keepdim").tensor(0, "input").argmax());
    apis.add("torch.argmin", c -> c.has(1, "dim")
        ? c.input().argmin(c.integer(1, "dim"), c.boolOr(2, "keepdim", false)) : c.ignoring("keepdim").tensor(0, "input").argmin());
  }

  private static void order(Apis apis) {
    apis.add("torch.sort", c -> c.count() > 1 && c.isBool(1, "stable")
        ? pair(c.ignoring(1).tensor(0, "input").sort(c.intOr(2, "dim", -1), c.boolOr(3, "descending", false)))
        : pair(c.ignoring("stable").tensor(0, "input").sort(c.intOr(1, "dim", -1), c.boolOr(2, "descending", false))));
    apis.add("torch.argsort", c -> c.ignoring("stable").input().argsort(c.intOr(1, "dim", -1), c.boolOr(2, "descending", false)));
    apis.add("torch.msort", c -> c.input().msort());
    apis.add("torch.topk", c -> pair(c.ignoring("sorted").ignoring(4).input()
        .topk(c.integer(1, "k"), c.intOr(2, "dim", -1), c.boolOr(3, "largest", true))));
    apis.add("torch.kthvalue", c -> pair(c.input().kthValue(c.integer(1, "k"), c.intOr(2, "dim", -1), c.boolOr(3, "keepdim", false))));
  }

  private static void scans(Apis apis) {
    apis.add("torch.cumsum", c -> as(c, typed(c).cumsum(c.integer(1, "dim"))));
    apis.add("torch.cumprod", c -> as(c, typed(c).cumprod(c.integer(1, "dim"))));
    apis.add("torch.softmax", c -> softmax(c).softmax(c.integer(1, "dim")));
    apis.add("torch.log_softmax", c -> softmax(c).logSoftmax(c.integer(1, "dim")));
    apis.add("torch.diff", ReductionApis::diff);
  }

  private static Tensor softmax(Call c) {
    Tensor x = c.input();
    return x.to(c.dtypeOr(2, "dtype", x.dtype()));
  }

  private static Tensor diff(Call c) {
    int n = c.intOr(1, "n", 1);
    int axis = c.intOr(2, "dim", -1);
    Tensor x = c.input();
    Tensor before = c.has(3, "prepend") ? c.tensor(3, "prepend") : null;
    Tensor after = c.has(4, "append") ? c.tensor(4, "append") : null;
    c.ignoring(3, 4);
    c.ignoring("prepend", "append");
    if (n > 0 && before != null) {
      x = Tensor.cat(axis, before, x);
    }
    return (n > 0 && after != null ? Tensor.cat(axis, x, after) : x).diff(n, axis);
  }
}
