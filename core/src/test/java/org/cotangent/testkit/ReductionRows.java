package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.List;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.OpRow.Part;

/** Rows of the reductions, scans and sorts. */
final class ReductionRows {
  private static final int[] CUBE = {2, 3, 4};

  private ReductionRows() {}

  private static Tensor[] both(Indexed i) {
    return new Tensor[] {i.values(), i.indices()};
  }

  private static OpRow axis(String name, java.util.function.UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), CUBE);
  }

  private static Tensor integers() {
    return Tensor.of(1, 2);
  }

  static List<OpRow> rows() {
    return List.of(
        axis("sum", Tensor::sum).scalars().empty(of(2, 0))
            .refuses("axis 2 of two", ShapeException.class, "2", () -> Tensor.ones(2, 3).sum(2))
            .refuses("an axis twice", ShapeException.class, "twice", () -> Tensor.ones(2, 3).sum(0, -2)),
        axis("sum of an axis", x -> x.sum(1)).empty(of(2, 0, 4)),
        axis("sum keepdim", x -> x.sum(new int[] {0, -1}, true)).empty(of(0, 3, 4)),
        axis("mean", Tensor::mean).scalars().refuses("integers", DTypeException.class, "floating", () -> integers().mean()),
        axis("mean of axes", x -> x.mean(0, 2)), axis("mean keepdim", x -> x.mean(new int[] {1}, true)).empty(of(0, 3)),
        axis("prod", Tensor::prod).scalars().empty(of(2, 0)).tolerance(1e-4), axis("prod of an axis", x -> x.prod(1)),
        axis("prod with zeros", x -> x.mul(x.gt(-1).to(x.dtype())).prod(1)),
        axis("max", Tensor::max).scalars().without(Part.TIES), axis("min", Tensor::min).scalars().without(Part.TIES),
        axis("amax", x -> x.amax(of(0, 2), false)).without(Part.TIES), axis("amin", x -> x.amin(of(1), true)).without(Part.TIES),
        many("max of an axis", x -> both(x[0].max(1)), CUBE).empty(of(0, 3, 4)).without(Part.TIES)
            .refuses("an empty axis", ShapeException.class, "empty", () -> Tensor.zeros(2, 0).max(1)),
        many("min of an axis", x -> both(x[0].min(-1)), CUBE).without(Part.TIES),
        many("top", x -> both(Primitives.top(x[0], 1)), CUBE).without(Part.TIES),
        axis("argmax", x -> x.argmax(1)).without(Part.FIRST), axis("argmin", x -> x.argmin(0)).without(Part.FIRST),
        axis("argmax of all", Tensor::argmax).without(Part.FIRST), axis("argmin of all", Tensor::argmin).without(Part.FIRST),
        axis("all", x -> x.gt(-1).all(1)).without(Part.FIRST), axis("any", x -> x.gt(1).any(1)).without(Part.FIRST),
        axis("var", Tensor::var), axis("var of axes", x -> x.var(of(0, 2), 0, true)),
        axis("std", Tensor::std).without(Part.TIES), axis("std of axes", x -> x.std(of(1), 1, true)).without(Part.TIES),
        axis("norm", Tensor::norm), axis("norm p = 1", x -> x.norm(1, 1)), axis("norm p = 3", x -> x.norm(3, 0, 1)),
        axis("norm p = infinity", x -> x.norm(Double.POSITIVE_INFINITY, of(1), true)).without(Part.TIES),
        axis("norm p = -infinity", x -> x.norm(Double.NEGATIVE_INFINITY, of(1), false)).without(Part.TIES),
        axis("norm p = 0", x -> x.norm(0, 1)).refuses("integers", DTypeException.class, "floating", () -> integers().norm()),
        axis("logSumExp", x -> x.logSumExp(of(1), false)).empty(of(0, 3)), axis("logSumExp of all", x -> x.logSumExp(of(0, 1, 2), true)),
        axis("softmax", x -> x.softmax(1)).empty(of(0, 3))
            .refuses("axis 2 of two", ShapeException.class, "2", () -> Tensor.ones(2, 3).softmax(2)),
        axis("softmax of the last axis", x -> x.softmax(-1)), axis("logSoftmax", x -> x.logSoftmax(0)).empty(of(2, 0)),
        axis("cumsum", x -> x.cumsum(1)).empty(of(2, 0)), axis("cumprod", x -> x.cumprod(1)).empty(of(2, 0)),
        axis("cumprod with zeros", x -> x.mul(x.gt(-1).to(x.dtype())).cumprod(-1)),
        many("sort", x -> both(x[0].sort(1)), CUBE).empty(of(2, 0)).without(Part.TIES),
        many("sort descending", x -> both(x[0].sort(-1, true)), CUBE).without(Part.TIES),
        axis("argsort", x -> x.argsort(1)).without(Part.FIRST));
  }
}
