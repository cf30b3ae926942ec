package org.cotangent.examples.conformance;

import java.util.Arrays;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorQuantiles.Extremes;
import org.cotangent.TensorQuantiles.Interpolation;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.ops.Distances;

/** Running extremes, quantiles, covariances, integrals and numerical gradients. */
final class StatisticsApis {
  private StatisticsApis() {}

  static void register(Apis apis) {
    running(apis);
    quantiles(apis);
    integrals(apis);
  }

  private static Object pair(Indexed i) {
    return List.of(i.values(), i.indices());
  }

  private static void running(Apis apis) {
    apis.add("torch.cummax", c -> pair(c.input().cummax(c.integer(1, "dim"))));
    apis.add("torch.cummin", c -> pair(c.input().cummin(c.integer(1, "dim"))));
    apis.add("torch.logcumsumexp", c -> c.input().logCumSumExp(c.integer(1, "dim")));
    apis.add("torch.renorm", c -> c.input().renorm(c.number(1, "p"), c.integer(2, "dim"), c.number(3, "maxnorm")));
    apis.add("torch.cdist", c -> Distances.cdist(
        c.ignoring(3).ignoring("compute_mode").tensor(0, "x1"), c.tensor(1, "x2"), c.numberOr(2, "p", 2)));
  }

  private static void quantiles(Apis apis) {
    apis.add("torch.quantile", c -> quantile(c, false));
    apis.add("torch.nanquantile", c -> quantile(c, true));
    apis.add("torch.nanmedian", c -> c.has(1, "dim")
        ? pair(c.input().nanMedian(c.integer(1, "dim"), c.boolOr(2, "keepdim", false))) : c.input().nanMedian());
    apis.add("torch.mode", c -> pair(c.input().mode(c.intOr(1, "dim", -1), c.boolOr(2, "keepdim", false))));
    apis.add("torch.aminmax", c -> {
      Extremes e = c.has("dim") ? c.input().aminmax(c.integer(-1, "dim"), c.boolOr("keepdim", false)) : all(c);
      return List.of(e.min(), e.max());
    });
    apis.add("torch.cov", StatisticsApis::cov);
    apis.add("torch.corrcoef", c -> c.input().corrcoef());
  }

  private static Extremes all(Call c) {
    Extremes e = c.input().aminmax();
    if (!c.boolOr("keepdim", false)) {
      return e;
    }
    int[] ones = new int[c.input().rank()];
    Arrays.fill(ones, 1);
    return new Extremes(e.min().reshape(ones), e.max().reshape(ones));
  }

  private static Tensor quantile(Call c, boolean skip) {
    Tensor x = c.input();
    Tensor q = c.isTensor(1, "q") ? c.tensor(1, "q") : Tensor.full(Shape.SCALAR, c.number(1, "q"), x.dtype(), x.device());
    boolean keepdim = c.boolOr(3, "keepdim", false);
    Interpolation between = switch (c.stringOr("interpolation", "linear")) {
      case "linear" -> Interpolation.LINEAR;
      case "lower" -> Interpolation.LOWER;
      case "higher" -> Interpolation.HIGHER;
      case "nearest" -> Interpolation.NEAREST;
      case "midpoint" -> Interpolation.MIDPOINT;
      default -> throw new MismatchException("interpolation " + c.string(-1, "interpolation"));
    };
    if (c.has(2, "dim")) {
      int axis = c.integer(2, "dim");
      return skip ? x.nanQuantile(q, axis, keepdim, between) : x.quantile(q, axis, keepdim, between);
    }
    Tensor y = skip ? x.nanQuantile(q, between) : x.quantile(q, between);
    int[] ones = new int[x.rank()];
    Arrays.fill(ones, 1);
    return keepdim ? y.reshape(y.shape().append(ones).dims()) : y;
  }

  private static Tensor cov(Call c) {
    Tensor x = c.input();
    int correction = c.intOr(-1, "correction", 1);
    boolean f = c.has("fweights");
    boolean a = c.has("aweights");
    c.ignoring("fweights", "aweights");
    if (!f && !a) {
      return x.cov(correction);
    }
    int n = x.rank() == 0 ? 1 : x.size(-1);
    DType t = x.dtype().orFloat();
    Tensor weights = a ? c.tensor(-1, "aweights") : Tensor.full(Shape.of(n), 1, t, x.device());
    if (!weights.dtype().floating()) {
      throw new MismatchException("aweights of type " + weights.dtype());
    }
    return x.cov(correction, f ? c.tensor(-1, "fweights") : Tensor.full(Shape.of(n), 1, DType.INT64, x.device()), weights);
  }

  private interface WithWidth {
    Tensor apply(Tensor y, double dx, int axis);
  }

  private interface WithPlaces {
    Tensor apply(Tensor y, Tensor x, int axis);
  }

  private static void integrals(Apis apis) {
    for (String name : List.of("torch.trapz", "torch.trapezoid")) {
      apis.add(name, c -> integral(c, Tensor::trapezoid, Tensor::trapezoid));
    }
    apis.add("torch.cumulative_trapezoid", c -> integral(c, Tensor::cumulativeTrapezoid, Tensor::cumulativeTrapezoid));
    apis.add("torch.gradient", StatisticsApis::gradient);
  }

  private static Tensor integral(Call c, WithWidth f, WithPlaces g) {
    Tensor y = c.tensor(0, "y");
    int axis = c.intOr(-1, "dim", -1);
    return c.isTensor(1, "x") ? g.apply(y, c.tensor(1, "x"), axis) : f.apply(y, c.numberOr(-1, "dx", 1), axis);
  }

  private static Object gradient(Call c) {
    Tensor x = c.input();
    int[] axes = c.intsOr(-1, "dim");
    int order = c.intOr(-1, "edge_order", 1);
    int n = axes.length == 0 ? x.rank() : axes.length;
    if (c.isTensors(-1, "spacing")) {
      return x.gradient(c.tensors(-1, "spacing"), axes, order);
    }
    double[] h = new double[n];
    Arrays.fill(h, 1);
    if (c.isNumber(-1, "spacing")) {
      Arrays.fill(h, c.number(-1, "spacing"));
    } else if (c.has("spacing")) {
      h = c.numbers(-1, "spacing");
    }
    return x.gradient(h, axes, order);
  }
}
