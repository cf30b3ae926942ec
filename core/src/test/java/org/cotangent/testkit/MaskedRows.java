package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Masked;
import org.cotangent.testkit.OpRow.Part;

/** Rows of {@link Masked}. */
final class MaskedRows {
  private static final int[] LAST = {-1};

  private MaskedRows() {}

  /** By a mask that keeps the first of each row, so that none is empty. */
  private static OpRow masked(String op, BiFunction<Tensor, Tensor, Tensor> f) {
    Function<Tensor[], Tensor> kept = x -> f.apply(x[0], x[1].or(Tensor.of(true, false, false, false).to(x[0].device())));
    return row(op + " masked", kept, of(2, 3, 4), of(3, 4)).mask(1);
  }

  static List<OpRow> rows() {
    return List.of(
        masked("sum", (x, m) -> Masked.sum(x, m, LAST, true))
            .refuses("numbers as mask", DTypeException.class, "not bool", () -> Masked.sum(Tensor.ones(2), Tensor.ones(2), LAST, false))
            .refuses("a larger mask", ShapeException.class, "does not broadcast", () ->
                Masked.sum(Tensor.ones(2), Tensor.of(true, false).expand(3, 2), LAST, false)),
        masked("prod", (x, m) -> Masked.prod(x, m, LAST, true)), masked("amax", (x, m) -> Masked.amax(x, m, LAST, false)).without(Part.TIES),
        masked("amin", (x, m) -> Masked.amin(x, m, LAST, false)).without(Part.TIES),
        masked("argmax", (x, m) -> Masked.argmax(x, m, -1, false)).without(Part.FIRST, Part.SECOND, Part.TIES),
        masked("argmin", (x, m) -> Masked.argmin(x, m, -1, true)).without(Part.FIRST, Part.SECOND, Part.TIES),
        masked("mean", (x, m) -> Masked.mean(x, m, LAST, false)), masked("var", (x, m) -> Masked.var(x, m, LAST, 0, true)).roundings(4),
        masked("std", (x, m) -> Masked.std(x.add(x.narrow(-1, 0, 1)), m.or(Tensor.of(true).to(x.device())), LAST, 1, false)).tolerance(1e-3)
            .roundings(6).without(Part.TIES),
        masked("norm", (x, m) -> Masked.norm(x, m, 3, LAST, false)).without(Part.TIES),
        masked("logSumExp", (x, m) -> Masked.logSumExp(x, m, LAST, false)),
        masked("logAddExp", (x, m) -> Masked.logAddExp(x, x.mul(0.5), m, Tensor.of(true).to(x.device()))).roundings(2),
        masked("median", (x, m) -> Masked.median(x, m, -1, false)).without(Part.TIES),
        masked("cumsum", (x, m) -> Masked.cumsum(x, m, -1)), masked("cumprod", (x, m) -> Masked.cumprod(x, m, -1)),
        masked("softmax", (x, m) -> Masked.softmax(x, m, -1)),
        masked("logSoftmax", (x, m) -> Masked.logSoftmax(x, m.or(Tensor.of(true).to(x.device())), -1)),
        masked("softmin", (x, m) -> Masked.softmin(x, m, -1)), masked("normalize", (x, m) -> Masked.normalize(x, m, 2, -1, 1e-12)).roundings(3)
            .without(Part.TIES));
  }
}
