package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.TensorQuantiles.Extremes;
import org.cotangent.TensorQuantiles.Interpolation;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Distances;
import org.cotangent.testkit.OpRow.Part;

/** Rows of running extremes, quantiles, covariances, integrals and numerical gradients. */
final class RunningRows {
  private static final int[] CUBE = {2, 3, 4};

  private RunningRows() {}

  private static OpRow cube(String name, UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), CUBE);
  }

  private static Tensor[] both(Indexed i) {
    return new Tensor[] {i.values(), i.indices()};
  }

  private static Tensor[] both(Extremes e) {
    return new Tensor[] {e.min(), e.max()};
  }

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  private static Tensor quantiles(Tensor like) {
    return Tensor.of(0.2, 0.9).to(like.dtype()).to(like.device());
  }

  static List<OpRow> rows() {
    return List.of(
        many("cummax", x -> both(x[0].cummax(1)), CUBE).empty(of(2, 0)).without(Part.TIES),
        many("cummin", x -> both(x[0].cummin(-1)), CUBE).without(Part.TIES),
        cube("logCumSumExp", x -> x.logCumSumExp(1)).empty(of(2, 0)),
        cube("trapezoid", x -> x.trapezoid(0.5, 1)).refuses("a scalar", ShapeException.class, "scalar", () -> ones().trapezoid(1, 0)),
        row("trapezoid places", x -> x[0].trapezoid(x[1], 2), CUBE, of(4))
            .refuses("other places", ShapeException.class, "do not fit", () -> ones(3).trapezoid(ones(2), 0)),
        cube("cumulativeTrapezoid", x -> x.cumulativeTrapezoid(0.5, 1)),
        row("cumulativeTrapezoid places", x -> x[0].cumulativeTrapezoid(x[1], 1), CUBE, of(2, 3, 4)),
        many("gradient", x -> x[0].gradient(new double[] {0.5, 2}, of(1, 2), 2), of(2, 4, 3))
            .refuses("order 3", ArgumentException.class, "1 or 2", () -> ones(3).gradient(new double[] {1}, of(0), 3))
            .refuses("too few elements", ShapeException.class, "more elements", () -> ones(2).gradient(new double[] {1}, of(0), 2)),
        many("gradient places", x -> x[0].gradient(new Tensor[] {Tensor.of(0.0, 1, 3, 3.5).to(x[0].dtype()).to(x[0].device())}, of(1), 2),
            of(2, 4)),
        cube("quantile of all", x -> x.quantile(0.3)).without(Part.TIES)
            .refuses("quantile 2", ArgumentException.class, "between 0 and 1", () -> ones(2).quantile(2)),
        cube("quantile all", x -> x.quantile(quantiles(x), Interpolation.MIDPOINT)).without(Part.TIES),
        cube("quantile", x -> x.quantile(quantiles(x), 1, true, Interpolation.LINEAR)).without(Part.TIES),
        cube("quantile lower", x -> x.quantile(quantiles(x), 2, false, Interpolation.LOWER)).without(Part.TIES),
        cube("nanQuantile", x -> x.nanQuantile(quantiles(x), 1, false, Interpolation.HIGHER)).without(Part.TIES),
        cube("nanQuantile of all", x -> x.nanQuantile(quantiles(x), Interpolation.NEAREST)).without(Part.TIES),
        cube("nanMedian", Tensor::nanMedian).without(Part.TIES),
        many("nanMedian axis", x -> both(x[0].nanMedian(1, true)), CUBE).without(Part.TIES),
        many("mode", x -> both(x[0].mode(1, true)), CUBE).without(Part.TIES)
            .refuses("an empty axis", ShapeException.class, "empty", () -> Tensor.zeros(0).mode(0, false)),
        many("aminmax", x -> both(x[0].aminmax()), CUBE).without(Part.TIES),
        many("aminmax axis", x -> both(x[0].aminmax(1, true)), CUBE).without(Part.TIES),
        row("cov", x -> x[0].cov(), of(3, 4)), row("cov correction", x -> x[0].cov(0), of(4)),
        row("cov weights", x -> x[0].cov(1, Tensor.of(new long[] {1, 2, 1, 3}, 4).to(x[0].device()), x[1]), of(3, 4), of(4))
            .within(1, 0.5, 2).refuses("a negative weight", ArgumentException.class, "negative",
                () -> ones(2, 2).cov(1, Tensor.of(1L, -1L), ones(2))),
        row("corrcoef", x -> x[0].corrcoef(), of(3, 5)).without(Part.TIES).tolerance(1e-4),
        cube("renorm", x -> x.renorm(2, 1, 1.5))
            .refuses("order 0", ArgumentException.class, "positive", () -> ones(2, 2).renorm(0, 0, 1)),
        row("cdist", x -> Distances.cdist(x[0], x[1], 2), of(2, 3, 4), of(2, 2, 4)),
        row("cdist p = 1", x -> Distances.cdist(x[0], x[1], 1), of(3, 4), of(2, 4))
            .refuses("other rows", ShapeException.class, "rows", () -> Distances.cdist(ones(2, 3), ones(2, 2), 2)));
  }
}
