package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.TensorCounting.Unique;
import org.cotangent.TensorScatter.Combination;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Stacking;
import org.cotangent.testkit.OpRow.Part;

/** Rows of combinations at positions, parts written over, search, counts, and tensors taken apart. */
final class SelectionRows {
  private static final int[] CUBE = {2, 3, 4};

  private SelectionRows() {}

  private static OpRow cube(String name, UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), CUBE);
  }

  private static Tensor at(long... i) {
    return Tensor.of(i);
  }

  /** Positions on the device of {@code x}. */
  private static Tensor at(Tensor x, long... i) {
    return at(i).to(x.device());
  }

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(scattered());
    r.addAll(counted());
    r.addAll(parts());
    return r;
  }

  private static OpRow reduced(Combination how, boolean self) {
    return row("scatterReduce " + how + (self ? " with x" : ""), x -> x[0].scatterReduce(1, x[1], x[2], how, self), of(2, 3), of(2, 4), of(2, 4))
        .index(1, 3).without(Part.TIES).roundings(how == Combination.MEAN ? 2 : 1);
  }

  private static List<OpRow> scattered() {
    return List.of(
        reduced(Combination.SUM, true), reduced(Combination.PROD, true), reduced(Combination.MEAN, true), reduced(Combination.AMAX, true),
        reduced(Combination.AMIN, false), reduced(Combination.PROD, false), reduced(Combination.MEAN, false)
            .refuses("int32 positions", DTypeException.class, "int64",
                () -> ones(2).scatterReduce(0, Tensor.of(1), ones(1), Combination.SUM, true))
            .refuses("a position outside", IndexException.class, "range",
                () -> ones(2).scatterReduce(0, at(2), ones(1), Combination.SUM, true)),
        row("indexReduce", x -> x[0].indexReduce(1, at(x[0], 2, 0, 2), x[1], Combination.PROD, true), of(2, 3), of(2, 3)).without(Part.TIES)
            .refuses("sums", ArgumentException.class, "indexAdd",
                () -> ones(2).indexReduce(0, at(0), ones(1), Combination.SUM, true)),
        row("put", x -> x[0].put(at(x[0], 4, 0), x[1], false).mul(x[0]), of(2, 3), of(2))
            .refuses("another number of values", ShapeException.class, "number", () -> ones(2).put(at(0), ones(2), false)),
        row("put accumulating", x -> x[0].put(at(x[0], 4, 4), x[1], true).mul(x[0]), of(2, 3), of(2)).roundings(2),
        row("maskedScatter", x -> x[0].maskedScatter(x[1], x[2]).mul(x[0]), of(2, 3), of(3), of(6)).mask(1)
            .refuses("too few values", IndexException.class, "range",
                () -> ones(3).maskedScatter(Tensor.of(true, true, false), ones(1)).sum().item()),
        row("selectScatter", x -> x[0].selectScatter(x[1], 1, -1).mul(x[0]), of(2, 3), of(2))
            .refuses("another shape", ShapeException.class, "do not fit", () -> ones(2, 3).selectScatter(ones(1), 1, 0)),
        row("sliceScatter", x -> x[0].sliceScatter(x[1], 1, 0, 3, 2).mul(x[0]), of(2, 3), of(2, 2)),
        row("diagonalScatter", x -> x[0].diagonalScatter(x[1], 1, 0, 1).mul(x[0]), of(3, 3), of(2)),
        cube("asStrided", x -> x.asStrided(of(2, 3), of(1, 2), 1))
            .refuses("elements beyond", ShapeException.class, "beyond", () -> ones(4).asStrided(of(2, 2), of(2, 2), 0)),
        row("asStridedScatter", x -> x[0].asStridedScatter(x[1], of(2, 2), of(3, 1), 0).mul(x[0]), of(2, 3), of(2, 2)));
  }

  private static Tensor[] all(Unique u) {
    return new Tensor[] {u.values(), u.inverse(), u.counts()};
  }

  private static List<OpRow> counted() {
    return List.of(
        row("searchsorted", x -> x[0].sort(-1).values().searchsorted(x[1], false), of(2, 5), of(2, 3)).without(Part.FIRST)
            .refuses("other leading axes", ShapeException.class, "leading", () -> ones(2, 3).searchsorted(ones(3, 3), true)),
        row("bucketize", x -> x[0].bucketize(Tensor.of(-1.0, 0, 0.5).to(x[0].device()), true), of(2, 3)).without(Part.FIRST)
            .refuses("a matrix", ShapeException.class, "vector", () -> ones(2).bucketize(ones(2, 2), true)),
        row("isin", x -> x[0].isin(at(x[0], 1, 4, 2)), of(2, 3)).index(0, 6).without(Part.FIRST),
        many("unique", x -> all(x[0].unique()), of(2, 3)).index(0, 3).without(Part.FIRST, Part.VMAP),
        many("unique axis", x -> all(x[0].unique(1)), of(2, 5)).index(0, 2).without(Part.FIRST, Part.VMAP),
        many("uniqueConsecutive", x -> all(x[0].uniqueConsecutive()), of(2, 3)).index(0, 2).without(Part.FIRST, Part.VMAP),
        many("uniqueConsecutive axis", x -> all(x[0].uniqueConsecutive(0)), of(5, 2)).index(0, 2).without(Part.FIRST, Part.VMAP),
        row("bincount", x -> x[0].bincount(4), of(6)).index(0, 6).without(Part.FIRST, Part.VMAP)
            .refuses("a negative number", ArgumentException.class, "negative", () -> at(-1).bincount(0)),
        row("bincount weights", x -> x[0].bincount(x[1], 4).to(x[1].dtype()), of(6), of(6)).index(0, 6).without(Part.VMAP),
        row("histc", x -> x[0].histc(4, -2, 2), of(2, 5)).without(Part.FIRST)
            .refuses("no bins", ArgumentException.class, "bins", () -> ones(2).histc(0, 0, 1)),
        many("histogram", x -> {
          var h = x[0].histogram(4, -2, 2, Tensor.onesLike(x[0]), true);
          return new Tensor[] {h.counts(), h.edges()};
        }, of(2, 5)).without(Part.FIRST, Part.VMAP));
  }

  private static List<OpRow> parts() {
    return List.of(
        many("tensorSplit", x -> x[0].tensorSplit(2, 1), CUBE)
            .refuses("0 parts", ArgumentException.class, "0 parts", () -> ones(2).tensorSplit(0, 0)),
        many("tensorSplit places", x -> x[0].tensorSplit(of(1, 3), 2), CUBE),
        many("hsplit", x -> x[0].hsplit(3), CUBE).refuses("unequal parts", ShapeException.class, "equal", () -> ones(3).hsplit(2)),
        many("hsplit places", x -> x[0].hsplit(of(1)), CUBE), many("vsplit", x -> x[0].vsplit(2), CUBE),
        many("vsplit places", x -> x[0].vsplit(of(1)), CUBE), many("dsplit", x -> x[0].dsplit(2), CUBE),
        many("dsplit places", x -> x[0].dsplit(of(1, 3)), CUBE), cube("rot90", x -> x.rot90(1, 0, 2)), cube("rot90 back", x -> x.rot90(-1, 1, 2)),
        cube("rot90 twice", x -> x.rot90(2, 0, 1)).refuses("one axis", ShapeException.class, "two axes", () -> ones(2, 2).rot90(1, 0)),
        cube("sumToSize", x -> x.sumToSize(3, 1))
            .refuses("another shape", ShapeException.class, "expand", () -> ones(2, 3).sumToSize(2)),
        row("blockDiag", x -> Stacking.blockDiag(x), of(2, 2), of(3), of(1, 2)),
        row("cartesianProd", x -> Stacking.cartesianProd(x), of(2), of(3))
            .refuses("a matrix", ShapeException.class, "not a vector", () -> Stacking.cartesianProd(ones(2, 2))),
        row("combinations", x -> Stacking.combinations(x[0], 2, false), of(4)),
        row("combinations repeated", x -> Stacking.combinations(x[0], 2, true), of(3)));
  }
}
